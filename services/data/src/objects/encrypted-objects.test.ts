import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { KeyError, SealError, ShreddedError } from '../keys/errors.ts';
import { newKeyRing, withNewMasterKey } from '../keys/keys.test-support.ts';
import { rewrapDataKeys } from '../keys/rewrap-data-keys.ts';
import {
  destroyObject,
  destroyObjectRow,
  type ObjectContext,
  type ObjectId,
  readObject,
  storeObject,
} from './encrypted-objects.ts';
import { DamagedObjectError, DigestMismatchError, ObjectInUseError, ObjectTooLargeError } from './errors.ts';
import { bytesOf, digestOf, failingAfter, keysOf, stallingAfter } from './object-store.test-support.ts';
import { openObjectStore } from './object-store.ts';
import { objectContext, referTo, upload } from './objects.test-support.ts';

const SENTENCE = 'Mrs Miller, MRN 4711, has a nodule in the left upper lobe.';

let database: TestDatabase;
let folder: string;
let context: ObjectContext;

beforeEach(async () => {
  [database, folder] = await Promise.all([testDatabase(), mkdtemp(path.join(tmpdir(), 'voxelwise-objects-'))]);
  context = objectContext(database.db, await openObjectStore(folder));
});
afterEach(async () => {
  await Promise.all([database.drop(), rm(folder, { recursive: true })]);
});

async function contentOf(id: ObjectId, from = context): Promise<string> {
  const found = await readObject(from, id);
  if (!found) throw new Error('There is no such object.');
  return Buffer.concat(await found.stream.toArray()).toString();
}

async function theFile(): Promise<string> {
  const keys = await keysOf(context.store);
  expect(keys).toHaveLength(1);
  return path.join(folder, keys[0]!);
}

/** Nothing is stored: no row, no data key that is alive, no bytes, nothing unfinished. */
async function expectNothing(): Promise<void> {
  expect(await database.db.prisma.storedObject.count()).toBe(0);
  expect(await database.db.prisma.dataKey.count({ where: { wrapped: { not: null } } })).toBe(0);
  expect(await keysOf(context.store)).toEqual([]);
  expect(await readdir(path.join(folder, '.unfinished'))).toEqual([]);
}

test('a stored object comes back as it was, with what is known about it', async () => {
  const [request, stream] = upload(SENTENCE);
  const { site, sha256, mediaType } = request;
  const stored = { site, sha256, mediaType, sizeBytes: SENTENCE.length };
  expect(await storeObject(context, request, stream)).toEqual({ ...stored, created: true });
  const found = await readObject(context, { site, sha256 });
  expect(found).toMatchObject(stored);
  expect(Buffer.concat(await found!.stream.toArray()).toString()).toBe(SENTENCE);
  expect(await readObject(context, { site: 'site-b', sha256 })).toBeNull();
  expect(await readObject(context, { site, sha256: createHash('sha256').digest('hex') })).toBeNull();
});

test('a planted sentence and its digest are in neither the stored bytes nor, as a sentence, in a table', async () => {
  const [request, stream] = upload(SENTENCE.repeat(5_000));
  await storeObject(context, request, stream);
  const bytes = await readFile(await theFile());
  for (const planted of ['Miller', '4711', 'nodule', request.sha256, Buffer.from(request.sha256, 'hex')]) {
    expect(bytes.includes(planted)).toBe(false);
  }
  const { rows: tables } = await database.owner.pool.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  for (const { name } of tables) {
    const { rows } = await database.owner.pool.query(`SELECT row_to_json(t)::text AS raw FROM "${name}" AS t`);
    for (const { raw } of rows) expect(raw).not.toMatch(/Miller|nodule/);
  }
});

test('content that is not what was announced is refused, and nothing stays', async () => {
  const [request] = upload(SENTENCE);
  for (const other of [Buffer.alloc(0), Buffer.from(`${SENTENCE} `), randomBytes(300_000)]) {
    const storing = storeObject(context, request, Readable.from([other]));
    await expect(storing).rejects.toThrow(DigestMismatchError);
    await expectNothing();
  }
});

test('content above the limit is refused before it is read to its end, and nothing stays', async () => {
  const stream = bytesOf(50_000_000);
  const [request] = upload('', { maxBytes: 1_000_000 });
  await expect(storeObject(context, request, stream)).rejects.toThrow(ObjectTooLargeError);
  expect(stream.readableEnded).toBe(false);
  expect(stream.destroyed).toBe(true);
  await expectNothing();
  const [exact, small] = upload('12345', { maxBytes: 5 });
  expect(await storeObject(context, exact, small)).toMatchObject({ created: true });
});

