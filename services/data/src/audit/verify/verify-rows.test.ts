import fc from 'fast-check';
import { testEvent, transactionsOver } from '../audit.test-support.ts';
import { recordAudit } from '../audit-event.ts';
import { found, kinds, type TamperTrail, tamperTrail } from './tamper.test-support.ts';

let trail: TamperTrail;
beforeAll(async () => {
  trail = await tamperTrail();
}, 30_000);
afterEach(() => trail.restore());
afterAll(() => trail.remove());

test('an untouched trail verifies, with the size of what is not sealed yet', async () => {
  const report = await trail.verify();
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({
    verified: true,
    sealed: 340,
    heads: 3,
    outsideHeads: 3,
    unsealed: { rows: 5, oldest: expect.stringMatching(/^20.*Z$/) },
  });
  expect(report.notices).toEqual([
    `5 audit rows are not yet sealed, the oldest of ${report.unsealed.oldest}: changes to them do not show.`,
  ]);
});

describe('a changed row', () => {
  test.each([
    ['seq', `UPDATE audit_event SET seq = 9000 WHERE seq = 7`, ['row-deleted', 'leaf-changed', 'row-inserted']],
    ['id', `UPDATE audit_event SET id = gen_random_uuid() WHERE seq = 7`, ['column-differs']],
    ['at', `UPDATE audit_event SET at = at + interval '1 ms' WHERE seq = 7`, ['column-differs']],
    ['at, to a time that JavaScript lacks', `UPDATE audit_event SET at = 'infinity' WHERE seq = 7`, ['column-differs']],
    ['site', `UPDATE audit_event SET site = NULL WHERE seq = 7`, ['column-differs']],
    ['actor', `UPDATE audit_event SET actor = overlay(actor PLACING 'b' FROM 5) WHERE seq = 7`, ['column-differs']],
    ['type', `UPDATE audit_event SET type = 'audit.read' WHERE seq = 7`, ['column-differs']],
    ['outcome', `UPDATE audit_event SET outcome = 12 WHERE seq = 7`, ['column-differs']],
    ['study_uid', `UPDATE audit_event SET study_uid = study_uid || '1' WHERE seq = 7`, ['column-differs']],
    ['event', `UPDATE audit_event SET event = replace(event, 'TREAT', 'HRESCH') || ' ' WHERE seq = 7`, ['row-changed']],
    ['transaction_id', `UPDATE audit_event SET transaction_id = transaction_id - 1 WHERE seq = 7`, ['row-changed']],
  ])('%s', async (column, sql, expected) => {
    await trail.tamper(sql);
    const report = await trail.verify();
    expect(kinds(report)).toEqual(expected);
    expect(report.findings[0]!.seq).toBe('7');
    expect(report.findings[0]!.sentence).toMatch(/^The audit row 7 /);
    if (expected[0] === 'column-differs') expect(report.findings[0]!.columns).toEqual([column.split(',')[0]]);
  });

  test('one flipped bit in any text of any sealed row is found, and that row is named', async () => {
    const columns = ['site', 'actor', 'type', 'study_uid', 'event'];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 340 }),
        fc.constantFrom(...columns),
        fc.nat(),
        fc.nat(6),
        async (seq, column, place, bit) => {
          const { rows } = await trail.tamper(`SELECT ${column} AS text FROM audit_event WHERE seq = $1`, [seq]);
          const bytes = Buffer.from(rows[0].text);
          bytes[place % bytes.length]! ^= 1 << bit;
          fc.pre(!bytes.includes(0) && (column !== 'actor' || /^p\d+:[\w-]{43}$/.test(bytes.toString())));
          await trail.tamper(`UPDATE audit_event SET ${column} = $2 WHERE seq = $1`, [seq, bytes.toString()]);
          const report = await trail.verify();
          await trail.tamper(`UPDATE audit_event SET ${column} = $2 WHERE seq = $1`, [seq, rows[0].text]);
          expect(report.findings.map(finding => finding.seq)).toEqual([String(seq)]);
          expect(kinds(report)).toEqual([column === 'event' ? 'row-changed' : 'column-differs']);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test('is named although its leaf, the nodes and the roots of the database were made to fit', async () => {
    await trail.tamper(
      `UPDATE audit_event SET event = replace(event, '"outcome":0', '"outcome":8'), outcome = 8 WHERE seq = 9`,
    );
    await trail.recomputeTree();
    const report = await trail.verify();
    expect(found(report, 'row-changed').map(finding => finding.seq)).toEqual(['9']);
    expect(found(report, 'leaf-changed').map(finding => finding.leafIndex)).toEqual([8]);
    expect(found(report, 'head-changed').map(finding => finding.size)).toEqual([300, 320, 340]);
  });

  test('that is not sealed shows where its columns and its event differ', async () => {
    await trail.tamper(`UPDATE audit_event SET site = 'east' WHERE seq = 343`);
    expect(await trail.verify()).toMatchObject({
      findings: [{ kind: 'column-differs', seq: '343', columns: ['site'] }],
    });
  });
});

describe('a deleted row', () => {
  test('is named by its number', async () => {
    await trail.tamper('ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_seq_fkey');
    await trail.tamper('DELETE FROM audit_event WHERE seq = 12');
    const report = await trail.verify();
    await trail.restore();
    await trail.tamper(
      'ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_seq_fkey FOREIGN KEY (seq) REFERENCES audit_event ON UPDATE CASCADE',
    );
    expect(report.findings).toMatchObject([{ kind: 'row-deleted', seq: '12', leafIndex: 11 }]);
  });

  test('is named although its leaf was deleted with it', async () => {
    await trail.tamper('DELETE FROM audit_leaf WHERE seq = 12');
    await trail.tamper('DELETE FROM audit_event WHERE seq = 12');
    const report = await trail.verify();
    expect(kinds(report)).toEqual(['row-deleted', 'leaf-missing']);
    expect(report.findings[0]!.seq).toBe('12');
  });

  test('is named although the leaves behind it were moved up and everything but the signature was made to fit', async () => {
    await trail.tamper('DELETE FROM audit_leaf WHERE seq = 310');
    await trail.tamper('DELETE FROM audit_event WHERE seq = 310');
    for (let index = 310; index < 340; index++) {
      await trail.tamper('UPDATE audit_leaf SET leaf_index = leaf_index - 1 WHERE leaf_index = $1', [index]);
    }
    await trail.tamper('UPDATE audit_tree_head SET size = size - 1 WHERE size > 310');
    await trail.recomputeTree();
    const report = await trail.verify();
    expect(found(report, 'row-deleted').map(finding => finding.seq)).toEqual(['310']);
    expect(found(report, 'head-changed').map(finding => finding.size)).toEqual([319, 339]);
  });
});

describe('an inserted row', () => {
  const insert = (seq: string, transactionId: string) =>
    trail.tamper(
      `INSERT INTO audit_event (seq, id, at, site, actor, type, outcome, study_uid, event, transaction_id)
      SELECT ${seq}, gen_random_uuid(), at, site, actor, type, outcome, study_uid, event, ${transactionId}
      FROM audit_event WHERE seq = 30`,
    );

  test('with a transaction that was sealed', async () => {
    await trail.tamper('UPDATE audit_event SET seq = 9001 WHERE seq = 345');
    await insert('345', 'transaction_id');
    const report = await trail.verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['345']);
  });

  test('among older ones, with a transaction of its own', async () => {
    await insert('-5', 'pg_current_xact_id()::text::bigint');
    const report = await trail.verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['-5']);
    expect(report.unsealed.rows).toBe(5);
  });

  test('among older ones, also after it was sealed as if it had committed late', async () => {
    await insert('-5', 'pg_current_xact_id()::text::bigint');
    await trail.tamper(`UPDATE audit_event SET event = replace(event, '}', '} ') WHERE seq = -5`);
    await transactionsOver(trail.db);
    expect(await trail.seal()).toMatchObject({ sealed: 6 });
    const report = await trail.verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['-5']);
    expect(kinds(report).filter(kind => kind !== 'row-inserted' && kind !== 'column-differs')).toEqual([]);
  });

  test('in the place of another one', async () => {
    await insert('9002', 'transaction_id');
    await trail.tamper('UPDATE audit_leaf SET seq = 9002 WHERE seq = 40');
    const report = await trail.verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['9002']);
    expect(found(report, 'leaf-changed').map(finding => finding.leafIndex)).toEqual([39]);
    expect(report.findings).toHaveLength(2);
  });

  test('with a leaf behind the last one', async () => {
    await insert('9003', 'transaction_id');
    await trail.tamper(`INSERT INTO audit_leaf VALUES (340, 9003, sha256('x'))`);
    const report = await trail.verify();
    expect(found(report, 'leaf-without-head').map(finding => finding.seq)).toEqual(['9003']);
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['9003']);
  });

  test('a row that waits because another transaction is running is not taken for an inserted one', async () => {
    const running = await trail.db.pool.connect();
    try {
      await running.query('BEGIN');
      await running.query(`SELECT nextval('audit_event_seq_seq'), pg_current_xact_id()`);
      await trail.db.transaction(tx => recordAudit(tx, testEvent(1)));
      expect(await trail.verify()).toMatchObject({ verified: true, unsealed: { rows: 6 } });
    } finally {
      running.release(true);
    }
  });
});

