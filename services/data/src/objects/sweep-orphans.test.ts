import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { type ObjectContext, type ObjectId, readObject, storeObject } from './encrypted-objects.ts';
import { bytesOf, keysOf, storeError } from './object-store.test-support.ts';
import { openObjectStore } from './object-store.ts';
import { objectContext, referTo, upload } from './objects.test-support.ts';
import { sweepOrphans } from './sweep-orphans.ts';

const HOUR_MS = 3_600_000;

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

const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

/** Makes bytes, and a row where there is one, look older. */
async function age(key: string, hours: number): Promise<void> {
  await utimes(path.join(folder, key), hoursAgo(hours), hoursAgo(hours));
  await database.owner.prisma.storedObject.updateMany({
    where: { storageKey: key },
    data: { createdAt: hoursAgo(hours) },
  });
}

async function stored(content: string, hours: number): Promise<ObjectId & { key: string }> {
  const [request, stream] = upload(content);
  await storeObject(context, request, stream);
  const { storageKey: key } = await database.db.prisma.storedObject.findFirstOrThrow({
    where: { sha256: request.sha256 },
  });
  await age(key, hours);
  return { site: request.site, sha256: request.sha256, key };
}

async function bytesAlone(name: string, hours: number): Promise<string> {
  const key = `objects/${name}`;
  await context.store.putStream(key, bytesOf(100));
  await age(key, hours);
  return key;
}

test('what nothing refers to is destroyed and removed after a day, everything else stays', async () => {
  const used = await stored('used, old', 100);
  await referTo(database.db, used);
  const young = await stored('not used, young', 23);
  const old = await stored('not used, old', 25);
  const youngBytes = await bytesAlone('young', 23);
  await bytesAlone('old', 25);
  await context.store.putStream('exports/old', bytesOf(100));
  await age('exports/old', 1000);
  await writeFile(path.join(folder, '.unfinished', 'old'), 'half');
  await utimes(path.join(folder, '.unfinished', 'old'), hoursAgo(25), hoursAgo(25));
  await writeFile(path.join(folder, '.unfinished', 'young'), 'half');

  expect(await sweepOrphans(context)).toEqual({ destroyed: 1, removed: 1, unfinished: 1 });
  expect(await keysOf(context.store)).toEqual(['exports/old', used.key, young.key, youngBytes].sort());
  expect(await readdir(path.join(folder, '.unfinished'))).toEqual(['young']);
  expect(await readObject(context, old)).toBeNull();
  expect(await database.db.prisma.dataKey.count({ where: { wrapped: null } })).toBe(1);
  expect(await sweepOrphans(context)).toEqual({ destroyed: 0, removed: 0, unfinished: 0 });
});

test('what was sent again an hour ago stays for its record', async () => {
  const old = await stored('sent again', 30);
  await storeObject(context, ...upload('sent again'));
  expect(await sweepOrphans(context)).toMatchObject({ destroyed: 0 });
  await age(old.key, 30);
  expect(await sweepOrphans(context)).toMatchObject({ destroyed: 1 });
});

test('a service that died between the bytes and the row leaves bytes that are swept', async () => {
  const dies = async () => {
    throw new Error('killed');
  };
  await expect(storeObject(context, ...upload('lost'), { inTransaction: dies })).rejects.toThrow('killed');
  const [key] = await keysOf(context.store);
  expect(await sweepOrphans(context)).toMatchObject({ removed: 0 });
  await age(key!, 25);
  expect(await sweepOrphans(context)).toMatchObject({ removed: 1 });
  expect(await keysOf(context.store)).toEqual([]);
});

test('more than one page of everything', async () => {
  const { prisma } = database.db;
  const row = await stored('a row to copy', 25);
  const { dataKeyId, createdBy } = await prisma.storedObject.findFirstOrThrow();
  await prisma.storedObject.createMany({
    data: Array.from({ length: 1_100 }, (_, index) => ({
      site: 'site-a',
      sha256: index.toString(16).padStart(64, '0'),
      sizeBytes: 1n,
      mediaType: 'text/plain',
      storageKey: `objects/many/${index}`,
      dataKeyId,
      createdAt: hoursAgo(30),
      createdBy,
    })),
  });
  await Promise.all(Array.from({ length: 1_100 }, (_, index) => bytesAlone(`many/${index}`, 30)));
  expect(await sweepOrphans(context)).toEqual({ destroyed: 1_101, removed: 0, unfinished: 0 });
  expect(row.key).toBeDefined();
  expect(await keysOf(context.store)).toEqual([]);
}, 60_000);

test('the object store of another database is not emptied', async () => {
  await stored('known', 25);
  const keys = await Promise.all(Array.from({ length: 101 }, (_, index) => bytesAlone(`foreign/${index}`, 25)));
  const error = await storeError(sweepOrphans(context));
  expect(error.message).toContain(
    `101 of 102 objects in ${context.store.name} have no row in this database. Nothing was removed`,
  );
  expect(await keysOf(context.store)).toHaveLength(102);
  expect(await database.db.prisma.storedObject.count()).toBe(1);

  expect(await sweepOrphans(context, { evenMost: true })).toMatchObject({ destroyed: 1, removed: keys.length });
});

test('several sweeps at once, beside uploads and records, do no harm', async () => {
  const olds = await Promise.all(Array.from({ length: 12 }, (_, index) => stored(`old ${index}`, 25)));
  const outcomes = await Promise.allSettled([
    sweepOrphans(context),
    sweepOrphans(context),
    ...olds.map(old => referTo(database.db, old)),
    ...olds.map((_old, index) => storeObject(context, ...upload(`old ${index}`))),
  ]);
  for (const outcome of outcomes.slice(0, 2)) expect(outcome.status).toBe('fulfilled');
  for (const [index, old] of olds.entries()) {
    const found = await readObject(context, old);
    const isReferred = outcomes[2 + index]!.status === 'fulfilled';
    const isStored = outcomes[2 + olds.length + index]!.status === 'fulfilled';
    if (isReferred || isStored) expect(found).not.toBeNull();
    if (found) expect((await found.stream.toArray()).join('')).toBe(`old ${index}`);
  }
});
