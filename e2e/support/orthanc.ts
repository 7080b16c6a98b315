import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const BINARIES = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc', '/usr/local/sbin/Orthanc'];
const DICOMWEB_PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const START_TIMEOUT_MS = 30_000;

export interface Orthanc {
  readonly url: string;
  /** Adds every DICOM file of a folder. */
  upload(folder: string): Promise<void>;
  close(): Promise<void>;
}

/** Path of Orthanc with its DICOMweb plug-in, null where it is not installed; in CI that is an error. */
export function orthancBinary(): string | null {
  const binary = BINARIES.find(existsSync);
  if (binary && existsSync(DICOMWEB_PLUGIN)) return binary;
  if (process.env.CI) throw new Error('CI is set, but Orthanc (packages orthanc, orthanc-dicomweb) is missing.');
  return null;
}

/** Starts an empty Orthanc on loopback; with users, it wants a login. */
export async function startOrthanc(binary: string, users?: Record<string, string>): Promise<Orthanc> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-orthanc-'));
  const port = await freePort();
  const configuration = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: users !== undefined,
    RegisteredUsers: users ?? {},
    Plugins: [DICOMWEB_PLUGIN],
    DicomWeb: {
      Enable: true,
      Root: '/dicom-web/',
      EnableWado: true,
      WadoRoot: '/wado',
      StudiesMetadata: 'Full',
      SeriesMetadata: 'Full',
    },
  };
  const configurationFile = path.join(folder, 'orthanc.json');
  await writeFile(configurationFile, JSON.stringify(configuration));
  const child = spawn(binary, [configurationFile], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/system`, child);
  return {
    url,
    async upload(source) {
      for (const name of await readdir(source)) {
        const response = await fetch(`${url}/instances`, {
          method: 'POST',
          body: await readFile(path.join(source, name)),
        });
        if (!response.ok && name.endsWith('.dcm')) throw new Error(`Orthanc refused ${name}: ${response.status}`);
      }
    },
    async close() {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const started = Date.now();
  while (Date.now() - started < START_TIMEOUT_MS) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended at once with code ${child.exitCode}.`);
    const response = await fetch(url).catch(() => null);
    if (response) return;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  throw new Error('Orthanc did not answer within 30 s.');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
