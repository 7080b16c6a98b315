import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { unwrapDataKey } from '../keys/data-keys.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { openEncrypted, uploadEncrypted } from './encrypted-objects.ts';
import { DamagedObjectError, ObjectTooLargeError } from './errors.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';

const keys = newKeyRing();
const context = { purpose: 'object', site: 'north', sha256: 'aa' };
let folder: string;
let objects: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'objects-'));
  objects = await openObjectStore(folder);
});

const upload = (content: Readable, maxBytes?: number) =>
  uploadEncrypted(content, { keys, objects, folder: 'objects', context, ...(maxBytes !== undefined && { maxBytes }) });

async function stored(content: Buffer) {
  const uploaded = await upload(Readable.from([content], { objectMode: false }));
  const dataKey = unwrapDataKey(keys, uploaded.dataKey);
  return { ...uploaded, dataKey, file: path.join(folder, uploaded.storageKey) };
}

test.each([0, 1, 65_535, 65_536, 65_537, 1_000_003])('%i bytes come back as they were', async size => {
  const content = randomBytes(size);
  const object = await stored(content);
  expect(object).toMatchObject({ sizeBytes: size, sha256: createHash('sha256').update(content).digest('hex') });
  expect((await buffer(await openEncrypted(objects, object, context))).equals(content)).toBe(true);
});

test('what lies in the store does not hold the content', async () => {
  const { file } = await stored(Buffer.from('A sentence about Jane Doe. '.repeat(100)));
  expect((await readFile(file)).includes('Jane Doe')).toBe(false);
});

test('a flipped byte is detected, wherever it is, and so is a cut end', async () => {
  const object = await stored(randomBytes(150_000));
  const bytes = await readFile(object.file);
  const positions = [
    0,
    1,
    20,
    60,
    120,
    200,
    300,
    400,
    500,
    70_000,
    100_000,
    140_000,
    ...Array.from({ length: 30 }, () => Math.floor(Math.random() * bytes.length)),
    bytes.length - 20,
    bytes.length - 1,
  ];
  for (const position of positions.filter(position => position < bytes.length)) {
    const damaged = Buffer.from(bytes);
    damaged[position]! ^= 0x01;
    await writeFile(object.file, damaged);
    await expect(openEncrypted(objects, object, context).then(buffer)).rejects.toThrow(DamagedObjectError);
  }
  for (const length of [0, 10, 300, 65_000, 100_000, bytes.length - 1]) {
    await writeFile(object.file, bytes.subarray(0, length));
    await expect(openEncrypted(objects, object, context).then(buffer)).rejects.toThrow(DamagedObjectError);
  }
  await writeFile(object.file, Buffer.concat([bytes, Buffer.from([0])]));
  await expect(openEncrypted(objects, object, context).then(buffer)).rejects.toThrow(DamagedObjectError);
}, 60_000);

test('an object in the place of another one is noticed, also where it has the same key', async () => {
  const object = await stored(randomBytes(1000));
  for (const other of [
    { ...context, site: 'south' },
    { ...context, sha256: 'bb' },
    { ...context, purpose: 'export' },
  ]) {
    await expect(openEncrypted(objects, object, other).then(buffer)).rejects.toThrow(
      /another one that was put in its place/,
    );
  }
  const second = await stored(randomBytes(1000));
  await writeFile(object.file, await readFile(second.file));
  await expect(openEncrypted(objects, object, context).then(buffer)).rejects.toThrow(DamagedObjectError);
});

test('another key does not open it', async () => {
  const object = await stored(randomBytes(1000));
  const dataKey = { id: object.dataKey.id, key: createSecretKey(randomBytes(32)) };
  await expect(openEncrypted(objects, { ...object, dataKey }, context).then(buffer)).rejects.toThrow(
    DamagedObjectError,
  );
});

test('what is too large is refused on its way, and leaves nothing', async () => {
  await expect(upload(Readable.from([randomBytes(1000), randomBytes(1000)]), 1500)).rejects.toThrow(
    ObjectTooLargeError,
  );
  const left: string[] = [];
  for await (const { key } of objects.list('')) left.push(key);
  expect(left).toEqual([]);
});

test('a stream that breaks off leaves nothing', async () => {
  async function* broken() {
    yield randomBytes(100_000);
    throw new Error('the client has gone');
  }
  await expect(upload(Readable.from(broken(), { objectMode: false }))).rejects.toThrow();
  const left: string[] = [];
  for await (const { key } of objects.list('')) left.push(key);
  expect(left).toEqual([]);
});

test('200 MB pass through in flat memory', async () => {
  const chunk = randomBytes(1_000_000);
  async function* large() {
    for (let index = 0; index < 200; index++) yield chunk;
  }
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  const uploaded = await upload(Readable.from(large(), { objectMode: false }));
  const object = { ...uploaded, dataKey: unwrapDataKey(keys, uploaded.dataKey) };
  let bytes = 0;
  for await (const part of await openEncrypted(objects, object, context)) bytes += (part as Buffer).length;
  clearInterval(watch);
  expect(bytes).toBe(200_000_000);
  expect(peak - before).toBeLessThan(150_000_000);
}, 120_000);
