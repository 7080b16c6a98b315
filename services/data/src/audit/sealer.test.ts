import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  namesOf,
  type TestTrail,
  testEvent,
  testSigner,
  testTrail,
  transactionsOver,
  writeEvents,
} from './audit.test-support.ts';
import { recordAudit } from './audit-event.ts';
import { Frontier } from './merkle-tree.ts';
import { outsideFolder } from './outside-folder.ts';
import { auditSealLag, sealAudit } from './sealer.ts';
import { eventLeafHash, headSignature, parseOutsideHead, signHead } from './tree-head.ts';
import { headsAfter, newestHead } from './tree-store.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let trail: TestTrail;
beforeEach(async () => {
  trail = await testTrail();
});
afterEach(() => trail.remove());

/** The root over all sealed rows, from the rows themselves. */
async function rootOfRows(): Promise<Buffer> {
  const { rows } = await trail.db.pool.query(
    'SELECT e.* FROM audit_leaf l JOIN audit_event e ON e.seq = l.seq ORDER BY leaf_index',
  );
  const frontier = new Frontier();
  for (const row of rows) {
    frontier.append(
      eventLeafHash({ seq: BigInt(row.seq), event: row.event, transactionId: BigInt(row.transaction_id) }),
    );
  }
  return frontier.root();
}

/** Opens a transaction that has written an event and stays open. */
async function openTransaction(): Promise<{ id: string; commit(): Promise<void>; rollback(): Promise<void> }> {
  let finish: (commits: boolean) => void = () => {};
  const decision = new Promise<boolean>(resolve => {
    finish = resolve;
  });
  let running: Promise<unknown> = Promise.resolve();
  const id = await new Promise<string>(resolve => {
    running = trail.db
      .transaction(async tx => {
        const [written] = await recordAudit(tx, testEvent(0));
        resolve(written!);
        if (!(await decision)) throw new Error('rolled back');
      })
      .catch(() => {});
  });
  return {
    id,
    commit: async () => {
      finish(true);
      await running;
    },
    rollback: async () => {
      finish(false);
      await running;
    },
  };
}

test('all rows are sealed under a signed head, in the database and outside', async () => {
  await trail.write(20);
  const { sealed, head, more, busy } = await trail.seal();
  expect({ sealed, more, busy }).toEqual({ sealed: 20, more: false, busy: false });
  expect(head!.root).toEqual(await rootOfRows());
  expect(headSignature(head!, trail.signer.publicKeys)).toBe('valid');
  expect(await newestHead(trail.db.pool)).toEqual(head);
  const [name, ...others] = await namesOf(trail.outside);
  expect(others).toEqual([]);
  const outside = parseOutsideHead((await trail.outside.read(name!))!);
  expect(outside.head).toEqual(head);
  expect(outside.from).toBe(0);
  expect(outside.leaves.map(leaf => leaf.seq)).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i + 1)));
});

test('the tree grows in batches: each head has its own leaves, and the last covers all', async () => {
  await trail.write(25);
  expect(await trail.seal({ batchRows: 10 })).toMatchObject({ sealed: 10, more: true });
  expect(await trail.seal({ batchRows: 10 })).toMatchObject({ sealed: 10, more: true });
  expect(await trail.seal({ batchRows: 10 })).toMatchObject({ sealed: 5, more: false });
  expect(await trail.seal()).toEqual({ sealed: 0, busy: false, more: false });
  const heads = await headsAfter(trail.db.pool, 0, 10);
  expect(heads.map(head => head.size)).toEqual([10, 20, 25]);
  expect(new Set(heads.map(head => head.treeId)).size).toBe(1);
  expect(heads.at(-1)!.root).toEqual(await rootOfRows());
  const files = await Promise.all((await namesOf(trail.outside)).map(name => trail.outside.read(name)));
  expect(files.map(file => parseOutsideHead(file!).leaves.length)).toEqual([10, 10, 5]);
});

test('the rows of one transaction stay in one batch, also when they are more than a batch', async () => {
  await trail.db.transaction(tx => recordAudit(tx, ...Array.from({ length: 12 }, (_, i) => testEvent(i))));
  await trail.write(3);
  expect(await trail.seal({ batchRows: 5 })).toMatchObject({ sealed: 12, more: true });
  expect(await trail.seal({ batchRows: 5 })).toMatchObject({ sealed: 3, more: false });
});

