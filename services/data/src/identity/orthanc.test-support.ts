import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const BINARY = '/usr/sbin/Orthanc';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const START_TIMEOUT_MS = 30_000;

/** Whether Orthanc and its DICOMweb plug-in are installed; in CI they must be. */
export function hasOrthanc(): boolean {
  const found = existsSync(BINARY) && existsSync(PLUGIN);
  if (!found && process.env.CI)
    throw new Error('CI is set, but Orthanc (packages orthanc, orthanc-dicomweb) is missing.');
  return found;
}

export interface TestOrthanc {
  /** Its DICOMweb root. */
  readonly url: string;
  /** Stores an object of a study that it makes up. */
  addStudy(studyUid: string): Promise<void>;
  /** Stops answering without closing, as a machine that hangs. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** With this one the test itself adds studies. */
const TEST_TOKEN = 'Bearer of-the-test';

/**
 * Starts an empty Orthanc on loopback. It answers requests with one of these tokens, and refuses all others.
 */
export async function startOrthanc(tokens: readonly string[]): Promise<TestOrthanc> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-orthanc-'));
  const port = await freePort();
  const filter = path.join(folder, 'filter.lua');
  await writeFile(filter, filterOf([TEST_TOKEN, ...tokens.map(token => `Bearer ${token}`)]));
  const configuration = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: port,
    DicomServerEnabled: false,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    LuaScripts: [filter],
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  };
  const file = path.join(folder, 'orthanc.json');
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn(BINARY, [file], { stdio: 'ignore' });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const base = `http://127.0.0.1:${port}`;
  const headers = { Authorization: TEST_TOKEN };

  const startedMs = performance.now();
  while (!(await fetch(`${base}/system`, { headers }).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended at once with code ${child.exitCode}.`);
    if (performance.now() - startedMs > START_TIMEOUT_MS) throw new Error('Orthanc did not answer within 30 s.');
    await new Promise(resolve => setTimeout(resolve, 100));
  }

  return {
    url: `${base}/dicom-web`,
    async addStudy(studyUid) {
      const Tags = { StudyInstanceUID: studyUid, PatientID: 'P-1', PatientName: 'Doe^Jane', Modality: 'CT' };
      const body = JSON.stringify({ Tags, Force: true });
      const response = await fetch(`${base}/tools/create-dicom`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`Orthanc did not make a study: ${response.status}`);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function filterOf(allowed: readonly string[]): string {
  const entries = allowed.map(header => `[${JSON.stringify(header)}] = true`).join(', ');
  return `
    local allowed = { ${entries} }
    function IncomingHttpRequestFilter(method, uri, ip, username, httpHeaders)
      return allowed[httpHeaders["authorization"] or ""] == true
    end`;
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
