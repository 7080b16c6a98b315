import path from 'node:path';
import { type DataServiceProcess, startDataService } from './data-service.ts';
import { type CommandLine, HELP, readCommandLine } from './options.ts';
import { buildPluginsAndPages } from './plugin-build.ts';
import { checkPortIsFree } from './port.ts';
import { networkWarning, startViewer, type Viewer } from './start.ts';
import { UserError } from './user-error.ts';

// `npm start`: builds the plug-ins, starts the data service, prepares the viewer and the archive, and serves until Ctrl-C.

const repositoryRoot = path.resolve(import.meta.dirname, '../../..');
const stopping = new AbortController();
let viewer: Viewer | undefined;
let dataService: DataServiceProcess | undefined;

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
  const dataFolder = options.dataFolder ? fromUser(options.dataFolder) : path.join(repositoryRoot, '.voxelwise');
  dataService = await ownDataService(options, dataFolder);
  viewer = await startViewer({
    ...options,
    ...built,
    dataFolder,
    dataServiceUrl: options.dataServiceUrl ?? dataService?.url,
    importFolders: options.importFolders.map(fromUser),
    onProgress: report,
  });
  console.log(`
Voxelwise is ready: ${viewer.url}
${dataService?.isLocal ? 'Data service in local single-user mode: nobody signs in, and only this machine is answered.\n' : ''}Benchmark in your browser: ${viewer.url}/bench.html. The engine without OHIF: ${viewer.url}/examples/compute/
Press Ctrl-C to stop.`);
}

/** The data service beside the viewer. Where it does not start, the modes work without it, and say so. */
async function ownDataService(options: CommandLine, dataFolder: string): Promise<DataServiceProcess | undefined> {
  if (options.dataServiceUrl !== undefined || !options.dataService) return undefined;
  report('starting the data service ...');
  try {
    const service = await startDataService({
      repositoryRoot,
      folder: path.join(dataFolder, 'data'),
      viewerHost: options.host,
      environment: process.env,
      signal: stopping.signal,
    });
    void service.ended.then(words => {
      if (!stopping.signal.aborted) console.error(`\nThe data service has ended${words && `: ${words}`}`);
    });
    return service;
  } catch (error) {
    if (!stopping.signal.aborted) console.error(`\nThere is no data service: ${(error as Error).message}.\n`);
    return undefined;
  }
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
  // The service ends what is under way, and its database shuts down.
  setTimeout(() => process.exit(0), dataService ? 25_000 : 3000).unref();
  Promise.all([viewer?.close(), dataService?.stop()]).finally(() => process.exit(0));
}
