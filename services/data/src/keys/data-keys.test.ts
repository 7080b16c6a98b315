import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { createDataKey, destroyDataKey, newDataKey, openDataKey, openDataKeys } from './data-keys.ts';
import { KeyError, SealError, ShreddedError } from './errors.ts';
import type { KeyRing } from './key-ring.ts';
import { newKeyRing, withNewMasterKey } from './keys.test-support.ts';
import { rewrapDataKeys } from './rewrap-data-keys.ts';
import { open, seal, sealedField } from './sealed-fields.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const makeKeys = async (ring: KeyRing, count: number) => {
  const keys = Array.from({ length: count }, () => newDataKey(ring));
  await database.db.prisma.dataKey.createMany({ data: keys.map(key => key.row) });
  return keys.map(key => key.dataKey);
};

test('a stored data key opens again and is not in the table as it is', async () => {
  const ring = newKeyRing();
  const { prisma } = database.db;
  const dataKey = await createDataKey(prisma, ring);
  expect((await openDataKey(prisma, ring, dataKey.id)).key.equals(dataKey.key)).toBe(true);
  const { rows } = await database.db.pool.query('SELECT row_to_json(k)::text AS raw FROM data_key AS k');
  expect(rows[0].raw).toContain('"master_key_id":"m1"');
  expect(rows[0].raw).not.toContain(dataKey.key.export().toString('hex'));
});

test('several data keys come in the order that was asked for', async () => {
  const ring = newKeyRing();
  const keys = await makeKeys(ring, 5);
  const ids = [3, 0, 3, 4].map(index => keys[index]!.id);
  expect((await openDataKeys(database.db.prisma, ring, ids)).map(key => key.id)).toEqual(ids);
});

test('a data key that is rolled back with its record leaves no row', async () => {
  const ring = newKeyRing();
  const failed = database.db.transaction(async tx => {
    await createDataKey(tx, ring);
    throw new Error('the record is refused');
  });
  await expect(failed).rejects.toThrow('the record is refused');
  expect(await database.db.prisma.dataKey.count()).toBe(0);
});

test('what a destroyed data key encrypted is gone, for good', async () => {
  const ring = newKeyRing();
  const { prisma } = database.db;
  const { id } = await createDataKey(prisma, ring);
  await destroyDataKey(prisma, id);
  await expect(openDataKey(prisma, ring, id)).rejects.toThrow(ShreddedError);
  const first = await prisma.dataKey.findUniqueOrThrow({ where: { id } });
  expect(first.wrapped).toBeNull();

  await sleep(5);
  await destroyDataKey(prisma, id);
  await rewrapDataKeys(database.db, withNewMasterKey(ring));
  expect(await prisma.dataKey.findUniqueOrThrow({ where: { id } })).toEqual(first);
});

test('a data key that is unknown, of an unknown master key, or changed is told apart', async () => {
  const ring = newKeyRing();
  const { prisma } = database.db;
  const id = randomUUID();
  await expect(openDataKey(prisma, ring, id)).rejects.toThrow(`The data key ${id} is not in the database.`);

  const later = await createDataKey(prisma, withNewMasterKey(ring));
  await expect(openDataKey(prisma, ring, later.id)).rejects.toThrow(KeyError);
  await expect(openDataKey(prisma, ring, later.id)).rejects.toThrow('The keys lack the master key m2 (they have m1)');

  const { id: swapped } = await createDataKey(prisma, ring);
  const { row } = newDataKey(ring);
  await prisma.dataKey.update({ where: { id: swapped }, data: { wrapped: row.wrapped } });
  await expect(openDataKey(prisma, ring, swapped)).rejects.toThrow(SealError);
});

