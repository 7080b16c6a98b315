import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { connectOnce, type Database, openDatabase } from './connection.ts';
import { SUPERUSER } from './embedded-cluster.ts';
import { embeddedFolder, readOrMakePasswords } from './embedded-folder.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { APPLICATION, OWNER } from './embedded-roles.ts';
import { migrate } from './migrate.ts';
import { TEST_RUN_FOLDER, TEST_RUN_PID } from './test-run.test-support.ts';

export interface TestDatabase {
  ownerUrl: string;
  appUrl: string;
  /** Connected as the application role. */
  db: Database;
  /** Connected as the owner of the schema. */
  owner: Database;
  /** Closes both and drops the database. */
  drop(): Promise<void>;
}

const TEMPLATE = 'voxelwise_template';

/** Serializes making the template: a number of our own. */
const TEMPLATE_LOCK = 20_261_130;

/**
 * A migrated, empty database of a test's own, on the one PostgreSQL of this test run. Roles are of the whole server: all databases
 * have the same owner and the same application role.
 *
 * @example
 * let database: TestDatabase;
 * beforeAll(async () => { database = await testDatabase(); });
 * afterAll(() => database.drop());
 */
export async function testDatabase({ poolSize = 5 } = {}): Promise<TestDatabase> {
  return openTestDatabase(TEMPLATE, poolSize);
}

/** A database of a test's own without any table. */
export async function emptyTestDatabase({ poolSize = 5 } = {}): Promise<TestDatabase> {
  return openTestDatabase('template0', poolSize);
}

async function openTestDatabase(template: string, poolSize: number): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asOwner(server.ownerUrl, client => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const ownerUrl = inDatabase(server.ownerUrl, name);
  const appUrl = inDatabase(server.appUrl, name);
  const db = openDatabase({ url: appUrl, poolSize });
  const owner = openDatabase({ url: ownerUrl, poolSize: 3 });
  return {
    ownerUrl,
    appUrl,
    db,
    owner,
    async drop() {
      await Promise.all([db.close(), owner.close()]);
      // Only the superuser may end the sessions that a failed test left open.
      const superuser = await testSuperuser(server);
      await superuser.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await superuser.end();
    },
  };
}

/** A connection to a test's database as the superuser: for making roles, whose names must be the test's own. */
export async function testSuperuser(database: { ownerUrl: string }): Promise<pg.Client> {
  const place = embeddedFolder(process.env[TEST_RUN_FOLDER] ?? '');
  const { superuser } = await readOrMakePasswords(place);
  const url = new URL(database.ownerUrl);
  url.username = SUPERUSER;
  url.password = superuser;
  return connectOnce(url.href, 'test');
}

let started: Promise<{ ownerUrl: string; appUrl: string }> | undefined;

/** The PostgreSQL of this test run: the first who asks starts it and makes the template, all others find it. */
function testServer(): Promise<{ ownerUrl: string; appUrl: string }> {
  started ??= startTestServer();
  return started;
}

async function startTestServer(): Promise<{ ownerUrl: string; appUrl: string }> {
  const folder = process.env[TEST_RUN_FOLDER];
  if (!folder)
    throw new Error('Run the tests through jest: its project "data service" names the folder of the test database.');
  const server = await startEmbeddedPostgres({
    folder,
    // Nothing of a test outlives the machine.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  if (!server.attached) {
    server.leaveRunning();
    await stopWhenJestIsKilled(folder);
  }
  await makeTemplate(server.ownerUrl);
  return server;
}

/** The run's tear-down stops the server. Where jest is killed there is none: then this small process does. */
async function stopWhenJestIsKilled(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const isFirst = await writeFile(path.join(folder, 'watched'), '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (!isFirst) return;
  const script = `
    while kill -0 "$0" 2>/dev/null && [ -e "$1" ]; do sleep 2; done
    [ -e "$1" ] || exit 0
    kill -INT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 2; rm -rf "$1"`;
  const jest = process.env[TEST_RUN_PID] ?? String(process.ppid);
  spawn('/bin/sh', ['-c', script, jest, folder], { detached: true, stdio: 'ignore' }).unref();
}

async function makeTemplate(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, async client => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rows } = await client.query('SELECT datistemplate AS finished FROM pg_database WHERE datname = $1', [
      TEMPLATE,
    ]);
    if (rows[0]?.finished) return;
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${TEMPLATE} TEMPLATE template0 OWNER ${OWNER}`);
    await migrate({ ownerUrl: inDatabase(ownerUrl, TEMPLATE), appRole: APPLICATION });
    await client.query(`ALTER DATABASE ${TEMPLATE} IS_TEMPLATE true`);
  });
}

async function asOwner(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