test('a client that goes away or is cut off leaves nothing', async () => {
  const failure = new Error('the client went away');
  const [request] = upload(SENTENCE);
  await expect(storeObject(context, request, failingAfter(200_000, failure))).rejects.toBe(failure);
  const abort = new AbortController();
  const stalling = stallingAfter(200_000, () => abort.abort());
  const storing = storeObject(context, request, stalling, { signal: abort.signal });
  await expect(storing).rejects.toMatchObject({ name: 'AbortError' });
  expect(stalling.destroyed).toBe(true);
  await expectNothing();
});

test('the same content is stored once per site, and is still read to its end and compared', async () => {
  const [request, first] = upload(SENTENCE);
  await storeObject(context, request, first);
  const [, second] = upload(SENTENCE);
  expect(await storeObject(context, request, second)).toMatchObject({ created: false, sizeBytes: SENTENCE.length });
  expect(second.readableEnded).toBe(true);
  // Knowing the digest alone is not enough.
  await expect(storeObject(context, request, Readable.from([]))).rejects.toThrow(DigestMismatchError);
  await expect(storeObject(context, request, bytesOf(100))).rejects.toThrow(DigestMismatchError);
  expect(await keysOf(context.store)).toHaveLength(1);

  const [elsewhere, third] = upload(SENTENCE, { site: 'site-b' });
  expect(await storeObject(context, elsewhere, third)).toMatchObject({ created: true });
  expect(await keysOf(context.store)).toHaveLength(2);
  expect(await database.db.prisma.dataKey.count()).toBe(2);
});

test('of twenty at once one stays', async () => {
  const content = randomBytes(400_000);
  const results = await Promise.all(Array.from({ length: 20 }, () => storeObject(context, ...upload(content))));
  expect(results.filter(result => result.created)).toHaveLength(1);
  expect(await database.db.prisma.storedObject.count()).toBe(1);
  expect(await database.db.prisma.dataKey.count()).toBe(1);
  expect(await keysOf(context.store)).toHaveLength(1);
  const found = await readObject(context, results[0]!);
  expect(await digestOf(found!.stream)).toBe(results[0]!.sha256);
});

test('what is written along with the object is written with it or not at all', async () => {
  const [request] = upload(SENTENCE);
  const told: unknown[] = [];
  const tell = async (_tx: unknown, object: unknown) => void told.push(object);
  const refuse = async () => {
    throw new Error('the audit event is refused');
  };
  const store = (inTransaction: typeof tell | typeof refuse) =>
    storeObject(context, request, upload(SENTENCE)[1], { inTransaction });

  await expect(store(refuse)).rejects.toThrow('the audit event is refused');
  expect(await readObject(context, request)).toBeNull();
  await store(tell);
  await expect(store(refuse)).rejects.toThrow('the audit event is refused');
  await store(tell);
  expect(told).toMatchObject([
    { created: true, sha256: request.sha256 },
    { created: false, sizeBytes: 58 },
  ]);
});

test('a changed byte, a missing end and a missing file are told with the name of the object', async () => {
  const [request, stream] = upload(randomBytes(200_000));
  await storeObject(context, request, stream);
  const file = await theFile();
  const stored = await readFile(file);
  const name = `The object ${request.sha256} of the site site-a is `;

  for (const place of [0, 5, 80, 300, 100_000, stored.length - 1]) {
    const changed = Buffer.from(stored);
    changed[place]! ^= 0x10;
    await writeFile(file, changed);
    await expect(contentOf(request)).rejects.toThrow(DamagedObjectError);
    await expect(contentOf(request)).rejects.toThrow(`${name}damaged: `);
  }
  await writeFile(file, stored.subarray(0, 100_000));
  await expect(contentOf(request)).rejects.toThrow(`${name}damaged: `);
  await rm(file);
  await expect(contentOf(request)).rejects.toThrow(`${name}missing from the object store (objects/`);
});

test('objects that changed places, in the store or in the table, are told', async () => {
  const [one, first] = upload('the first content');
  const [two, second] = upload('another content.');
  await storeObject(context, one, first);
  await storeObject(context, two, second);

  const files = (await keysOf(context.store)).map(key => path.join(folder, key));
  const [left, right] = await Promise.all(files.map(file => readFile(file)));
  await Promise.all([writeFile(files[0]!, right!), writeFile(files[1]!, left!)]);
  await expect(contentOf(one)).rejects.toThrow(DamagedObjectError);
  await Promise.all([writeFile(files[0]!, left!), writeFile(files[1]!, right!)]);
  expect(await contentOf(one)).toBe('the first content');

  const rows = await database.owner.prisma.storedObject.findMany();
  const swap = (to: (typeof rows)[0], from: (typeof rows)[0], suffix = '') =>
    database.owner.prisma.storedObject.update({
      where: { site_sha256: { site: to.site, sha256: to.sha256 } },
      data: { storageKey: from.storageKey + suffix, dataKeyId: from.dataKeyId, sizeBytes: from.sizeBytes },
    });
  await swap(rows[0]!, rows[1]!, '-');
  await swap(rows[1]!, rows[0]!);
  await swap(rows[0]!, rows[1]!);
  await expect(contentOf(one)).rejects.toThrow(
    /is damaged: The content has the SHA-256 \w{64}, but \w{64} was announced/,
  );
});

