import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { errorMessage, UserError } from '../../user-error.ts';
import { connectOnce } from '../connection.ts';
import { databaseProblem } from '../errors.ts';
import { MIGRATION_LOCK } from '../migrate.ts';
import { readDigested } from './backup-files.ts';
import {
  type BackupManifest,
  OBJECT_LIST,
  type ObjectEntry,
  objectEntrySchema,
  objectFile,
  readManifest,
  tableFile,
} from './backup-manifest.ts';
import { type BackupObjects, type OrphanSweep, sweepOrphans } from './backup-objects.ts';
import { appliedMigrations, backupTables, copyTarget, storageKeys } from './backup-tables.ts';

export interface RestoreOptions {
  /** Connects as the role that owns the schema. The database is migrated, and empty. */
  ownerUrl: string;
  folder: string;
  /** Needed where the backup has objects. */
  objectStore?: BackupObjects;
}

export interface RestoreReport {
  manifest: BackupManifest;
  /** Rows by table. */
  rows: Record<string, number>;
  /** Objects written. */
  objects: number;
  /** After restoring. Null without an object store. */
  orphans: OrphanSweep | null;
  /** Exports that were not finished when the backup was made: they are cancelled. */
  cancelledExports: number;
}

/**
 * Restores a backup into an empty database of the same schema version. Every file is checked before anything is written; rows are
 * written in one transaction; objects before the rows that name them.
 *
 * @throws {UserError} where the backup is damaged or of another schema version, or the database is not empty
 */
export async function restore({ ownerUrl, folder, objectStore }: RestoreOptions): Promise<RestoreReport> {
  const manifest = await readManifest(folder);
  if (manifest.objects && !objectStore) {
    throw new UserError('The backup has objects, and no object store to write them into is given.');
  }
  await checkFiles(folder, manifest);
  const client = await connectOnce(ownerUrl, 'voxelwise-data restore');
  let isCommitting = false;
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await checkSchema(client, manifest);
    await checkEmpty(client);
    const objects = objectStore ? await restoreObjects(folder, manifest, objectStore) : 0;
    const rows = await restoreRows(client, folder, manifest);
    const cancelled = await client.query(
      `UPDATE export SET status = 'cancelled', finished_at = now() WHERE status IN ('queued', 'running')`,
    );
    const keys = await storageKeys(client);
    const orphans = objectStore ? sweepOrphans(keys, await keysOf(objectStore)) : null;
    isCommitting = true;
    await client.query('COMMIT');
    return { manifest, rows, objects, orphans, cancelledExports: cancelled.rowCount ?? 0 };
  } catch (error) {
    if (isCommitting && databaseProblem(error) === 'connection-lost') {
      throw new UserError(
        'The connection to the database was lost at the very end. Look whether its tables have rows.',
        { cause: error },
      );
    }
    throw restoreProblem(error);
  } finally {
    // A transaction that was not committed ends with its connection.
    await client.end().catch(() => {});
  }
}

/** Checks every file of a backup against its manifest. */
async function checkFiles(folder: string, manifest: BackupManifest): Promise<void> {
  for (const table of manifest.tables)
    await readDigested(path.join(folder, tableFile(table.name)), tableFile(table.name), table);
  if (!manifest.objects) return;
  await readDigested(path.join(folder, OBJECT_LIST), OBJECT_LIST, manifest.objects.list);
  for await (const { key, ...digest } of objectEntries(folder)) {
    await readDigested(path.join(folder, objectFile(key)), objectFile(key), digest);
  }
}

async function checkSchema(client: pg.Client, manifest: BackupManifest): Promise<void> {
  const last = (migrations: { name: string }[]) => migrations.at(-1)?.name ?? 'none';
  const applied = await appliedMigrations(client).catch(() => []);
  if (JSON.stringify(applied) !== JSON.stringify(manifest.migrations)) {
    throw new UserError(
      `The backup has the schema ${last(manifest.migrations)} and the database ${last(applied)}. ` +
        `Migrate an empty database with the program that made the backup (${manifest.programVersion}), restore with it, then upgrade.`,
    );
  }
  const ours = await backupTables(client);
  const theirs = manifest.tables.map(({ name, columns }) => ({ name, columns }));
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
    throw new UserError(
      'The tables of the database are not those of the backup, although their migrations are the same.',
    );
  }
}

/** Nobody else may write until the transaction ends. */
async function checkEmpty(client: pg.Client): Promise<void> {
  const tables = await backupTables(client);
  await client.query(
    `LOCK TABLE ${tables.map(table => client.escapeIdentifier(table.name)).join(', ')} IN EXCLUSIVE MODE`,
  );
  for (const { name } of tables) {
    const { rows } = await client.query(`SELECT EXISTS (SELECT FROM public.${client.escapeIdentifier(name)}) AS used`);
    if (rows[0].used) {
      throw new UserError(
        `The database is not empty: the table ${name} has rows. Restore into a new, migrated database.`,
      );
    }
  }
}

async function restoreRows(
  client: pg.Client,
  folder: string,
  manifest: BackupManifest,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of manifest.tables) {
    const name = tableFile(table.name);
    await readDigested(path.join(folder, name), name, table, content =>
      pipeline(content, client.query(copyFrom(`COPY ${copyTarget(client, table)} FROM STDIN (ENCODING 'UTF8')`))),
    );
    const { rows } = await client.query(
      `SELECT count(*)::int AS count FROM public.${client.escapeIdentifier(table.name)}`,
    );
    if (rows[0].count !== table.rows) {
      throw new UserError(
        `The table ${table.name} has ${rows[0].count} rows after restoring instead of ${table.rows}.`,
      );
    }
    counts[table.name] = table.rows;
  }
  for (const { name, lastValue, isCalled } of manifest.sequences) {
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [
      `public.${client.escapeIdentifier(name)}`,
      lastValue,
      isCalled,
    ]);
  }
  return counts;
}

async function restoreObjects(folder: string, manifest: BackupManifest, objectStore: BackupObjects): Promise<number> {
  if (!manifest.objects) return 0;
  let count = 0;
  for await (const { key, ...digest } of objectEntries(folder)) {
    const name = objectFile(key);
    await readDigested(path.join(folder, name), name, digest, content => objectStore.putStream(key, content));
    count++;
  }
  return count;
}

async function* objectEntries(folder: string): AsyncGenerator<ObjectEntry> {
  for await (const line of createInterface({ input: createReadStream(path.join(folder, OBJECT_LIST)) })) {
    yield objectEntrySchema.parse(JSON.parse(line));
  }
}

async function keysOf(objectStore: BackupObjects): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const key of objectStore.list()) keys.add(key);
  return keys;
}

function restoreProblem(error: unknown): UserError {
  if (error instanceof UserError) return new UserError(`${error.message} Nothing was restored.`);
  switch (databaseProblem(error)) {
    case 'disk-full':
      return new UserError('The disk of the database is full. Nothing was restored.', { cause: error });
    case 'connection-lost':
      return new UserError('The connection to the database was lost. Nothing was restored.', { cause: error });
    case 'permission-denied':
      return new UserError('MIGRATION_DATABASE_URL is not the role that owns the tables. Nothing was restored.', {
        cause: error,
      });
    default:
      return new UserError(`Restoring failed, and nothing was restored: ${errorMessage(error)}`, { cause: error });
  }
}
