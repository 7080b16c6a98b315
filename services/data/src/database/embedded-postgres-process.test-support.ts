// A process of its own that runs a database on a folder until its input ends. It prints one line of JSON: how it started, or the
// sentence why not.
import { UserError } from '../user-error.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

const [folder = '', port = '0'] = process.argv.slice(2);
try {
  const server = await startEmbeddedPostgres({ folder, port: Number(port) });
  process.stdin.resume().on('end', async () => {
    await server.stop();
    process.exit(0);
  });
  console.log(JSON.stringify(server));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.log(JSON.stringify({ sentence: error.message }));
}
