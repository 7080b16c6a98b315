import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { Readable } from 'node:stream';
import { ObjectStoreError } from './errors.ts';
import type { ObjectStore, StoredObjectInfo } from './object-store.ts';

const MIB = 2 ** 20;
/** Putting or removing a thousand objects, on a loaded machine. */
const SLOW_MS = 60_000;

/** Bytes that follow from the seed, in chunks of uneven sizes, made when they are read. */
export function bytesOf(sizeBytes: number, seed = 1): Readable {
  function* chunks() {
    let done = 0;
    for (let index = 0; done < sizeBytes; index += 1) {
      const outputLength = Math.min(sizeBytes - done, 1 + ((index * 77_777) % 150_000));
      done += outputLength;
      yield createHash('shake256', { outputLength }).update(`${seed} ${index}`).digest();
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}

/** The same, but it never ends, as the request of a client that hangs: after so many bytes it calls back and waits. */
export function stallingAfter(sizeBytes: number, onStalled: () => void): Readable {
  const chunks = bytesOf(sizeBytes).iterator();
  return new Readable({
    async read() {
      const { value, done } = await chunks.next();
      if (!done) this.push(value);
      else setTimeout(onStalled, 50); // so that what was read is on its way
    },
  });
}

/** Fails after so many bytes. */
export function failingAfter(sizeBytes: number, error: Error): Readable {
  async function* chunks() {
    for await (const chunk of bytesOf(sizeBytes)) yield chunk;
    throw error;
  }
  return Readable.from(chunks(), { objectMode: false });
}

export async function digestOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

export async function listOf(store: ObjectStore, prefix = ''): Promise<StoredObjectInfo[]> {
  const found: StoredObjectInfo[] = [];
  for await (const one of store.list(prefix)) found.push(one);
  return found;
}

export async function keysOf(store: ObjectStore, prefix = ''): Promise<string[]> {
  return (await listOf(store, prefix)).map(one => one.key).sort();
}

/** Starts to store the object `killed` in a process of its own and kills that midway. */
export async function killedDuringUpload(url: string, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const script = `
    setInterval(() => {}, 1000);
    const [objectStore, support, url] = process.argv.slice(1);
    const { openObjectStore } = await import(objectStore);
    const { stallingAfter } = await import(support);
    const store = await openObjectStore(url);
    await store.putStream('killed', stallingAfter(30_000_000, () => setTimeout(() => console.log('stalled'), 500)));`;
  const files = ['object-store.ts', 'object-store.test-support.ts'].map(file => path.join(import.meta.dirname, file));
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...files, url], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function sixteenAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: 16 }, async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  });
  await Promise.all(workers);
}

/** The error of a promise that must reject with an {@link ObjectStoreError}. */
export async function storeError(promise: Promise<unknown>): Promise<ObjectStoreError> {
  const error = await promise.then(
    () => null,
    reason => reason,
  );
  expect(error).toBeInstanceOf(ObjectStoreError);
  return error as ObjectStoreError;
}

/**
 * What every object store does, as tests.
 * @param open a store without objects. @param unfinished how many uploads it holds that did not end.
 */
