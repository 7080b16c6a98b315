import { mkdir } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import path from 'node:path';
import { type AppConfigOptions, renderAppConfig } from './app-config.ts';
import { type Archive, openArchive } from './archive/archive.ts';
import { describeImport, importFolder } from './archive/import-folder.ts';
import { parseDataServiceUrl } from './data-service-proxy.ts';
import { checkOrthanc, type OrthancTarget, parseOrthancUrl } from './orthanc-proxy.ts';
import { checkPortIsFree, listen } from './port.ts';
import { isLoopback } from './same-origin.ts';
import { ensureSamples } from './samples/index.ts';
import { createServer, type ServerOptions } from './server.ts';
import { DEFAULT_OHIF_VERSION, stockOhif } from './stock-ohif.ts';
import { errorCode, UserError } from './user-error.ts';

export interface ViewerOptions {
  /** Folder for everything that is kept between runs: the stock OHIF, the archive, the sample studies. */
  dataFolder: string;
  /** The built plug-ins. */
  pluginsFolder: string;
  /** The built pages beside OHIF, where they are offered: the benchmark, the engine's example. */
  pagesFolder?: string;
  /** 0 takes any free port. */
  port: number;
  host?: string;
  /** Further host names that requests may carry. */
  allowedHosts?: string[];
  ohifVersion?: string;
  /** Orthanc instead of the sample archive. */
  orthancUrl?: string | undefined;
  /** The data service, which is passed on under /api. */
  dataServiceUrl?: string | undefined;
  /** The text of app-config.js, or what to change in the usual one. */
  appConfig?: string | AppConfigOptions;
  /** Folders whose DICOM files are copied into the archive. */
  importFolders?: string[];
  /** Whether the generated sample studies are offered. */
  samples?: boolean;
  onProgress?: (message: string) => void;
}

export interface Viewer {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts the viewer: stock OHIF, the plug-ins and DICOMweb on one origin. Throws UserError. */
export async function startViewer(options: ViewerOptions): Promise<Viewer> {
  const report = options.onProgress ?? (() => {});
  const host = options.host ?? '127.0.0.1';
  const ohifVersion = options.ohifVersion ?? DEFAULT_OHIF_VERSION;
  const dataServiceUrl = options.dataServiceUrl ? parseDataServiceUrl(options.dataServiceUrl) : null;
  const orthanc = options.orthancUrl ? parseOrthancUrl(options.orthancUrl) : undefined;
  await checkPortIsFree(options.port, host);
  await explainDiskTrouble(options.dataFolder, () => mkdir(options.dataFolder, { recursive: true }));

  const ohifFolder = await stockOhif(ohifVersion, path.join(options.dataFolder, 'ohif'), { onProgress: report });
  const source: ServerOptions['source'] = orthanc
    ? { orthanc }
    : { archive: await explainDiskTrouble(options.dataFolder, () => prepareArchive(options, report)) };
  if (orthanc) await warnAboutOrthanc(orthanc, report);

  const archiveName = orthanc ? 'Orthanc' : 'Sample archive';
  const appConfig =
    typeof options.appConfig === 'string'
      ? options.appConfig
      : renderAppConfig({ archiveName, ohifVersion, ...options.appConfig });
  const { pluginsFolder, pagesFolder, allowedHosts = [] } = options;
  const folders = { ohifFolder, pluginsFolder, ...(pagesFolder && { pagesFolder }) };
  const app = createServer({ appConfig, ohifVersion, ...folders, source, dataServiceUrl, host, allowedHosts });
  const server = createHttpServer(app);
  const port = await listen(server, options.port, host);
  return {
    url: urlOf(host, port),
    port,
    close: async () => {
      await closeServer(server);
      if ('archive' in source) await source.archive.close();
    },
  };
}

async function prepareArchive(options: ViewerOptions, report: (message: string) => void): Promise<Archive> {
  const roots = [path.join(options.dataFolder, 'archive')];
  if (options.samples ?? true) {
    const samplesFolder = path.join(options.dataFolder, 'samples');
    await ensureSamples(samplesFolder, { onProgress: report });
    roots.push(samplesFolder);
  }
  const indexFile = path.join(options.dataFolder, 'archive-index.json');
  const archive = await openArchive({ roots, indexFile, onProgress: report });
  for (const folder of options.importFolders ?? []) {
    report(`importing ${folder} ...`);
    report(describeImport(folder, await importFolder(archive, folder)));
  }
  report(`sample archive: ${archive.studies.size} studies, ${archive.instanceCount} objects`);
  return archive;
}

/** Runs something that writes into the data folder; what usually goes wrong there becomes a sentence. */
async function explainDiskTrouble<T>(dataFolder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new UserError(`The disk is full: nothing more can be written to ${dataFolder}.`);
    }
    // Node's recursive mkdir says ENOENT where the file system is read-only.
    const unmakeable = code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir';
    if (unmakeable || ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) {
      throw new UserError(`${dataFolder} cannot be used as data folder (${code}). Choose another one with --data.`);
    }
    throw error;
  }
}

async function warnAboutOrthanc(orthanc: OrthancTarget, report: (message: string) => void): Promise<void> {
  const warning = await checkOrthanc(orthanc);
  report(warning ? `warning: ${warning}` : `DICOMweb comes from Orthanc at ${orthanc.url}`);
}

function urlOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = host === '127.0.0.1' || everywhere ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise(resolve => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** The sentence for whoever opens the server to a network; undefined on loopback. */
export function networkWarning(host: string): string | undefined {
  if (isLoopback(host)) return undefined;
  return [
    'WARNING: nothing here is authenticated. Everyone who can reach this machine over the network can read and add images,',
    'and with ORTHANC_URL everything that Orthanc offers under /dicom-web. Use --host on a trusted network only.',
  ].join('\n');
}
