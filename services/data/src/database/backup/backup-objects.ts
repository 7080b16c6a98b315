import type { Readable } from 'node:stream';

/** What backing up and restoring need of the object store: the encrypted bytes, as they are. */
export interface BackupObjects {
  /** Keys of all objects. */
  list(): AsyncIterable<string>;
  /** Undefined where the object is not there, or no longer. */
  getStream(key: string): Promise<Readable | undefined>;
  /** Replaces an object of this key. */
  putStream(key: string, content: Readable): Promise<void>;
}

/** Objects and rows that miss each other. */
export interface OrphanSweep {
  /** Keys that rows name and the object store does not have. */
  rowsWithoutObject: string[];
  /** Keys in the object store that no row names: left by a crash, or made since. They can be deleted once they are a day old. */
  objectsWithoutRow: string[];
}

/** Compares the keys that rows name with those that the object store has. */
export function sweepOrphans(namedByRows: Iterable<string>, inStore: Set<string>): OrphanSweep {
  const named = new Set(namedByRows);
  return {
    rowsWithoutObject: [...named].filter(key => !inStore.has(key)).sort(),
    objectsWithoutRow: [...inStore].filter(key => !named.has(key)).sort(),
  };
}
