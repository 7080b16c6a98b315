import { DatabaseSync } from 'node:sqlite';

/** A lock that this process holds. */
export interface FolderLock {
  release(): void;
}

/** Held locks, so that none is collected (and thereby released) while its holder still counts on it. */
const held = new Set<DatabaseSync>();

const SQLITE_BUSY = 5;

/**
 * Takes the lock that a file stands for, or returns undefined where another process, or other code of this one, holds it.
 *
 * The lock is SQLite's lock on an empty database: the operating system frees it when its holder ends, however it ends, so there is
 * no stale lock to recognize.
 *
 * @throws the error of SQLite where the file cannot be made
 */
export function tryLock(file: string): FolderLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // Nothing is written, neither by taking the lock nor by a crash: the disk may be full.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
