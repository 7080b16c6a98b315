/**
 * Results that the browser keeps, so that closing a study by mistake loses nothing. They stay in this browser, under the UIDs
 * of study and series and nothing else that says who the patient is, and are forgotten after a while.
 */
export interface LocalResults {
  /** The text kept for a series, or null. Rejects where the browser refuses storage. */
  read(studyUid: string, seriesUid: string): Promise<string | null>;
  /** Keeps a text, and forgets others by the limits. Rejects where the browser refuses storage, or the text is too long. */
  write(studyUid: string, seriesUid: string, text: string): Promise<void>;
}

interface LocalRecord {
  /** "study series" */
  readonly key: string;
  readonly savedAt: number;
  readonly text: string;
}

export interface RecordSummary {
  readonly key: string;
  readonly savedAt: number;
  readonly length: number;
}

const DATABASE = 'voxelwise-calcium';
const TABLE = 'results';
const DAY_MS = 86_400_000;

export const LIMITS = {
  /** Characters of one result. An edit takes some hundred; a brushed or bony lesion some ten thousand. */
  textLength: 4_000_000,
  totalLength: 64_000_000,
  ageMs: 30 * DAY_MS,
} as const;

/** Keys of the records to forget: those past their age, then the oldest until the rest is small enough. */
export function keysToForget(records: readonly RecordSummary[], now: number): string[] {
  let total = 0;
  return [...records]
    .sort((a, b) => b.savedAt - a.savedAt)
    .filter(({ savedAt, length }) => {
      total += length;
      return now - savedAt > LIMITS.ageMs || total > LIMITS.totalLength;
    })
    .map(({ key }) => key);
}

export function localResults(): LocalResults {
  let opened: Promise<IDBDatabase> | undefined;
  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'key' });
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
  const forget = async () => {
    const records: LocalRecord[] = await ask('readonly', table => table.getAll());
    const summaries = records.map(({ key, savedAt, text }) => ({ key, savedAt, length: text.length }));
    for (const key of keysToForget(summaries, Date.now())) await ask('readwrite', table => table.delete(key));
  };
  let isTidy = false;
  return {
    async read(studyUid, seriesUid) {
      const record: LocalRecord | undefined = await ask('readonly', table => table.get(keyOf(studyUid, seriesUid)));
      return record && Date.now() - record.savedAt <= LIMITS.ageMs ? record.text : null;
    },
    async write(studyUid, seriesUid, text) {
      if (text.length > LIMITS.textLength) throw new Error('there are too many edits to keep in the browser');
      const record: LocalRecord = { key: keyOf(studyUid, seriesUid), savedAt: Date.now(), text };
      await ask('readwrite', table => table.put(record));
      if (isTidy) return;
      isTidy = true; // once per visit: results come slowly
      await forget();
    },
  };
}

function keyOf(studyUid: string, seriesUid: string): string {
  return `${studyUid} ${seriesUid}`;
}
