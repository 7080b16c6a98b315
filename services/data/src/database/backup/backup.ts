import { createWriteStream } from 'node:fs';
import { readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { syncFolder } from '../../sync-folder.ts';
import { errorCode, errorMessage, UserError } from '../../user-error.ts';
import { connectOnce } from '../connection.ts';
import { databaseProblem } from '../errors.ts';
import { type FolderLock, tryLock } from '../folder-lock.ts';
import { folderProblem, makeFolder } from '../private-files.ts';
import { digesting, writeDigested } from './backup-files.ts';
import {
  type BackupManifest,
  NOTES,
  OBJECT_LIST,
  type ObjectEntry,
  objectFile,
  tableFile,
  writeManifest,
} from './backup-manifest.ts';
import { type BackupObjects, sweepOrphans } from './backup-objects.ts';
import { appliedMigrations, backupTables, copyTarget, storageKeys } from './backup-tables.ts';

export interface BackupOptions {
  /** Connects as the role that owns the schema. */
  ownerUrl: string;
  /** Is made. Must not exist yet, or be empty. */
  folder: string;
  /** Objects are left out where there is none. */
  objectStore?: BackupObjects;
}

/**
 * Writes all rows, as of one moment, and all objects into a folder. While it is being written the folder has another name: a folder of
 * the final name is whole. Readers and writers of the database are not held up.
 *
 * @returns the manifest, which tells of rows without an object and of objects without a row
 * @throws {UserError} where the folder is taken or cannot be written, the disk is full, or the database cannot be read
 */
export async function backup({ ownerUrl, folder, objectStore }: BackupOptions): Promise<BackupManifest> {
  const target = path.resolve(folder);
  const unfinished = `${target}.unfinished`;
  await assertFree(target);
  const lock = await takeFolder(unfinished);
  try {
    const client = await connectOnce(ownerUrl, 'voxelwise-data backup');
    let manifest: BackupManifest;
    try {
      manifest = await writeBackup(client, unfinished, objectStore);
    } finally {
      await client.end().catch(() => {});
    }
    await writeManifest(unfinished, manifest);
    lock.release();
    await rm(lockFile(unfinished), { force: true });
    await rmdir(target).catch(ignoreMissing);
    await rename(unfinished, target);
    await syncFolder(path.dirname(target));
    return manifest;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    throw backupProblem(error, target);
  } finally {
    lock.release();
  }
}

async function writeBackup(
  client: pg.Client,
  folder: string,
  objectStore: BackupObjects | undefined,
): Promise<BackupManifest> {
  // All that follows sees the database as it is now.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const createdAt = (await client.query('SELECT now() AS now, current_setting($1) AS version', ['server_version']))
    .rows[0];
  const migrations = await appliedMigrations(client);
  const tables: BackupManifest['tables'] = [];
  for (const table of await backupTables(client)) {
    const stream = client.query(copyTo(`COPY ${copyTarget(client, table)} TO STDOUT (ENCODING 'UTF8')`));
    const digest = await writeDigested(path.join(folder, tableFile(table.name)), stream);
    tables.push({ ...table, rows: stream.rowCount, ...digest });
  }
  // Sequences do not belong to the moment of the transaction; they may only be further on, which leaves a gap and no more.
  const sequences = await readSequences(client);
  const masterKeys = await client.query(
    'SELECT DISTINCT master_key_id AS id FROM data_key WHERE wrapped IS NOT NULL ORDER BY id',
  );
  const keys = await storageKeys(client);
  await client.query('COMMIT');
  const objects = objectStore && (await writeObjects(folder, objectStore, keys));
  return {
    format: 'voxelwise-backup',
    formatVersion: 1,
    createdAt: createdAt.now.toISOString(),
    programVersion: await programVersion(),
    postgresVersion: createdAt.version,
    migrations,
    tables,
    sequences,
    objects: objects?.summary ?? null,
    orphans: objects?.orphans ?? null,
    masterKeyIds: masterKeys.rows.map(row => row.id),
    notes: NOTES,
  };
}

async function writeObjects(folder: string, objectStore: BackupObjects, keys: string[]) {
  const copied = new Set<string>();
  const { stream: list, digest } = digesting();
  const written = pipeline(
    list,
    createWriteStream(path.join(folder, OBJECT_LIST), { flags: 'wx', mode: 0o600, flush: true }),
  );
  // Told by the one that waits for it below, also where copying fails first.
  written.catch(() => {});
  try {
    for await (const key of objectStore.list()) {
      const content = await objectStore.getStream(key);
      // Deleted since it was listed.
      if (!content) continue;
      const entry: ObjectEntry = { key, ...(await writeDigested(path.join(folder, objectFile(key)), content)) };
      copied.add(key);
      if (!list.write(`${JSON.stringify(entry)}\n`)) await new Promise(resolve => list.once('drain', resolve));
    }
  } finally {
    list.end();
    await written;
  }
  return { summary: { count: copied.size, list: digest() }, orphans: sweepOrphans(keys, copied) };
}

async function readSequences(client: pg.Client): Promise<BackupManifest['sequences']> {
  const { rows } = await client.query(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`,
  );
  const sequences: BackupManifest['sequences'] = [];
  for (const { name } of rows) {
    const state = await client.query(
      `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM public.${client.escapeIdentifier(name)}`,
    );
    sequences.push({ name, ...state.rows[0] });
  }
  return sequences;
}

async function assertFree(target: string): Promise<void> {
  const entries = await readdir(target).catch(error => {
    if (error.code === 'ENOENT') return [];
    throw backupProblem(error, target);
  });
  if (entries.length > 0) throw new UserError(`${target} is not empty. Choose a new folder for the backup.`);
}

/** Makes the folder for this backup alone. One that a killed backup left is removed. */
async function takeFolder(unfinished: string): Promise<FolderLock> {
  try {
    await makeFolder(unfinished);
    const lock = tryLock(lockFile(unfinished));
    if (!lock) throw new UserError(`Another backup into ${unfinished} is going on.`);
    for (const name of await readdir(unfinished)) {
      if (path.join(unfinished, name) !== lockFile(unfinished))
        await rm(path.join(unfinished, name), { recursive: true });
    }
    return lock;
  } catch (error) {
    throw backupProblem(error, unfinished);
  }
}

function lockFile(unfinished: string): string {
  return path.join(unfinished, 'lock');
}

async function programVersion(): Promise<string> {
  const text = await readFile(path.resolve(import.meta.dirname, '../../../package.json'), 'utf8');
  return JSON.parse(text).version;
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

function backupProblem(error: unknown, folder: string): Error {
  const known = folderProblem(folder, error);
  if (known instanceof UserError) return known;
  if (databaseProblem(error) === 'connection-lost') {
    return new UserError('The connection to the database was lost. Nothing of the backup was kept.', { cause: error });
  }
  return new UserError(`The backup failed, and nothing of it was kept: ${errorMessage(error)}`, { cause: error });
}