export function describeObjectStore(open: () => Promise<ObjectStore>, unfinished: () => Promise<number>): void {
  let store: ObjectStore;
  const newKey = () => `objects/${randomUUID().slice(0, 2)}/${randomUUID()}`;

  beforeAll(async () => {
    store = await open();
  });
  afterEach(async () => {
    await sixteenAtOnce(await keysOf(store), key => store.remove(key));
  }, SLOW_MS);

  test.each([0, 1, 70_000, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 20 * MIB])(
    '%d streamed bytes come back as they were',
    async sizeBytes => {
      const key = newKey();
      expect(await store.putStream(key, bytesOf(sizeBytes))).toEqual({ sizeBytes });
      expect(await digestOf(await store.getStream(key))).toBe(await digestOf(bytesOf(sizeBytes)));
      expect(await store.exists(key)).toBe(true);
      const [listed] = await listOf(store, key);
      expect(listed).toMatchObject({ key, sizeBytes });
      expect(Math.abs(Date.now() - listed!.modifiedAt.getTime())).toBeLessThan(60_000);
    },
  );

  test('an object that is not there is told as missing, and removing it is no error', async () => {
    const key = newKey();
    const error = await storeError(store.getStream(key));
    expect(error.problem).toBe('missing');
    expect(error.message).toBe(`The object ${key} is not in the object store.`);
    expect(await store.exists(key)).toBe(false);
    await store.remove(key);
  });

  test('a removed object is gone', async () => {
    const key = newKey();
    await store.putStream(key, bytesOf(10));
    await store.remove(key);
    expect(await store.exists(key)).toBe(false);
    expect(await keysOf(store)).toEqual([]);
  });

  test('an object put under the same key replaces it as a whole', async () => {
    const key = newKey();
    await store.putStream(key, bytesOf(9 * MIB, 1));
    await store.putStream(key, bytesOf(1000, 2));
    expect(await digestOf(await store.getStream(key))).toBe(await digestOf(bytesOf(1000, 2)));
  });

  test(
    'only what starts with the prefix is listed, also over several pages',
    async () => {
      const keys = Array.from({ length: 1_030 }, (_, index) => `many/${index % 7}/${index}`);
      const others = ['many-more', 'other/many', 'many'.concat('x/1')];
      await sixteenAtOnce([...keys, ...others], key => store.putStream(key, Readable.from(['x'])));
      expect(await keysOf(store, 'many/')).toEqual([...keys].sort());
      expect(await keysOf(store, 'many/3/')).toEqual(keys.filter((_key, index) => index % 7 === 3).sort());
      expect(await keysOf(store, 'many')).toHaveLength(keys.length + 2);
      expect(await keysOf(store, 'absent/')).toEqual([]);
    },
    SLOW_MS,
  );

  const refusedEverywhere = async (key: string) => {
    const calls = [store.putStream(key, bytesOf(1)), store.getStream(key), store.exists(key), store.remove(key)];
    for (const error of await Promise.all(calls.map(storeError))) {
      expect(error.message).toContain('is no key of an object');
    }
  };
  test.each([
    '../outside',
    'a/../../outside',
    '/etc/passwd',
    'a//b',
    './a',
    '.unfinished/a',
    'a/.b',
    'Aa',
    'a b',
    '',
    'a\\b',
    'ä',
    'a/',
  ])('the key %j is refused everywhere', key => refusedEverywhere(key));

  test('a key of 201 characters is refused everywhere', () => refusedEverywhere('x'.repeat(201)));

  test.each([100, 12 * MIB])(
    'an upload aborted after %d bytes leaves nothing, and its source is closed',
    async sizeBytes => {
      const key = newKey();
      const abort = new AbortController();
      const source = stallingAfter(sizeBytes, () => abort.abort());
      await expect(store.putStream(key, source, { signal: abort.signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
      expect(source.destroyed).toBe(true);
      expect(await store.exists(key)).toBe(false);
      expect(await keysOf(store)).toEqual([]);
      expect(await unfinished()).toBe(0);
    },
  );

  test('an upload that was aborted before it began leaves nothing', async () => {
    const key = newKey();
    const source = bytesOf(100);
    const upload = store.putStream(key, source, { signal: AbortSignal.abort() });
    await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
    expect(source.destroyed).toBe(true);
    expect(await store.exists(key)).toBe(false);
  });

  test.each([0, 100, 12 * MIB])(
    'a source that fails after %d bytes leaves nothing, and its own error is told',
    async sizeBytes => {
      const key = newKey();
      const failure = Object.assign(new Error('the client went away'), { code: 'ECONNRESET' });
      await expect(store.putStream(key, failingAfter(sizeBytes, failure))).rejects.toBe(failure);
      expect(await store.exists(key)).toBe(false);
      expect(await keysOf(store)).toEqual([]);
      expect(await unfinished()).toBe(0);
    },
  );

  test('a failed replacement leaves the object as it was', async () => {
    const key = newKey();
    await store.putStream(key, bytesOf(5000, 7));
    await expect(store.putStream(key, failingAfter(9 * MIB, new Error('no')))).rejects.toThrow('no');
    expect(await digestOf(await store.getStream(key))).toBe(await digestOf(bytesOf(5000, 7)));
  });

  test('a reader that leaves early, or is aborted, disturbs nobody', async () => {
    const key = newKey();
    await store.putStream(key, bytesOf(9 * MIB));
    for await (const chunk of await store.getStream(key)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const abort = new AbortController();
    const aborted = await store.getStream(key, { signal: abort.signal });
    const reading = digestOf(aborted);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(await digestOf(await store.getStream(key))).toBe(await digestOf(bytesOf(9 * MIB)));
  });

  test('twenty at once do not mix', async () => {
    const keys = Array.from({ length: 20 }, newKey);
    await Promise.all(keys.map((key, index) => store.putStream(key, bytesOf(index * 40_000, index + 1))));
    const digests = await Promise.all(keys.map(async key => await digestOf(await store.getStream(key))));
    expect(digests).toEqual(await Promise.all(keys.map((_key, index) => digestOf(bytesOf(index * 40_000, index + 1)))));
  });

  test('it is ready, and cleaning up touches no object', async () => {
    const key = newKey();
    await store.putStream(key, bytesOf(10));
    await store.checkReady();
    expect(await store.removeUnfinished(new Date(Date.now() + 60_000))).toBe(0);
    expect(await store.exists(key)).toBe(true);
  });
}