test('a row that commits late is left for a later head, although younger rows of other transactions wait with it', async () => {
  await trail.write(3);
  const late = await openTransaction();
  await writeEvents(trail.db, 4);
  expect(await trail.seal()).toMatchObject({ sealed: 3 });
  expect(await trail.seal()).toMatchObject({ sealed: 0 });
  expect((await auditSealLag(trail.db)).rows).toBe(4);
  await late.commit();
  await transactionsOver(trail.db);
  expect((await auditSealLag(trail.db)).rows).toBe(5);
  expect(await trail.seal()).toMatchObject({ sealed: 5 });
  expect((await newestHead(trail.db.pool))!.root).toEqual(await rootOfRows());
});

test('a row that commits after one with a higher number was sealed is sealed later, once', async () => {
  const [older, younger] = [await trail.db.pool.connect(), await trail.db.pool.connect()];
  const write = `INSERT INTO audit_event (id, at, type, outcome, event)
    VALUES (gen_random_uuid(), now(), 'service.start', 0, '{}')`;
  try {
    await transactionsOver(trail.db);
    for (const client of [older, younger]) await client.query('BEGIN; SELECT pg_current_xact_id()');
    await younger.query(write);
    await older.query(write);
    await older.query('COMMIT');
    expect((await trail.seal()).head!.size).toBe(1);
    await younger.query('COMMIT');
  } finally {
    older.release(true);
    younger.release(true);
  }
  await transactionsOver(trail.db);
  expect((await trail.seal()).head!.size).toBe(2);
  const { rows } = await trail.db.pool.query('SELECT seq::int FROM audit_leaf ORDER BY leaf_index');
  expect(rows).toEqual([{ seq: 2 }, { seq: 1 }]);
});

test('rolled back rows leave a gap and nothing else', async () => {
  await trail.write(1);
  const undone = await openTransaction();
  await undone.rollback();
  await trail.write(1);
  expect(await trail.seal()).toMatchObject({ sealed: 2 });
  expect(await auditSealLag(trail.db)).toEqual({ rows: 0, oldestMs: 0 });
});

test('how far sealing is behind, in rows and in time', async () => {
  expect(await auditSealLag(trail.db)).toEqual({ rows: 0, oldestMs: 0 });
  await trail.db.transaction(tx => recordAudit(tx, { ...testEvent(0), at: new Date(Date.now() - 90_000) }));
  await trail.write(2);
  const lag = await auditSealLag(trail.db);
  expect(lag.rows).toBe(3);
  expect(lag.oldestMs).toBeGreaterThanOrEqual(90_000);
  expect(lag.oldestMs).toBeLessThan(150_000);
});

test('a head that could not be written outside is written before the next one', async () => {
  await trail.write(2);
  const unreachable = outsideFolder('/dev/null/heads');
  await expect(trail.seal({ outside: { ...trail.outside, write: unreachable.write } })).rejects.toThrow('ENOTDIR');
  expect(await namesOf(trail.outside)).toEqual([]);
  await trail.write(1);
  // While it still cannot be written, no further head is made.
  await expect(trail.seal({ outside: { ...trail.outside, write: unreachable.write } })).rejects.toThrow('ENOTDIR');
  expect((await newestHead(trail.db.pool))!.size).toBe(2);
  await trail.seal();
  expect((await namesOf(trail.outside)).map(name => name.slice(11, 27))).toEqual([
    '0000000000000002',
    '0000000000000003',
  ]);
  expect(parseOutsideHead((await trail.outside.read((await namesOf(trail.outside))[0]!))!).leaves).toHaveLength(2);
});

test('while one process seals, another does nothing', async () => {
  await trail.write(3);
  let enter = () => {};
  const inside = new Promise<void>(resolve => {
    enter = resolve;
  });
  let leave = () => {};
  const hold = new Promise<void>(resolve => {
    leave = resolve;
  });
  const slow = { ...trail.outside };
  slow.list = async function* () {
    enter();
    await hold;
    yield* trail.outside.list();
  };
  const first = sealAudit(trail.db, { signer: trail.signer, outside: slow });
  await inside;
  expect(await trail.seal()).toEqual({ sealed: 0, busy: true, more: false });
  leave();
  expect(await first).toMatchObject({ sealed: 3 });
});

test.each([
  ['a leaf', `UPDATE audit_leaf SET leaf_hash = sha256('x') WHERE leaf_index = 3`],
  ['the newest head', 'UPDATE audit_tree_head SET size = size + 1'],
  ['its signature', `UPDATE audit_tree_head SET signature = decode(repeat('00', 64), 'hex')`],
  ['a lost leaf', 'DELETE FROM audit_leaf WHERE leaf_index = 2'],
])('nothing is sealed on top of %s that was changed', async (_, change) => {
  await trail.write(5);
  await trail.seal();
  await trail.owner.pool.query(change);
  await trail.write(1);
  await expect(trail.seal()).rejects.toThrow(/^Audit sealing stopped: .* Run verify-audit/);
  expect((await trail.db.pool.query('SELECT count(*)::int FROM audit_tree_head')).rows[0].count).toBe(1);
});