test('rows that were exchanged are both named', async () => {
  await trail.tamper(`
    UPDATE audit_event SET event = (SELECT event FROM saved.audit_event s WHERE s.seq = 41 - audit_event.seq)
    WHERE seq IN (20, 21)`);
  const report = await trail.verify();
  expect(found(report, 'row-changed').map(finding => finding.seq)).toEqual(['20', '21']);
});

test('leaves that were exchanged are both named', async () => {
  await trail.tamper('UPDATE audit_leaf SET leaf_index = -1 WHERE leaf_index = 100');
  await trail.tamper('UPDATE audit_leaf SET leaf_index = 100 WHERE leaf_index = 101');
  await trail.tamper('UPDATE audit_leaf SET leaf_index = 101 WHERE leaf_index = -1');
  const report = await trail.verify();
  expect(report.findings).toMatchObject([
    { kind: 'leaf-changed', leafIndex: 100 },
    { kind: 'leaf-changed', leafIndex: 101 },
  ]);
});

test('a changed leaf and a changed node are named', async () => {
  await trail.tamper(
    `UPDATE audit_leaf SET leaf_hash = set_byte(leaf_hash, 31, get_byte(leaf_hash, 31) # 1) WHERE leaf_index = 305`,
  );
  await trail.tamper(`UPDATE audit_node SET hash = set_byte(hash, 0, get_byte(hash, 0) # 128)`);
  expect(await trail.verify()).toMatchObject({
    findings: [{ kind: 'node-changed' }, { kind: 'leaf-changed', leafIndex: 305, seq: '306' }],
  });
});

