import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { newKeyRing } from '../keys/keys.test-support.ts';
import { pseudonym } from '../keys/pseudonyms.ts';
import { inSnapshot, waitForOlderTransactions } from './snapshot.ts';

const ring = newKeyRing();
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000);

test('does not wait where nothing is under way', async () => {
  const began = Date.now();
  await waitForOlderTransactions(database.db, secondsAgo(5));
  expect(Date.now() - began).toBeLessThan(1000);
});

test('waits for a transaction that began before the moment, so that a snapshot sees what it commits', async () => {
  const client = await database.db.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1');
  const asOf = new Date();
  let isOver = false;
  const waiting = waitForOlderTransactions(database.db, asOf).then(() => {
    isOver = true;
  });
  await sleep(1500);
  expect(isOver).toBe(false);
  await client.query(
    `INSERT INTO split_assignment (site, line, patient, split, assigned_in, created_at)
     VALUES ('north', 'late', 'p', 'train', gen_random_uuid(), now())`,
  );
  await client.query('COMMIT');
  client.release();
  await waiting;
  const rows = await inSnapshot(database.db, transaction =>
    transaction.splitAssignment.findMany({ where: { line: 'late' } }),
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]!.createdAt.getTime()).toBeLessThanOrEqual(asOf.getTime());
});

test('the transaction of another export is not waited for', async () => {
  let end: () => void = () => {};
  const held = new Promise<void>(resolve => {
    end = resolve;
  });
  const other = inSnapshot(database.db, async transaction => {
    await transaction.prediction.count();
    await held;
  });
  await sleep(100);
  await waitForOlderTransactions(database.db, new Date(), { longestWaitMs: 3000 });
  end();
  await other;
});

test('gives up on a transaction that does not end, and says that trying again may help', async () => {
  const client = await database.db.pool.connect();
  await client.query('BEGIN');
  await expect(waitForOlderTransactions(database.db, secondsAgo(0), { longestWaitMs: 300 })).rejects.toMatchObject({
    code: 'unavailable',
    canRetry: true,
    message: expect.stringContaining('does not end'),
  });
  await client.query('ROLLBACK');
  client.release();
});

test('a moment in the future is refused; waiting can be stopped', async () => {
  await expect(waitForOlderTransactions(database.db, secondsAgo(-3600))).rejects.toMatchObject({
    code: 'invalid-request',
  });
  const stopped = AbortSignal.abort(new Error('Stopped by the test.'));
  await expect(waitForOlderTransactions(database.db, secondsAgo(5), { signal: stopped })).rejects.toThrow('Stopped');
});

test('a snapshot sees one state, and cannot write', async () => {
  await inSnapshot(database.db, async transaction => {
    const before = await transaction.export.count();
    await database.db.prisma.export.create({
      data: {
        id: '7f6c7a0e-0000-4000-8000-000000000001',
        site: 'north',
        requestedBy: pseudonym(ring, 'person', 'researcher'),
        request: {},
        asOf: new Date(),
      },
    });
    expect(await transaction.export.count()).toBe(before);
    const write = transaction.$executeRaw`UPDATE export SET status = 'failed'`;
    await expect(write).rejects.toThrow(/read-only transaction/);
  }).catch(error => {
    // A statement that failed ends the transaction.
    if (!/aborted|read-only/i.test(String(error))) throw error;
  });
  expect(await database.db.prisma.export.count({ where: { status: 'failed' } })).toBe(0);
});