test('nothing is sealed on top of a head of an unknown key', async () => {
  await trail.write(1);
  await trail.seal({ signer: testSigner(2) });
  await trail.write(1);
  await expect(trail.seal()).rejects.toThrow('signed with the key s2, which the key file lacks');
});

test('a rotated key signs the next head', async () => {
  const both = testSigner(2);
  const before = { ...both, keyId: 's2' };
  await trail.write(1);
  await trail.seal({ signer: before });
  await trail.write(1);
  expect((await trail.seal({ signer: both })).head!.keyId).toBe('s2');
});

test('a database that is older than the heads outside is not sealed, until somebody confirms the loss', async () => {
  await trail.write(2);
  await trail.seal();
  await trail.write(2);
  await trail.seal();
  await trail.owner.pool.query(`
    DELETE FROM audit_leaf WHERE leaf_index >= 2; DELETE FROM audit_tree_head WHERE size > 2;
    DELETE FROM audit_event WHERE seq > 2`);
  await trail.write(3);
  await expect(trail.seal()).rejects.toThrow(/is a head of 4 events .* and the database has 2 sealed events/);
  const { head } = await trail.seal({ afterLoss: true });
  expect(head!.size).toBe(5);
  const [first, second] = await headsAfter(trail.db.pool, 0, 5);
  expect(second!.treeId).not.toBe(first!.treeId);
  // From now on it goes on as before.
  await trail.write(1);
  expect(await trail.seal()).toMatchObject({ sealed: 1 });
  expect((await newestHead(trail.db.pool))!.treeId).toBe(second!.treeId);
});

test('an emptied database is not sealed beside the heads of the old one', async () => {
  await trail.write(2);
  await trail.seal();
  await trail.owner.pool.query('TRUNCATE audit_event, audit_leaf, audit_tree_head');
  await trail.write(1);
  await expect(trail.seal()).rejects.toThrow('and the database has 0 sealed events');
});

test('files of others beside the heads do not matter', async () => {
  await trail.write(1);
  await trail.seal();
  const [name] = await namesOf(trail.outside);
  await writeFile(path.join(trail.folder, path.dirname(name!), 'notes.txt'), 'x');
  await trail.write(1);
  expect(await trail.seal()).toMatchObject({ sealed: 1 });
});

test('after a restore into another PostgreSQL installation, old and new rows are sealed, once each', async () => {
  await trail.write(3);
  await trail.seal();
  await trail.write(2);
  // The installation that the dump came from had counted further, and was another one.
  await trail.owner.pool.query('UPDATE audit_event SET transaction_id = transaction_id + 1000000');
  const { rows } = await trail.owner.pool.query('SELECT * FROM audit_event ORDER BY seq LIMIT 3');
  const frontier = new Frontier();
  for (const [i, row] of rows.entries()) {
    const hash = eventLeafHash({ seq: BigInt(row.seq), event: row.event, transactionId: BigInt(row.transaction_id) });
    frontier.append(hash);
    await trail.owner.pool.query('UPDATE audit_leaf SET leaf_hash = $2 WHERE leaf_index = $1', [i, hash]);
  }
  const head = (await newestHead(trail.db.pool))!;
  const elsewhere = signHead(
    { ...head, root: frontier.root(), cluster: '42', horizon: head.horizon + 1_000_000n },
    trail.signer,
  );
  await trail.owner.pool.query('UPDATE audit_tree_head SET root = $1, cluster = $2, horizon = $3, signature = $4', [
    elsewhere.root,
    elsewhere.cluster,
    elsewhere.horizon,
    elsewhere.signature,
  ]);
  await trail.write(4);
  expect((await auditSealLag(trail.db)).rows).toBe(6);
  expect(await trail.seal()).toMatchObject({ sealed: 6 });
  expect(await trail.seal()).toMatchObject({ sealed: 0 });
  await trail.write(1);
  expect(await trail.seal()).toMatchObject({ sealed: 1 });
  expect((await newestHead(trail.db.pool))!.root).toEqual(await rootOfRows());
  expect(await verifyAudit({ db: trail.db, publicKeys: trail.signer.publicKeys })).toMatchObject({ findings: [] });
});
