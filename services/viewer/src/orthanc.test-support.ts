import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { listen } from './port.ts';
import { atEnd, temporaryFolder } from './viewer.test-support.ts';

const BINARY = '/usr/sbin/Orthanc';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

/** Whether Orthanc and its DICOMweb plug-in are installed; in CI they must be. */
export function hasOrthanc(): boolean {
  const found = existsSync(BINARY) && existsSync(PLUGIN);
  if (!found && process.env.CI)
    throw new Error('CI is set, but Orthanc (packages orthanc, orthanc-dicomweb) is missing.');
  return found;
}

export interface TestOrthanc {
  port: number;
  stop(): Promise<void>;
}

/** Starts an empty Orthanc; with users, it wants a login. */
export async function startOrthanc(users?: Record<string, string>): Promise<TestOrthanc> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const configuration = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: users !== undefined,
    RegisteredUsers: users ?? {},
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: '/dicom-web/', EnableWado: true, WadoRoot: '/wado' },
  };
  const file = path.join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn(BINARY, [file], { stdio: 'ignore' });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  atEnd(stop);
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await fetch(`http://127.0.0.1:${port}/system`).catch(() => undefined)) return { port, stop };
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('Orthanc did not start');
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, '127.0.0.1');
  await new Promise(resolve => server.close(resolve));
  return port;
}
