import type { Entry, NewEntry, Pause } from './entry.ts';

/** Where entries are kept until they have arrived: this browser's IndexedDB, shared by all its tabs. */
export interface OutboxDatabase {
  /** Keeps an entry; resolves once it is on disk. An entry with an id that is there already is not added again. */
  add(entry: NewEntry): Promise<void>;
  /** In order. */
  all(): Promise<Entry[]>;
  /** Changes an entry if it is still there. */
  change(sequence: number, change: Partial<Entry>): Promise<void>;
  remove(sequences: readonly number[]): Promise<void>;
  pause(): Promise<Pause | null>;
  setPause(pause: Pause | null): Promise<void>;
}

const DATABASE = 'voxelwise-records';
const ENTRIES = 'entries';
const STATUS = 'status';
const PAUSE = 'pause';

/** Opens it with the first request. Everything rejects where the browser refuses storage. */
export function openOutboxDatabase(name = DATABASE): OutboxDatabase {
  let opened: Promise<IDBDatabase> | undefined;
  const open = () => {
    opened ??= openDatabase(name, () => {
      opened = undefined;
    });
    opened.catch(() => {
      opened = undefined; // storage may be allowed later
    });
    return opened;
  };

  /** Resolves with what the work gives once the transaction is complete, which for writing means: on disk. */
  const transact = async <Result>(
    store: string,
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore, give: (result: Result) => void) => void,
  ): Promise<Result> => {
    const database = await open();
    return new Promise((resolve, reject) => {
      let result: Result;
      const transaction = database.transaction(store, mode, { durability: 'strict' });
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new DOMException('The transaction ended.', 'AbortError'));
      work(transaction.objectStore(store), value => {
        result = value;
      });
    });
  };

  return {
    add: entry =>
      transact(ENTRIES, 'readwrite', store => {
        const known = store.index('id').getKey(entry.id);
        known.onsuccess = () => {
          if (known.result !== undefined) return;
          store.add({ ...entry, state: 'waiting', isUploaded: false, failures: 0, notBefore: 0, problem: '' });
        };
      }),
    all: () =>
      transact(ENTRIES, 'readonly', (store, give) => {
        const all: IDBRequest<Entry[]> = store.getAll();
        all.onsuccess = () => give(all.result);
      }),
    change: (sequence, change) =>
      transact(ENTRIES, 'readwrite', store => {
        const asked: IDBRequest<Entry | undefined> = store.get(sequence);
        asked.onsuccess = () => {
          if (asked.result) store.put({ ...asked.result, ...change });
        };
      }),
    remove: sequences =>
      transact(ENTRIES, 'readwrite', store => {
        for (const sequence of sequences) store.delete(sequence);
      }),
    pause: () =>
      transact<Pause | null>(STATUS, 'readonly', (store, give) => {
        const asked: IDBRequest<Pause | undefined> = store.get(PAUSE);
        asked.onsuccess = () => give(asked.result ?? null);
      }),
    setPause: pause =>
      transact(STATUS, 'readwrite', store => {
        if (pause) store.put(pause, PAUSE);
        else store.delete(PAUSE);
      }),
  };
}

function openDatabase(name: string, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const entries = request.result.createObjectStore(ENTRIES, { keyPath: 'sequence', autoIncrement: true });
      entries.createIndex('id', 'id', { unique: true });
      request.result.createObjectStore(STATUS);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onLost;
      // Another tab has a newer version of the plug-ins: it must not wait for this one.
      database.onversionchange = () => {
        database.close();
        onLost();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new DOMException('another tab keeps an older version open', 'InvalidStateError'));
  });
}

/** Why the browser keeps nothing, in a few words for the reader. */
export function storageProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') return 'its storage is full';
  if (name === 'SecurityError' || name === 'InvalidStateError') return 'its settings allow no storage on this page';
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '') || name;
}
