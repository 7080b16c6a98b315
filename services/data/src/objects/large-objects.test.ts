import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { readObject, storeObject } from './encrypted-objects.ts';
import { bytesOf, digestOf, keysOf } from './object-store.test-support.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { objectContext, upload } from './objects.test-support.ts';
import { startS3Server, type TestS3Server } from './s3-server.test-support.ts';

const SIZE_BYTES = 200_000_000;
/** An upload to a bucket holds about eight parts of 5 MiB; a loaded machine a few more. Far less than all. */
const MAX_GROWTH_BYTES = 100_000_000;

let database: TestDatabase;
let server: TestS3Server;
let folder: string;

beforeAll(async () => {
  [database, server, folder] = await Promise.all([
    testDatabase(),
    startS3Server('objects'),
    mkdtemp(path.join(tmpdir(), 'voxelwise-objects-')),
  ]);
});
afterAll(async () => {
  await Promise.all([database.drop(), server.stop(), rm(folder, { recursive: true })]);
});

const stores: [string, () => Promise<ObjectStore>][] = [
  ['a folder', () => openObjectStore(folder)],
  ['a bucket', () => openObjectStore(server.url('objects'), server.environment)],
];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How much more memory than at its beginning some work held at its peak, garbage not counted. */
async function growthBytes(work: () => Promise<unknown>): Promise<number> {
  const held = () => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = held();
  let peak = before;
  let isDone = false;
  const watch = async () => {
    while (!isDone) {
      // Collecting the garbage of all tests before this one takes long: it gets a small part of the time.
      const start = performance.now();
      peak = Math.max(peak, held());
      await setTimeout(Math.max(500, 5 * (performance.now() - start)), undefined, { ref: false });
    }
  };
  const watching = watch();
  await work().finally(() => {
    isDone = true;
  });
  await watching;
  return peak - before;
}

test.each(stores)(
  '200 MB are stored in and read from %s without being held in memory',
  async (name, open) => {
    const context = objectContext(database.db, await open());
    const sha256 = await digestOf(bytesOf(SIZE_BYTES));
    const [request] = upload('', { site: name.replace(' ', '-'), sha256 });
    const storing = await growthBytes(() => storeObject(context, request, bytesOf(SIZE_BYTES)));
    expect(storing).toBeLessThan(MAX_GROWTH_BYTES);
    const reading = await growthBytes(async () => {
      const found = await readObject(context, request);
      expect(found?.sizeBytes).toBe(SIZE_BYTES);
      expect(await digestOf(found!.stream)).toBe(sha256);
    });
    expect(reading).toBeLessThan(MAX_GROWTH_BYTES);
    console.info(`${name}: storing took ${Math.round(storing / 1e6)} MB, reading ${Math.round(reading / 1e6)} MB`);
  },
  240_000,
);

test('of twenty at once in a bucket one stays', async () => {
  const context = objectContext(database.db, await openObjectStore(server.url('objects'), server.environment));
  const before = await keysOf(context.store);
  const results = await Promise.all(Array.from({ length: 20 }, () => storeObject(context, ...upload('the same'))));
  expect(results.filter(result => result.created)).toHaveLength(1);
  expect(await keysOf(context.store)).toHaveLength(before.length + 1);
});
