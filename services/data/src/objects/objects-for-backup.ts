import type { BackupObjects } from '../database/backup/backup-objects.ts';
import { ObjectStoreError } from './errors.ts';
import type { ObjectStore } from './object-store.ts';

/** An object store as backup and restore use it: the encrypted bytes, as they are. */
export function objectsForBackup(store: ObjectStore): BackupObjects {
  return {
    async *list() {
      for await (const { key } of store.list('')) yield key;
    },
    async getStream(key) {
      try {
        return await store.getStream(key);
      } catch (error) {
        if (error instanceof ObjectStoreError && error.problem === 'missing') return undefined;
        throw error;
      }
    },
    async putStream(key, content) {
      await store.putStream(key, content);
    },
  };
}
