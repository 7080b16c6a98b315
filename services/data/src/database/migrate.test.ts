import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyTestDatabase, type TestDatabase } from './database.test-support.ts';
import { migrate, migrationProblem, migrationState } from './migrate.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../../prisma/migrations');
const PROGRAM = path.join(import.meta.dirname, 'migrate-process.test-support.ts');
const appRole = 'voxelwise_app';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await emptyTestDatabase();
  folder = await mkdtemp(path.join(os.tmpdir(), 'voxelwise-migrations-'));
  await cp(MIGRATIONS, folder, { recursive: true });
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const run = () => migrate({ ownerUrl: database.ownerUrl, appRole, migrationsFolder: folder });
const state = () => migrationState(database.owner.pool, folder);
const problem = async () => migrationProblem(await state());

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name));
  await writeFile(path.join(folder, name, 'migration.sql'), sql);
}

test('an empty database is migrated once; the second time nothing happens', async () => {
  expect(await problem()).toMatch(
    /older than this program: 20261130000000_records_and_audit.* is not applied\. Run: voxelwise-data migrate/,
  );
  const applied = await run();
  expect(applied[0]).toBe('20261130000000_records_and_audit');
  const rows = () => database.owner.pool.query('SELECT * FROM _prisma_migrations').then(result => result.rows);
  const before = await rows();
  expect(await run()).toEqual([]);
  expect(await rows()).toEqual(before);
  expect(await state()).toEqual({ state: 'current', version: applied.at(-1) });
  // Asked by the application, too.
  expect(await migrationState(database.db.pool, folder)).toEqual(await state());
  expect(await problem()).toBeUndefined();
});

test('migrations are applied in the order of their names, and only those that are missing', async () => {
  await run();
  await addMigration('20270102000000_second', 'ALTER TABLE later ADD COLUMN b int;');
  await addMigration('20270101000000_first', 'CREATE TABLE later (a int);');
  expect(await run()).toEqual(['20270101000000_first', '20270102000000_second']);
});

test('a migration that fails leaves nothing behind, and is applied once it is corrected', async () => {
  await run();
  await addMigration('20270101000000_broken', 'CREATE TABLE half (a int); INSERT INTO half VALUES (1); SELECT 1/0;');
  await expect(run()).rejects.toThrow(
    /The migration 20270101000000_broken failed, and nothing of it was kept: division by zero/,
  );
  expect((await database.owner.pool.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
  expect(await state()).toEqual({ state: 'behind', pending: ['20270101000000_broken'] });
  await writeFile(path.join(folder, '20270101000000_broken', 'migration.sql'), 'CREATE TABLE half (a int);');
  expect(await run()).toEqual(['20270101000000_broken']);
});

test('a database with a migration that this program does not know is left alone', async () => {
  await addMigration('20270101000000_of_a_newer_program', 'SELECT 1;');
  await run();
  await rm(path.join(folder, '20270101000000_of_a_newer_program'), { recursive: true });
  await addMigration('20261231000000_ours', 'CREATE TABLE ours (a int);');
  const sentence = /The database is newer than this program: it has 20270101000000_of_a_newer_program/;
  expect(await problem()).toMatch(sentence);
  await expect(run()).rejects.toThrow(sentence);
  expect((await database.owner.pool.query(`SELECT to_regclass('ours') AS ours`)).rows).toEqual([{ ours: null }]);
});

test('a changed file of an applied migration is refused', async () => {
  await run();
  const file = path.join(folder, '20261130000000_records_and_audit', 'migration.sql');
  await writeFile(file, `${await readFile(file, 'utf8')}\n-- one more line`);
  const sentence = /The file of the applied migration 20261130000000_records_and_audit has changed/;
  expect(await problem()).toMatch(sentence);
  await expect(run()).rejects.toThrow(sentence);
});

test('a migration that another tool began and did not finish is refused; one marked as rolled back is applied', async () => {
  await run();
  await addMigration('20270101000000_begun', 'CREATE TABLE begun (a int);');
  await database.owner.pool.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '20270101000000_begun')`,
  );
  const sentence = /The migration 20270101000000_begun was begun and not finished/;
  expect(await problem()).toMatch(sentence);
  await expect(run()).rejects.toThrow(sentence);
  await database.owner.pool.query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL`);
  expect(await run()).toEqual(['20270101000000_begun']);
});

test('four processes at the same time: each migration is applied once', async () => {
  const outputs = await Promise.all([1, 2, 3, 4].map(() => finished(migrateProcess())));
  expect(outputs.map(output => JSON.parse(output)).sort((one, other) => other.length - one.length)).toEqual([
    expect.arrayContaining(['20261130000000_records_and_audit']),
    [],
    [],
    [],
  ]);
  const { rows } = await database.owner.pool.query(
    'SELECT count(*)::int AS count, count(DISTINCT migration_name)::int AS names FROM _prisma_migrations',
  );
  expect(rows[0].count).toBe(rows[0].names);
});

test('a process killed in the middle of a migration leaves nothing behind, and holds up nobody', async () => {
  await run();
  await addMigration(
    '20270101000000_slow',
    `CREATE TABLE slow (a int); SELECT pg_sleep(60); SELECT 'killed in the middle';`,
  );
  const killed = migrateProcess();
  const isAsleep = async () =>
    (await database.owner.pool.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)).rows.length > 0;
  while (!(await isAsleep())) await sleep(20);
  killed.kill('SIGKILL');
  await writeFile(path.join(folder, '20270101000000_slow', 'migration.sql'), 'CREATE TABLE slow (a int);');
  // The server notices a lost client when it next writes to it; the session is ended here as its administrator would.
  await database.owner.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`,
  );
  expect(await run()).toEqual(['20270101000000_slow']);
});

test('an application role without privileges is sent to migrate', async () => {
  await run();
  await database.owner.pool.query('REVOKE SELECT ON _prisma_migrations FROM voxelwise_app');
  await expect(migrationState(database.db.pool, folder)).rejects.toThrow(
    /has not been given its privileges yet. Run: voxelwise-data migrate/,
  );
  expect(await run()).toEqual([]);
  expect((await migrationState(database.db.pool, folder)).state).toBe('current');
});

test('a database that is not there is named, without its password', async () => {
  const url = new URL(database.ownerUrl);
  url.pathname = '/nowhere';
  await expect(migrate({ ownerUrl: url.href, appRole })).rejects.toThrow(
    /^The database 127\.0\.0\.1:\d+\/nowhere cannot be connected to as voxelwise_owner: database "nowhere" does not exist$/,
  );
});

function migrateProcess() {
  return spawn(process.execPath, [PROGRAM, database.ownerUrl, appRole, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function finished(child: ReturnType<typeof migrateProcess>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
    child.on('close', code => (code === 0 ? resolve(text) : reject(new Error(`Migrating ended with ${code}.`))));
  });
}
