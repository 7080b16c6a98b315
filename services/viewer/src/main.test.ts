import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { dicomObject } from './dicom.test-support.ts';
import { send } from './http.test-support.ts';
import { listen } from './port.ts';
import { atEnd, cleanUp, pretendOhif, serve, temporaryFolder, writeFiles } from './viewer.test-support.ts';

// `npm start` as a process, the way a terminal runs it. The stock viewer is a stand-in in the cache, so that no network
// is needed; the plug-ins are built for real.

jest.setTimeout(30_000);
afterEach(cleanUp);

const repositoryRoot = path.resolve(__dirname, '../../..');

interface Run {
  child: ChildProcess;
  output: () => string;
  /** Waits for a text on stdout or stderr. */
  says: (pattern: RegExp) => Promise<void>;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>;
}

/** Starts main.ts in a process group of its own, as a terminal does. The data service comes along only where a test is about it. */
function start(args: string[], environment: Record<string, string> = {}, { dataService = false } = {}): Run {
  const main = path.join(repositoryRoot, 'services/viewer/src/main.ts');
  const { ORTHANC_URL: _orthanc, PORT: _port, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    ['--conditions=voxelwise-source', main, ...args, ...(dataService ? [] : ['--without-data-service'])],
    {
      cwd: repositoryRoot,
      env: { ...inherited, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let output = '';
  const ended = new Promise<number | string>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(output) && resolve();
      listeners.add(look);
      look();
      void ended.then(code => reject(new Error(`ended with ${code}: ${output}`)));
    });
  atEnd(async () => {
    if (isRunning(child)) process.kill(-(child.pid as number), 'SIGKILL');
    await ended;
  });
  return { child, output: () => output, says, ended };
}

/**
 * Whether anything of the process group is alive: the process itself or a child that it has left behind. Dead ones that
 * wait for init to collect them (Z) do not count.
 */
function isRunning({ pid }: ChildProcess): boolean {
  const processes = execFileSync('ps', ['-axo', 'pgid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return processes.some(line => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}

/** Nothing that the process started outlives it by more than a moment. */
async function everythingEnded({ child }: Run): Promise<void> {
  for (let wait = 0; wait < 40 && isRunning(child); wait++) await new Promise(resolve => setTimeout(resolve, 25));
  expect(isRunning(child)).toBe(false);
}

const urlOf = (run: Run) => /ready: (\S+)/.exec(run.output())?.[1]?.replace('localhost', '127.0.0.1') ?? '';

async function dataFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await pretendOhif(folder);
  return folder;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', signal => {
  test('ends a running viewer cleanly', async () => {
    const data = await dataFolder();
    const run = start(['--port', '0', '--no-samples', '--data', data]);
    await run.says(/Press Ctrl-C to stop/);
    expect((await send(urlOf(run), '/healthz')).status).toBe(200);
    const plugin = await send(urlOf(run), '/plugins/calcium.js');
    expect(plugin.text).toMatch(/export/);
    run.child.kill(signal);
    run.child.kill(signal); // npm passes Ctrl-C on, so that it arrives twice
    expect(await run.ended).toBe(0);
    await everythingEnded(run);
    expect(run.output()).not.toMatch(/Error|at .*\.ts:/);
    expect((await readdir(data)).sort()).toEqual(['archive', 'archive-index.json', 'ohif']);
  });
});

test('Ctrl-C during the build of the plug-ins ends the build too', async () => {
  const run = start(['--port', '0', '--data', await dataFolder()]);
  await run.says(/building the plug-ins/);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  await everythingEnded(run);
  expect(run.output()).not.toMatch(/Error/);
});

test('Ctrl-C during the first download leaves no half-written cache', async () => {
  // A registry that never finishes.
  let asked = () => {};
  const reached = new Promise<void>(resolve => {
    asked = resolve;
  });
  const registry = await serve((request, response) => {
    if (!request.url?.endsWith('.tgz')) {
      const dist = { tarball: `http://${request.headers.host}/app.tgz` };
      const versions = { '3.13.2': { name: '@ohif/app', version: '3.13.2', dist } };
      response.end(JSON.stringify({ name: '@ohif/app', 'dist-tags': {}, versions }));
      return;
    }
    response.writeHead(200, { 'Content-Length': 50e6 });
    response.write(Buffer.from('1f8b0800000000000003', 'hex'), () => setTimeout(asked, 200));
  });
  const data = await temporaryFolder();
  const run = start(['--port', '0', '--data', data], { npm_config_registry: registry });
  await Promise.race([reached, run.ended]);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  expect(run.output()).toMatch(/downloading the OHIF viewer/);
  await everythingEnded(run);
  expect(await readdir(path.join(data, 'ohif'))).toEqual([]);
});

test('Ctrl-C while the samples are generated leaves no half-written study', async () => {
  const data = await dataFolder();
  const run = start(['--port', '0', '--data', data]);
  await run.says(/Wrote 16 of 48/);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  expect(existsSync(path.join(data, 'samples', 'cardiac-calcium'))).toBe(false);
});

test('kill -9 in the middle of an import leaves an archive that the next start uses', async () => {
  const data = await dataFolder();
  const source = await temporaryFolder();
  const pixels = new Uint8Array(2 * 256 * 256);
  for (let index = 0; index < 150; index++) {
    const { bytes } = dicomObject({ pixels, attributes: { Rows: 256, Columns: 256, InstanceNumber: index } });
    await writeFiles(source, { [`${index}.dcm`]: bytes });
  }
  const args = ['--port', '0', '--no-samples', '--data', data];
  const run = start([...args, '--import', source]);
  await run.says(/importing/);
  const stored = async () =>
    (await readdir(path.join(data, 'archive'), { recursive: true })).filter(name => name.endsWith('.dcm')).length;
  while ((await stored().catch(() => 0)) < 10) await new Promise(resolve => setTimeout(resolve, 2));
  process.kill(-(run.child.pid as number), 'SIGKILL');
  expect(await run.ended).toBe('SIGKILL');
  const left = await stored();
  expect(left).toBeLessThan(150);

  const again = start(args);
  await again.says(/Press Ctrl-C/);
  expect(again.output()).toMatch(new RegExp(`${left} studies, ${left} objects`));
  expect(again.output()).not.toMatch(/skipped/);
  expect((await readdir(path.join(data, 'archive'))).filter(name => name.includes('.part-'))).toEqual([]);
  again.child.kill('SIGINT');
  await again.ended;

  const complete = start([...args, '--import', source]);
  await complete.says(/Press Ctrl-C/);
  expect(complete.output()).toMatch(`${150 - left} imported, ${left} already there, 0 skipped`);
});

test('two viewers share a data folder', async () => {
  const data = await dataFolder();
  const source = await temporaryFolder();
  await writeFiles(source, { '1.dcm': dicomObject().bytes });
  const args = ['--port', '0', '--no-samples', '--data', data];
  const runs = [start([...args, '--import', source]), start([...args, '--import', source])];
  for (const run of runs) {
    await run.says(/Press Ctrl-C/);
    expect(run.output()).toMatch(/1 studies, 1 objects/);
  }
  for (const run of runs) {
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
  }
  expect(JSON.parse(await readFile(path.join(data, 'archive-index.json'), 'utf8')).studies).toHaveLength(1);
});

test('a port in use is said before anything is built or downloaded', async () => {
  const busy = createServer();
  const port = await listen(busy, 0, '127.0.0.1');
  atEnd(() => new Promise(resolve => busy.close(resolve)));
  const data = path.join(await temporaryFolder(), 'data');
  const run = start(['--port', String(port), '--data', data]);
  expect(await run.ended).toBe(1);
  expect(run.output().trim()).toBe(
    `Port ${port} is in use by another program. Choose another one: npm start -- --port ${port + 1}`,
  );
  expect(existsSync(data)).toBe(false);
});

test('what cannot work is one sentence and exit code 1', async () => {
  const closed = createServer();
  const port = await listen(closed, 0, '127.0.0.1');
  await new Promise(resolve => closed.close(resolve));
  const data = await dataFolder();
  const empty = await temporaryFolder();
  const failures: [string[], RegExp, Record<string, string>?][] = [
    [['--prot', '1'], /^Unknown option '--prot'.*--help$/],
    [
      ['--port', '0', '--no-samples', '--data', data, '--import', '/nowhere'],
      /Cannot import \/nowhere: there is no such folder/,
    ],
    [
      ['--port', '0', '--data', empty],
      /registry cannot be reached \(ECONNREFUSED\)/,
      { npm_config_registry: `http://127.0.0.1:${port}/` },
    ],
    [['--port', '0', '--data', data], /^ORTHANC_URL is not an http/, { ORTHANC_URL: 'localhost:8042' }],
  ];
  const runs = failures.map(([args, , environment]) => start(args, environment));
  for (const [index, run] of runs.entries()) {
    expect([index, await run.ended]).toEqual([index, 1]);
    const lines = run
      .output()
      .split('\n')
      .filter(line => !/^ {2}\w/.test(line) && line !== '');
    expect(lines).toEqual([expect.stringMatching(failures[index]?.[1] ?? /never/)]);
  }
  expect(await readdir(path.join(empty, 'ohif'))).toEqual([]);
});

const phantom = path.resolve(repositoryRoot, '../shared/data/calcium/qrm-phantom/dicom');
if (!existsSync(phantom) && process.env.CI) throw new Error(`CI is set, but ${phantom} is missing.`);
(existsSync(phantom) ? test : test.skip)('a real scan is imported and served', async () => {
  const data = await dataFolder();
  const source = path.join(await temporaryFolder(), 'scan');
  await mkdir(source);
  await cp(phantom, path.join(source, 'deep'), { recursive: true });
  const run = start(['--port', '0', '--no-samples', '--data', data, '--import', source]);
  await run.says(/Press Ctrl-C/);
  const count = (await readdir(phantom)).length;
  expect(run.output()).toMatch(`${count} imported, 0 already there, 0 skipped`);
  const [series] = (await send(urlOf(run), '/dicom-web/series?Modality=CT')).datasets;
  expect(series?.['00201209']?.Value).toEqual([count]);
  const study = series?.['0020000D']?.Value?.[0];
  const metadata = await send(urlOf(run), `/dicom-web/studies/${study}/metadata`);
  expect(metadata.datasets).toHaveLength(count);
  const base = `/dicom-web/studies/${study}/series/${series?.['0020000E']?.Value?.[0]}`;
  const uid = metadata.datasets[0]?.['00080018']?.Value?.[0];
  const frame = await send(urlOf(run), `${base}/instances/${uid}/frames/1`, {
    headers: { Accept: 'application/octet-stream' },
  });
  expect(frame.body).toHaveLength(512 * 512 * 2);
});

test('--host on a network warns, and is served under that address', async () => {
  const run = start(['--port', '0', '--host', '0.0.0.0', '--no-samples', '--data', await dataFolder()]);
  await run.says(/Press Ctrl-C/);
  expect(run.output()).toMatch(/WARNING: nothing here is authenticated/);
});

describe('the data service', () => {
  test('comes along, answers at /api in local mode, keeps its data, and ends with the viewer', async () => {
    const data = await dataFolder();
    const people: unknown[] = [];
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const run = start(['--port', '0', '--no-samples', '--data', data], {}, { dataService: true });
      await run.says(/Press Ctrl-C to stop/);
      expect(run.output()).toMatch(/local single-user mode/);
      const session = JSON.parse((await send(urlOf(run), '/api/session')).text) as { isLocal: boolean; person: string };
      expect(session.isLocal).toBe(true);
      people.push(session.person);
      run.child.kill(signal);
      await run.ended;
      await databaseEnded(data);
    }
    expect(people[0]).toBe(people[1]); // the same keys
  }, 180_000);

  test('is left out where it would be open to a network, with a sentence', async () => {
    const run = start(
      ['--port', '0', '--host', '0.0.0.0', '--no-samples', '--data', await dataFolder()],
      {},
      { dataService: true },
    );
    await run.says(/Press Ctrl-C to stop/);
    expect(run.output()).toMatch(
      /There is no data service: it would be open to the network, and nobody would have to sign in/,
    );
    expect((await send(urlOf(run), '/api/session')).status).toBe(404);
  });
});

/** The embedded PostgreSQL removes its postmaster.pid when it has shut down. */
async function databaseEnded(data: string): Promise<void> {
  const pidFile = path.join(data, 'data', 'postgres', 'data', 'postmaster.pid');
  for (let wait = 0; wait < 600 && existsSync(pidFile); wait++) await new Promise(resolve => setTimeout(resolve, 50));
  expect(existsSync(pidFile)).toBe(false);
}
