import path from 'node:path';
import { HELP, readCommandLine } from './options.ts';
import { buildPluginsAndPages } from './plugin-build.ts';
import { checkPortIsFree } from './port.ts';
import { networkWarning, startViewer, type Viewer } from './start.ts';
import { UserError } from './user-error.ts';

// `npm start`: builds the plug-ins, prepares the viewer and the archive, and serves until Ctrl-C.

const repositoryRoot = path.resolve(import.meta.dirname, '../../..');
const stopping = new AbortController();
let viewer: Viewer | undefined;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
await main().catch(fail);

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(HELP);
    return;
  }
  await checkPortIsFree(options.port, options.host);
  const warning = networkWarning(options.host);
  if (warning) console.error(`\n${warning}\n`);

  report('building the plug-ins ...');
  const built = await buildPluginsAndPages(repositoryRoot, stopping.signal);
  // npm runs scripts in the package's folder; INIT_CWD is where the user typed the command.
  const fromUser = (folder: string) => path.resolve(process.env.INIT_CWD ?? process.cwd(), folder);
  viewer = await startViewer({
    ...options,
    ...built,
    dataFolder: options.dataFolder ? fromUser(options.dataFolder) : path.join(repositoryRoot, '.voxelwise'),
    importFolders: options.importFolders.map(fromUser),
    onProgress: report,
  });
  console.log(`
Voxelwise is ready: ${viewer.url}
Benchmark in your browser: ${viewer.url}/bench.html. The engine without OHIF: ${viewer.url}/examples/compute/
Press Ctrl-C to stop.`);
}

function report(message: string): void {
  console.log(`  ${message}`);
}

function fail(error: unknown): void {
  if (stopping.signal.aborted) return;
  console.error(error instanceof UserError ? `\n${error.message}` : error);
  process.exit(1);
}

/** Ctrl-C or SIGTERM. npm passes Ctrl-C on a second time, which must not change anything. */
function stop(): void {
  if (stopping.signal.aborted) return;
  stopping.abort();
  setTimeout(() => process.exit(0), 3000).unref();
  (viewer?.close() ?? Promise.resolve()).finally(() => process.exit(0));
}
