import { setTimeout as sleep } from 'node:timers/promises';
import { namesOf, type TestTrail, testTrail, writeEvents } from './audit.test-support.ts';
import { outsideFolder } from './outside-folder.ts';
import { auditSealLag } from './sealer.ts';
import { type Sealer, type SealerOptions, startSealer } from './start-sealer.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let trail: TestTrail;
let errors: unknown[];
let sealers: Sealer[];
beforeEach(async () => {
  trail = await testTrail();
  errors = [];
  sealers = [];
});
afterEach(async () => {
  await Promise.all(sealers.map(sealer => sealer.stop()));
  await trail.remove();
});

function start(options: Partial<SealerOptions> = {}): void {
  sealers.push(
    startSealer({
      db: trail.db,
      signer: () => trail.signer,
      outside: trail.outside,
      onError: error => errors.push(error),
      pollMs: 10,
      ...options,
    }),
  );
}

async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await sleep(10);
}
const allSealed = async () => (await auditSealLag(trail.db)).rows === 0;

test('what waits at the start is sealed at once', async () => {
  await trail.write(3);
  start({ sealAfterMs: 3_600_000 });
  await until(async () => (await namesOf(trail.outside)).length > 0);
  expect(await allSealed()).toBe(true);
  expect(await namesOf(trail.outside)).toHaveLength(1);
});

test('rows wait until there are many', async () => {
  start({ sealAfterMs: 3_600_000, sealAtRows: 5 });
  await sleep(100);
  await trail.write(4);
  await sleep(200);
  expect(await namesOf(trail.outside)).toEqual([]);
  await trail.write(1);
  await until(async () => (await namesOf(trail.outside)).length > 0);
  expect(await allSealed()).toBe(true);
  expect(await namesOf(trail.outside)).toHaveLength(1);
});

test('few rows wait for a while and no longer', async () => {
  start({ sealAfterMs: 400, sealAtRows: 1000 });
  await sleep(100);
  await trail.write(1);
  expect(await namesOf(trail.outside)).toEqual([]);
  await until(allSealed);
  expect(errors).toEqual([]);
});

test('after a failure it is tried again, and the head is written outside', async () => {
  await trail.write(2);
  let fails = true;
  const outside = {
    ...trail.outside,
    write: (name: string, bytes: Uint8Array) =>
      (fails ? outsideFolder('/dev/null/heads') : trail.outside).write(name, bytes),
  };
  start({ outside });
  await until(() => errors.length >= 2);
  expect(String(errors[0])).toContain('ENOTDIR');
  fails = false;
  await until(async () => (await namesOf(trail.outside)).length === 1);
});

test('once stopped it does nothing more', async () => {
  start({ sealAfterMs: 0, sealAtRows: 1 });
  await trail.write(1);
  await until(allSealed);
  await sealers[0]!.stop();
  await trail.write(1);
  await sleep(100);
  expect((await auditSealLag(trail.db)).rows).toBe(1);
});

test('while eight writers commit and roll back, three sealers seal every committed row once, and the tree verifies', async () => {
  const busy = await testTrail({ poolSize: 14 });
  try {
    const writers = Array.from({ length: 8 }, () => writeRandomly(busy));
    const options = { db: busy.db, signer: () => busy.signer, outside: busy.outside, sealAfterMs: 0, sealAtRows: 1 };
    let batches = 0;
    const three = [3, 5, 7].map(pollMs =>
      startSealer({
        ...options,
        pollMs,
        onError: error => errors.push(error),
        onSealed: () => {
          batches += 1;
        },
      }),
    );
    const committed = (await Promise.all(writers)).flat().sort();
    await until(async () => (await auditSealLag(busy.db)).rows === 0);
    await Promise.all(three.map(sealer => sealer.stop()));

    expect(errors).toEqual([]);
    expect(batches).toBeGreaterThan(3);
    const { rows } = await busy.db.pool.query(
      'SELECT e.id FROM audit_leaf l JOIN audit_event e ON e.seq = l.seq ORDER BY e.id::text',
    );
    expect(rows.map(row => row.id)).toEqual(committed);
    expect(new Set(committed).size).toBe(committed.length);
    // The case that it is all about did happen: rows that were sealed after others with higher numbers.
    const late = await busy.db.pool.query(
      'SELECT count(*)::int FROM audit_leaf a JOIN audit_leaf b ON b.leaf_index = a.leaf_index + 1 WHERE b.seq < a.seq',
    );
    expect(late.rows[0].count).toBeGreaterThan(0);
    const report = await verifyAudit({ db: busy.db, publicKeys: busy.signer.publicKeys, outside: busy.outside });
    expect(report).toMatchObject({ verified: true, findings: [], sealed: committed.length, unsealed: { rows: 0 } });
  } finally {
    await busy.remove();
  }
}, 60_000);

/** Writes for two seconds in transactions of all lengths, a third of which is undone. Returns the ids of what was committed. */
async function writeRandomly({ db }: TestTrail): Promise<string[]> {
  const ids: string[] = [];
  for (const end = Date.now() + 2_000; Date.now() < end; ) {
    const written: string[] = [];
    try {
      await db.transaction(async tx => {
        const events = 1 + Math.floor(Math.random() * 3);
        for (let i = 0; i < events; i++) {
          written.push(...(await writeEvents({ ...db, transaction: work => work(tx) }, 1)));
          await sleep(Math.random() * (Math.random() < 0.1 ? 200 : 5));
        }
        if (Math.random() < 0.33) throw new Error('undone');
      });
      ids.push(...written);
    } catch (error) {
      if ((error as Error).message !== 'undone') throw error;
    }
  }
  return ids;
}
