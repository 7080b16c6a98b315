import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { errorMessage, UserError } from '../user-error.ts';
import { connectOnce } from './connection.ts';
import { databaseProblem } from './errors.ts';
import { grantToApplication } from './grants.ts';
import { migrateJobs } from './job-schema.ts';

const MIGRATIONS_FOLDER = path.resolve(import.meta.dirname, '../../../../prisma/migrations');

/** The lock that Prisma's own migrate takes, so that neither runs while the other does. */
export const MIGRATION_LOCK = 72_707_369;

/** Major version of PostgreSQL. */
const OLDEST_SERVER = 15;

/** Prisma's table, as Prisma makes it. */
const MIGRATIONS_TABLE = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                  VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"            VARCHAR(64) NOT NULL,
    "finished_at"         TIMESTAMPTZ,
    "migration_name"      VARCHAR(255) NOT NULL,
    "logs"                TEXT,
    "rolled_back_at"      TIMESTAMPTZ,
    "started_at"          TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`;

interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, as Prisma notes it. */
  checksum: string;
}

interface AppliedMigration {
  name: string;
  checksum: string;
  finished: boolean;
}

export interface MigrateOptions {
  /** Connects as the role that is to own the schema. */
  ownerUrl: string;
  /** Role that the application runs as: gets its privileges after migrating. */
  appRole: string;
  migrationsFolder?: string;
}

/** How the schema of a database stands to this program. */
export type MigrationState =
  | { state: 'current'; version: string }
  /** Migrations are to be applied yet. */
  | { state: 'behind'; pending: string[] }
  /** The database has migrations that this program does not know. */
  | { state: 'ahead'; unknown: string[] }
  /** A migration was begun and not finished. */
  | { state: 'failed'; failed: string[] }
  /** The file of an applied migration is another than when it was applied. */
  | { state: 'changed'; changed: string[] };

/**
 * Brings the database up to this program: schema, job queue, privileges. Does nothing where all is there. Several processes may
 * call it at the same time.
 *
 * @returns names of the migrations applied now
 * @throws {UserError} where the database is newer than this program, a migration failed, or one that was applied has changed
 */
export async function migrate({
  ownerUrl,
  appRole,
  migrationsFolder = MIGRATIONS_FOLDER,
}: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(migrationsFolder);
  const client = await connectOnce(ownerUrl, 'voxelwise-data migrate');
  try {
    await checkServerVersion(client);
    // Held by the session: gone with it, also when this process is killed.
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await applyMigrations(client, migrations);
    await migrateJobs(ownerUrl);
    await grantToApplication(client, appRole);
    return applied;
  } finally {
    await client.end();
  }
}

/** How the schema stands to this program. The application role may ask. */
export async function migrationState(
  pool: pg.Pool | pg.Client,
  migrationsFolder = MIGRATIONS_FOLDER,
): Promise<MigrationState> {
  return compare(await readMigrations(migrationsFolder), await readApplied(pool));
}

/** What to do about a schema that does not fit this program. */
export function migrationProblem(state: MigrationState): string | undefined {
  switch (state.state) {
    case 'current':
      return undefined;
    case 'behind':
      return `The database is older than this program: ${list(state.pending)} is not applied. Run: voxelwise-data migrate`;
    case 'ahead':
      return `The database is newer than this program: it has ${list(state.unknown)}, which this program does not know. Use the newer program.`;
    case 'failed':
      return (
        `The migration ${list(state.failed)} was begun and not finished. Restore the database from a backup, or repair it and mark ` +
        'the migration with prisma migrate resolve.'
      );
    case 'changed':
      return `The file of the applied migration ${list(state.changed)} has changed. Install this program again, unchanged.`;
  }
}

async function checkServerVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int / 10000 AS major`);
  if (rows[0].major >= OLDEST_SERVER) return;
  throw new UserError(`The database is PostgreSQL ${rows[0].major}; this program needs ${OLDEST_SERVER} or newer.`);
}

async function applyMigrations(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  await client.query(MIGRATIONS_TABLE);
  const state = compare(migrations, await readApplied(client));
  if (state.state === 'current') return [];
  if (state.state !== 'behind') throw new UserError(migrationProblem(state) as string);
  for (const { name, sql, checksum } of migrations.filter(migration => state.pending.includes(migration.name))) {
    try {
      await client.query('BEGIN');
      await client.query(sql);
      await client.query(
        `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
         VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
        [randomUUID(), checksum, name],
      );
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw new UserError(`The migration ${name} failed, and nothing of it was kept: ${errorMessage(error)}`, {
        cause: error,
      });
    }
  }
  return state.pending;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name);
  return Promise.all(
    names.sort().map(async name => {
      const sql = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readApplied(client: pg.Pool | pg.Client): Promise<AppliedMigration[]> {
  const { rows: found } = await client.query(`SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`);
  if (!found[0].exists) return [];
  try {
    const { rows } = await client.query(
      `SELECT "migration_name" AS name, "checksum", "finished_at" IS NOT NULL AS finished
       FROM public."_prisma_migrations" WHERE "rolled_back_at" IS NULL ORDER BY "started_at"`,
    );
    return rows;
  } catch (error) {
    if (databaseProblem(error) !== 'permission-denied') throw error;
    throw new UserError('The role of DATABASE_URL has not been given its privileges yet. Run: voxelwise-data migrate');
  }
}

function compare(migrations: Migration[], applied: AppliedMigration[]): MigrationState {
  const failed = applied.filter(one => !one.finished).map(one => one.name);
  if (failed.length > 0) return { state: 'failed', failed };
  const ours = new Map(migrations.map(migration => [migration.name, migration]));
  const unknown = applied.filter(one => !ours.has(one.name)).map(one => one.name);
  if (unknown.length > 0) return { state: 'ahead', unknown };
  const changed = applied.filter(one => ours.get(one.name)?.checksum !== one.checksum).map(one => one.name);
  if (changed.length > 0) return { state: 'changed', changed };
  const done = new Set(applied.map(one => one.name));
  const pending = migrations.map(migration => migration.name).filter(name => !done.has(name));
  if (pending.length > 0) return { state: 'behind', pending };
  return { state: 'current', version: migrations.at(-1)?.name ?? '' };
}

function list(names: string[]): string {
  return names.join(', ');
}