test('other keys open nothing, and a rotated master key goes on', async () => {
  const ring = newKeyRing();
  context = objectContext(database.db, context.store, ring);
  const [request, stream] = upload(SENTENCE);
  await storeObject(context, request, stream);
  await expect(contentOf(request, objectContext(database.db, context.store))).rejects.toThrow(SealError);

  const rotated = withNewMasterKey(ring);
  await rewrapDataKeys(database.db, rotated);
  expect(await contentOf(request, objectContext(database.db, context.store, rotated))).toBe(SENTENCE);
  await expect(contentOf(request)).rejects.toThrow(KeyError);
});

test('a destroyed object is unreadable, also where its bytes are put back', async () => {
  const [request, stream] = upload(SENTENCE);
  await storeObject(context, request, stream);
  const file = await theFile();
  const bytes = await readFile(file);
  const row = await database.db.prisma.storedObject.findFirstOrThrow();

  expect(await destroyObject(context, request)).toBe(true);
  expect(await readObject(context, request)).toBeNull();
  expect(await destroyObject(context, request)).toBe(false);
  await expectNothing();

  // As from a backup of the object store, and with the row made up.
  await writeFile(file, bytes);
  await database.owner.prisma.storedObject.create({ data: row });
  await expect(contentOf(request)).rejects.toThrow(ShreddedError);
});

test('an object that was destroyed can be stored again', async () => {
  const [request] = upload(SENTENCE);
  await storeObject(context, request, upload(SENTENCE)[1]);
  await destroyObject(context, request);
  expect(await storeObject(context, request, upload(SENTENCE)[1])).toMatchObject({ created: true });
  expect(await contentOf(request)).toBe(SENTENCE);
});

test('an object that a record refers to is not destroyed', async () => {
  const [request, stream] = upload(SENTENCE);
  await storeObject(context, request, stream);
  const predictionId = await referTo(database.db, request);
  await expect(destroyObject(context, request)).rejects.toThrow(ObjectInUseError);
  expect(await contentOf(request)).toBe(SENTENCE);

  await database.db.prisma.objectReference.deleteMany({ where: { predictionId } });
  expect(await destroyObject(context, request)).toBe(true);
});

test('of a record that begins to refer to an object and its destruction at the same time, one wins', async () => {
  for (let round = 0; round < 20; round += 1) {
    const [request, stream] = upload(`content ${round}`);
    await storeObject(context, request, stream);
    const [referred, destroyed] = await Promise.allSettled([
      referTo(database.db, request),
      destroyObject(context, request),
    ]);
    expect([referred.status, destroyed.status].sort()).toEqual(['fulfilled', 'rejected']);
    if (referred.status === 'fulfilled') expect(await contentOf(request)).toBe(`content ${round}`);
    else expect(await readObject(context, request)).toBeNull();
  }
});

test('destroying within the transaction of a caller happens with it or not at all', async () => {
  const [request, stream] = upload(SENTENCE);
  await storeObject(context, request, stream);
  const failed = database.db.transaction(async tx => {
    await destroyObjectRow(tx, request);
    throw new Error('the tombstone is refused');
  });
  await expect(failed).rejects.toThrow('the tombstone is refused');
  expect(await contentOf(request)).toBe(SENTENCE);
  const key = await database.db.transaction(tx => destroyObjectRow(tx, request));
  expect(await keysOf(context.store)).toEqual([key]);
  expect(await readObject(context, request)).toBeNull();
});

test('storing and destroying the same content over and over leaves it whole or gone', async () => {
  const [request] = upload(SENTENCE);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 60 }, (_, index) =>
      index % 3 === 2 ? destroyObject(context, request) : storeObject(context, request, upload(SENTENCE)[1]),
    ),
  );
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason.message).toContain('Send it once more');
  }
  const found = await readObject(context, request);
  if (found) expect(await contentOf(request)).toBe(SENTENCE);
  expect(await keysOf(context.store)).toHaveLength(found ? 1 : 0);
  expect(await database.db.prisma.dataKey.count({ where: { wrapped: { not: null } } })).toBe(found ? 1 : 0);
});
