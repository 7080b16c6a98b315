import { runCommandLine } from './commands/command-line.ts';
import { UserError } from './user-error.ts';

try {
  process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