test('very many findings are counted, not kept', async () => {
  await trail.tamper(`UPDATE audit_event SET event = event || ' ' WHERE seq <= 50`);
  const report = await trail.verify({ maxFindings: 10 });
  expect(report.findings).toHaveLength(10);
  expect(report.findingsLeftOut).toBe(40);
});

describe('where the constraints of the tables were dropped', () => {
  const KEYS = `ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_pkey PRIMARY KEY (leaf_index)`;

  test('a second leaf of one index, with a row of its own, is found', async () => {
    await trail.tamper('ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_pkey');
    await trail.tamper(`
      INSERT INTO audit_event (seq, id, at, type, outcome, event, transaction_id)
      SELECT 9004, gen_random_uuid(), at, type, outcome, event, transaction_id FROM audit_event WHERE seq = 50`);
    await trail.tamper(`INSERT INTO audit_leaf VALUES (49, 9004, sha256('x'))`);
    const report = await trail.verify();
    await trail.restore();
    await trail.tamper(KEYS);
    expect(report.findings).toMatchObject([
      { kind: 'leaf-changed', leafIndex: 49, seq: '9004', sentence: expect.stringContaining('is there twice') },
      { kind: 'row-inserted', seq: '9004' },
    ]);
  });

  test('a second row of one number is found', async () => {
    await trail.tamper('ALTER TABLE audit_event DROP CONSTRAINT audit_event_pkey CASCADE');
    const id = crypto.randomUUID();
    await trail.tamper(
      `INSERT INTO audit_event SELECT seq, $1, at, site, actor, type, outcome, study_uid, replace(event, 'reader', 'writer'),
      transaction_id FROM audit_event WHERE seq = 50`,
      [id],
    );
    const report = await trail.verify();
    await trail.restore();
    await trail.tamper(`
      ALTER TABLE audit_event ADD CONSTRAINT audit_event_pkey PRIMARY KEY (seq);
      ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_seq_fkey FOREIGN KEY (seq) REFERENCES audit_event ON UPDATE CASCADE`);
    expect(report.findings).toMatchObject([{ kind: 'row-inserted', seq: '50', eventId: id }]);
  });
});

test('an event that says it happened long before it was written is told', async () => {
  const at = new Date(Date.now() - 2 * 3_600_000);
  await trail.db.transaction(tx => recordAudit(tx, { ...testEvent(1), at }));
  const told = expect.stringMatching(
    `^1 audit rows say that they happened more than an hour before the tree head before them, the first is row \\d+ \\(${at.toISOString()}\\)`,
  );
  expect(await trail.verify()).toMatchObject({ verified: true, notices: expect.arrayContaining([told]) });
  await transactionsOver(trail.db);
  await trail.seal();
  expect(await trail.verify()).toMatchObject({ verified: true, notices: [told] });
});
