import type { BackupObjects } from '../database/backup/backup-objects.ts';
import { ObjectStoreError } from './errors.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * An object store as backup and restore use it: the encrypted bytes, as they are.
 * @param without prefix of what stays out: tree heads are copied by whoever keeps them apart, and would prove nothing in a backup
 */
export function objectsForBackup(store: ObjectStore, without?: string): BackupObjects {
  return {
    async *list() {
      for await (const { key } of store.list('')) if (!without || !key.startsWith(without)) yield key;
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
