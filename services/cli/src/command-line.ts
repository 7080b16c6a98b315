import { calciumCommand } from './calcium/command.ts';
import { perfusionCommand } from './perfusion/command.ts';
import { oneLine, Refusal } from './refusal.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { USAGE } from './usage.ts';

/** Runs one command line (without node and script). Never throws; the result is the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    terminal.progress('');
    if (error instanceof Refusal) {
      terminal.error(`${error.message}\n`);
      return EXIT.refused;
    }
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.error(`voxelwise failed unexpectedly, please report this: ${reason}\n`);
    return EXIT.failed;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = args;
  const options = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  if (command === undefined || options.includes('--help') || options.includes('-h') || command === 'help') {
    terminal.out(USAGE);
  } else if (options.includes('--version')) {
    terminal.out(`${terminal.version}\n`);
  } else if (command === 'calcium') {
    return calciumCommand(rest, terminal);
  } else if (command === 'perfusion') {
    return perfusionCommand(rest, terminal);
  } else {
    throw new Refusal(`voxelwise has no command "${oneLine(command)}"; voxelwise --help lists the commands.`);
  }
  return EXIT.done;
}
