import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Archive, openArchive } from './archive/archive.ts';
import { createServer, type ServerOptions } from './server.ts';
import { DEFAULT_OHIF_VERSION } from './stock-ohif.ts';

const cleanUps: (() => Promise<unknown>)[] = [];

/** Ends what a test has started and removes its folders; to be called in afterEach or afterAll. */
export async function cleanUp(): Promise<void> {
  for (const step of cleanUps.splice(0).reverse()) await step();
}

/** Something to do at the end of the test. */
export function atEnd(step: () => Promise<unknown>): void {
  cleanUps.push(step);
}

/** An empty folder that is removed at the end. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-viewer-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by their path below a folder. */
export async function writeFiles(folder: string, files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** Files that stand for an extracted `@ohif/app` of the default version, in a data folder. Returns its dist folder. */
export async function pretendOhif(dataFolder: string): Promise<string> {
  const dist = path.join(dataFolder, 'ohif', `ohif-app-${DEFAULT_OHIF_VERSION}`, 'dist');
  await writeFiles(dist, {
    'index.html': '<!doctype html><title>OHIF</title>',
    'app.bundle.0123456789abcdef0123.js': 'void 0;',
    '0123456789abcdef.wasm': 'wasm',
    'app.css': 'a{}',
    'manifest.json': '{}',
    'module.mjs': 'export {};',
  });
  return dist;
}

/** Starts a server on any free port of loopback; returns its URL. */
export async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server: Server = createHttpServer(listener);
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  atEnd(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export interface TestArchive {
  url: string;
  folder: string;
  archive: Archive;
  messages: string[];
}

/** The whole viewer over an archive with these files, without starting a process. */
export async function serveArchive(
  files: Record<string, Uint8Array | string> = {},
  options: Partial<ServerOptions> = {},
): Promise<TestArchive> {
  const folder = await temporaryFolder();
  const root = path.join(folder, 'archive');
  await writeFiles(root, files);
  const messages: string[] = [];
  const indexFile = path.join(folder, 'archive-index.json');
  const archive = await openArchive({ roots: [root], indexFile, onProgress: message => messages.push(message) });
  atEnd(() => archive.close());
  const pluginsFolder = path.join(folder, 'plugins');
  await writeFiles(pluginsFolder, { 'calcium.js': 'export default {};' });
  const app = createServer({
    appConfig: 'window.config = {};',
    ohifFolder: await pretendOhif(folder),
    ohifVersion: DEFAULT_OHIF_VERSION,
    pluginsFolder,
    source: { archive },
    host: '127.0.0.1',
    ...options,
  });
  return { url: await serve(app, options.host?.includes(':') ? options.host : '127.0.0.1'), folder, archive, messages };
}
