/** Keeps what was measured from one visit to the next. Failing to is no error: it is measured again. */
export interface CalibrationStore {
  read(key: string): Promise<string | null>;
  write(key: string, value: string): Promise<void>;
}

const DATABASE = 'voxelwise-compute';
const TABLE = 'calibration';

/**
 * In the browser, also from a worker (which has no localStorage). Null where there is no IndexedDB, as in Node.
 * A browser that refuses storage, as in some private windows, makes reads and writes reject.
 */
export function indexedDbCalibrationStore(): CalibrationStore | null {
  if (typeof indexedDB === 'undefined') return null;
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    return opened;
  };
  const ask = async <Result>(mode: IDBTransactionMode, request: (table: IDBObjectStore) => IDBRequest<Result>) => {
    const table = (await open()).transaction(TABLE, mode).objectStore(TABLE);
    return new Promise<Result>((resolve, reject) => {
      const asked = request(table);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  };
  return {
    async read(key) {
      const value: unknown = await ask('readonly', table => table.get(key));
      return typeof value === 'string' ? value : null;
    },
    async write(key, value) {
      await ask('readwrite', table => table.put(value, key));
    },
  };
}