test('re-wrapping leaves the data keys as they are and the older master key unused', async () => {
  const before = newKeyRing({ masterKeys: 2 });
  const keys = [
    ...(await makeKeys({ ...before, masterKeys: before.masterKeys.slice(0, 1) }, 25)),
    ...(await makeKeys(before, 12)),
  ];
  const after = withNewMasterKey(before);
  const progress: number[] = [];
  const result = await rewrapDataKeys(database.db, after, {
    batch: 10,
    onProgress: ({ rewrapped, total }) => progress.push(rewrapped, total),
  });
  expect(result).toEqual({ rewrapped: 37, left: new Map(), unopened: [] });
  expect(progress).toEqual([10, 37, 20, 37, 30, 37, 37, 37]);

  const newest = { ...after, masterKeys: after.masterKeys.slice(-1) };
  const opened = await openDataKeys(
    database.db.prisma,
    newest,
    keys.map(key => key.id),
  );
  expect(opened.every((key, index) => key.key.equals(keys[index]!.key))).toBe(true);
  expect(await rewrapDataKeys(database.db, after)).toEqual({ rewrapped: 0, left: new Map(), unopened: [] });
});

test('re-wrapping that is stopped goes on later, and says what is left', async () => {
  const ring = newKeyRing();
  await makeKeys(ring, 30);
  const after = withNewMasterKey(ring);
  const stop = new AbortController();
  const first = await rewrapDataKeys(database.db, after, {
    batch: 10,
    signal: stop.signal,
    onProgress: ({ rewrapped }) => rewrapped === 20 && stop.abort(),
  });
  expect(first).toEqual({ rewrapped: 20, left: new Map([['m1', 10]]), unopened: [] });
  expect(await rewrapDataKeys(database.db, after)).toEqual({ rewrapped: 10, left: new Map(), unopened: [] });
});

test('data keys that do not open are left as they are and named', async () => {
  const ring = newKeyRing();
  await makeKeys(ring, 3);
  const [foreign] = await makeKeys(newKeyRing(), 1);
  const result = await rewrapDataKeys(database.db, withNewMasterKey(ring), { batch: 2 });
  expect(result).toEqual({ rewrapped: 3, left: new Map([['m1', 1]]), unopened: [foreign!.id] });
});

test('what is sealed before, during and after re-wrapping opens at every moment', async () => {
  const { db } = database;
  const before = newKeyRing();
  const after = withNewMasterKey(before);
  const sealed: { id: string; text: string; value: string }[] = [];
  let ring = before;

  const write = async (number: number) => {
    const text = `finding ${number}`;
    const dataKey = await createDataKey(db.prisma, ring);
    sealed.push({ id: dataKey.id, text, value: seal(sealedField('t', 'c', dataKey.id, dataKey), text) });
  };
  const readAll = async () => {
    const known = [...sealed];
    const keys = await openDataKeys(
      db.prisma,
      after,
      known.map(one => one.id),
    );
    for (const [index, one] of known.entries()) {
      expect(open(sealedField('t', 'c', one.id, keys[index]!), one.value)).toBe(one.text);
    }
    return known.length;
  };

  for (let number = 0; number < 300; number += 1) await write(number);
  let running = true;
  let reads = 0;
  const reader = (async () => {
    while (running) reads += await readAll();
  })();
  const writer = (async () => {
    for (let number = 300; running; number += 1) {
      // Halfway, this process takes over the new master key.
      if (number === 320) ring = after;
      await write(number);
    }
  })();
  const destroyed = sealed.splice(7, 1)[0]!;
  const [first, second] = await Promise.all([
    rewrapDataKeys(db, after, { batch: 7 }),
    rewrapDataKeys(db, after, { batch: 11 }),
    destroyDataKey(db.prisma, destroyed.id),
  ]);
  while (ring !== after) await sleep(5);
  running = false;
  await Promise.all([reader, writer]);

  expect(reads).toBeGreaterThan(300);
  expect(first.rewrapped + second.rewrapped).toBeGreaterThanOrEqual(299);
  await rewrapDataKeys(db, after);
  await readAll();
  await expect(openDataKey(db.prisma, after, destroyed.id)).rejects.toThrow(ShreddedError);
  expect(await db.prisma.dataKey.count({ where: { masterKeyId: 'm1', wrapped: { not: null } } })).toBe(0);
}, 30_000);
