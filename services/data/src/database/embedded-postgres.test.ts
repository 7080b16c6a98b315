import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { beginDatabaseProcess, databaseProcess, query, temporaryFolder } from './embedded-processes.test-support.ts';

let root: string;
let removeRoot: () => Promise<void>;
let count = 0;
const newFolder = () => path.join(root, `db${++count}`);
/** A folder with a database: copied, which is quicker than made. */
const madeFolder = () => {
  const folder = newFolder();
  execFileSync('cp', ['-a', path.join(root, 'made'), folder]);
  return folder;
};

beforeAll(async () => {
  ({ folder: root, remove: removeRoot } = await temporaryFolder());
  await (await startEmbeddedPostgres({ folder: path.join(root, 'made') })).stop();
});
afterAll(() => removeRoot());

const isRunning = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(execFileSync('cat', [`/proc/${pid}/status`], { stdio: 'pipe' }).toString());
  } catch {
    return false;
  }
};
/** A process that has let go of everything may still be on its way out. */
const ended = async (pid: number) => {
  for (let tries = 0; isRunning(pid) && tries < 100; tries++) await sleep(10);
  expect(isRunning(pid)).toBe(false);
};
const postmasterPid = async (folder: string) =>
  Number((await readFile(path.join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);

test('rows and passwords are kept between starts, and stopping ends the server', async () => {
  const folder = madeFolder();
  const first = await startEmbeddedPostgres({ folder });
  const pid = await postmasterPid(folder);
  await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value');
  await first.stop();
  await first.stop();
  await ended(pid);
  const second = await startEmbeddedPostgres({ folder });
  expect(await query(second.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  expect(new URL(second.appUrl).password).toBe(new URL(first.appUrl).password);
  await second.stop();
});

test('it listens on the loopback address only, without a socket file, and wants a password', async () => {
  const folder = newFolder();
  const server = await startEmbeddedPostgres({ folder });
  const setting = async (name: string) => Object.values((await query(server.ownerUrl, `SHOW ${name}`))[0] ?? {})[0];
  expect(await setting('listen_addresses')).toBe('127.0.0.1');
  const socketFolder = (await readFile(path.join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[4];
  expect(socketFolder).toBe('');
  expect(await setting('server_encoding')).toBe('UTF8');
  expect((await stat(path.join(folder, 'passwords.json'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const role of ['voxelwise_owner', 'voxelwise_app', 'postgres']) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: role,
      password: 'x',
      database: 'postgres',
    });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  }
  await server.stop();
});

test('its log names what went wrong, and no value of a row', async () => {
  const lines: string[] = [];
  const server = await startEmbeddedPostgres({ folder: madeFolder(), onLog: line => lines.push(line) });
  await query(server.ownerUrl, 'CREATE TABLE person (name text PRIMARY KEY CHECK (length(name) < 20))');
  const planted = `INSERT INTO person VALUES ('Planted^Name')`;
  await query(server.ownerUrl, planted);
  await expect(query(server.ownerUrl, planted)).rejects.toMatchObject({ code: '23505' });
  await expect(
    query(server.ownerUrl, `INSERT INTO person VALUES ('Planted^Name^Longer^Than^That')`),
  ).rejects.toMatchObject({ code: '23514' });
  await server.stop();
  const log = lines.join('\n');
  expect(log).toContain('person_pkey');
  expect(log).toContain('person_name_check');
  expect(log).not.toContain('Planted');
});

test('processes that start on one new folder at the same time share one server; it ends with its owner', async () => {
  const folder = newFolder();
  const processes = await Promise.all([1, 2, 3].map(() => databaseProcess(folder)));
  expect(processes.filter(one => !one.attached)).toHaveLength(1);
  expect(new Set(processes.map(one => one.port)).size).toBe(1);
  for (const one of processes) expect(await query(one.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  for (const one of processes.filter(one => one.attached)) await one.stop();
  const owner = processes.find(one => !one.attached);
  expect(await query(owner?.appUrl ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const pid = await postmasterPid(folder);
  await owner?.stop();
  await ended(pid);
});

test('a process that starts the same folder twice keeps its lock', async () => {
  const folder = madeFolder();
  const first = await startEmbeddedPostgres({ folder });
  const second = await startEmbeddedPostgres({ folder });
  const other = await databaseProcess(folder);
  expect([first.attached, second.attached, other.attached]).toEqual([false, true, true]);
  await other.stop();
  await second.stop();
  await first.stop();
});

test('a server whose process was killed is taken over with its sessions, and stopped in the end', async () => {
  const folder = madeFolder();
  const killed = await databaseProcess(folder);
  const client = new pg.Client({ connectionString: killed.ownerUrl });
  await client.connect();
  const pid = await postmasterPid(folder);
  await killed.kill();
  expect(isRunning(pid)).toBe(true);
  const next = await startEmbeddedPostgres({ folder });
  expect({ port: next.port, attached: next.attached }).toEqual({ port: killed.port, attached: false });
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  await next.stop();
  await ended(pid);
});

test('after everything was killed, acknowledged rows are there', async () => {
  const folder = madeFolder();
  const killed = await databaseProcess(folder);
  await query(killed.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value');
  const pid = await postmasterPid(folder);
  process.kill(pid, 'SIGKILL');
  await killed.kill();
  const next = await startEmbeddedPostgres({ folder });
  expect(await query(next.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  await next.stop();
});

test('a left-over note of a server whose process id another process has meanwhile is no hindrance', async () => {
  const folder = madeFolder();
  const server = await startEmbeddedPostgres({ folder });
  const note = path.join(folder, 'data', 'postmaster.pid');
  const lines = (await readFile(note, 'utf8')).split('\n');
  await server.stop();
  await writeFile(note, [process.pid, ...lines.slice(1)].join('\n'));
  const next = await startEmbeddedPostgres({ folder });
  expect(await postmasterPid(folder)).not.toBe(process.pid);
  await next.stop();
});

test('a copy of a running folder leaves the original alone', async () => {
  const folder = madeFolder();
  const original = await startEmbeddedPostgres({ folder });
  await query(original.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS value');
  const copy = newFolder();
  await cp(folder, copy, { recursive: true, preserveTimestamps: true });
  const second = await startEmbeddedPostgres({ folder: copy });
  expect(second.port).not.toBe(original.port);
  expect(await query(original.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  await second.stop();
  expect(await query(original.ownerUrl, 'SELECT value FROM kept')).toEqual([{ value: 42 }]);
  await original.stop();
});

test('a database that was being made when its process was killed is made anew', async () => {
  const folder = newFolder();
  const unfinished = () =>
    existsSync(folder) ? readdirSync(folder).filter(name => /^data\.unfinished-[^.]*$/.test(name)) : [];
  const { child, line } = beginDatabaseProcess(folder);
  while (!unfinished().some(name => existsSync(path.join(folder, name, 'PG_VERSION')))) await sleep(1);
  child.kill('SIGKILL');
  await expect(line).rejects.toThrow();
  expect(existsSync(path.join(folder, 'data'))).toBe(false);
  const server = await startEmbeddedPostgres({ folder });
  expect(await query(server.appUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.stop();
  // What the orphaned initdb may have written after that is removed by the next start.
  await (await startEmbeddedPostgres({ folder })).stop();
  expect(unfinished()).toEqual([]);
});
