import { generateKeyPairSync, sign } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { namesOf, type TestTrail, testEvent, testSigner, testTrail, transactionsOver } from '../audit.test-support.ts';
import { recordAudit } from '../audit-event.ts';
import { Frontier } from '../merkle-tree.ts';
import { outsideFolder } from '../outside-folder.ts';
import { eventLeafHash, headStatement, parseOutsideHead, signHead } from '../tree-head.ts';
import { newestHead } from '../tree-store.ts';
import type { Finding, FindingKind } from './findings.ts';
import { type AuditReport, runVerifyAudit, type VerifyOptions, verifyAudit } from './verify-audit.ts';

// Three heads of 300, 320 and 340 events, so that there is a stored subtree, and five events that are not sealed.
let trail: TestTrail;
let names: string[];
const TABLES = ['audit_event', 'audit_leaf', 'audit_node', 'audit_tree_head'];

beforeAll(async () => {
  trail = await testTrail();
  for (const count of [300, 20, 20]) {
    await trail.db.transaction(tx => recordAudit(tx, ...Array.from({ length: count - 1 }, (_, i) => testEvent(i))));
    await trail.write(1);
    await trail.seal();
  }
  await trail.write(5);
  names = await namesOf(trail.outside);
  await trail.owner.pool.query('CREATE SCHEMA saved');
  for (const table of TABLES) await trail.owner.pool.query(`CREATE TABLE saved.${table} AS TABLE ${table}`);
  await cp(trail.folder, `${trail.folder}-saved`, { recursive: true });
}, 30_000);
afterAll(async () => {
  await rm(`${trail.folder}-saved`, { recursive: true });
  await trail.remove();
});

/** Puts database and folder back as they were. */
async function restore(): Promise<void> {
  await trail.owner.pool.query(`TRUNCATE ${TABLES.join(', ')}`);
  for (const table of TABLES) await trail.owner.pool.query(`INSERT INTO ${table} TABLE saved.${table}`);
  await rm(trail.folder, { recursive: true });
  await cp(`${trail.folder}-saved`, trail.folder, { recursive: true });
}
afterEach(restore);

const tamper = (sql: string, values: unknown[] = []) => trail.owner.pool.query(sql, values);
const verify = (options: Partial<VerifyOptions> = {}) =>
  verifyAudit({ db: trail.db, publicKeys: trail.signer.publicKeys, outside: trail.outside, ...options });
const kinds = (report: AuditReport) => report.findings.map(finding => finding.kind);
const found = (report: AuditReport, kind: FindingKind): Finding[] =>
  report.findings.filter(finding => finding.kind === kind);
const fileOf = (place: number) => path.join(trail.folder, names[place]!);

/** Rewrites a file outside, as canonical as before. */
async function rewrite(place: number, change: (text: string) => string): Promise<void> {
  const before = await readFile(fileOf(place), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(fileOf(place), after);
}

/** What an insider without the signing key can do: makes leaves, nodes and roots of the database fit its rows again. */
async function recomputeTree(): Promise<void> {
  const { rows } = await tamper(
    'SELECT l.leaf_index, e.* FROM audit_leaf l JOIN audit_event e ON e.seq = l.seq ORDER BY l.leaf_index',
  );
  const heads = (await tamper('SELECT size::int FROM audit_tree_head')).rows.map(row => row.size);
  const frontier = new Frontier();
  for (const row of rows) {
    const hash = eventLeafHash({ seq: BigInt(row.seq), event: row.event, transactionId: BigInt(row.transaction_id) });
    await tamper('UPDATE audit_leaf SET leaf_hash = $2 WHERE leaf_index = $1', [row.leaf_index, hash]);
    const nodes: [number, number, Buffer][] = [];
    frontier.append(hash, (level, index, hashed) => nodes.push([level, index, hashed]));
    for (const node of nodes) await tamper('UPDATE audit_node SET hash = $3 WHERE level = $1 AND index = $2', node);
    if (heads.includes(frontier.size)) {
      await tamper('UPDATE audit_tree_head SET root = $2 WHERE size = $1', [frontier.size, frontier.root()]);
    }
  }
}

test('an untouched trail verifies, with the size of what is not sealed yet', async () => {
  const report = await verify();
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
    await tamper(sql);
    const report = await verify();
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
          const { rows } = await tamper(`SELECT ${column} AS text FROM audit_event WHERE seq = $1`, [seq]);
          const bytes = Buffer.from(rows[0].text);
          bytes[place % bytes.length]! ^= 1 << bit;
          fc.pre(!bytes.includes(0) && (column !== 'actor' || /^p\d+:[\w-]{43}$/.test(bytes.toString())));
          await tamper(`UPDATE audit_event SET ${column} = $2 WHERE seq = $1`, [seq, bytes.toString()]);
          const report = await verify();
          await tamper(`UPDATE audit_event SET ${column} = $2 WHERE seq = $1`, [seq, rows[0].text]);
          expect(report.findings.map(finding => finding.seq)).toEqual([String(seq)]);
          expect(kinds(report)).toEqual([column === 'event' ? 'row-changed' : 'column-differs']);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);

  test('is named although its leaf, the nodes and the roots of the database were made to fit', async () => {
    await tamper(
      `UPDATE audit_event SET event = replace(event, '"outcome":0', '"outcome":8'), outcome = 8 WHERE seq = 9`,
    );
    await recomputeTree();
    const report = await verify();
    expect(found(report, 'row-changed').map(finding => finding.seq)).toEqual(['9']);
    expect(found(report, 'leaf-changed').map(finding => finding.leafIndex)).toEqual([8]);
    expect(found(report, 'head-changed').map(finding => finding.size)).toEqual([300, 320, 340]);
  });

  test('that is not sealed shows where its columns and its event differ', async () => {
    await tamper(`UPDATE audit_event SET site = 'east' WHERE seq = 343`);
    expect(await verify()).toMatchObject({ findings: [{ kind: 'column-differs', seq: '343', columns: ['site'] }] });
  });
});

describe('a deleted row', () => {
  test('is named by its number', async () => {
    await tamper('ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_seq_fkey');
    await tamper('DELETE FROM audit_event WHERE seq = 12');
    const report = await verify();
    await restore();
    await tamper(
      'ALTER TABLE audit_leaf ADD CONSTRAINT audit_leaf_seq_fkey FOREIGN KEY (seq) REFERENCES audit_event ON UPDATE CASCADE',
    );
    expect(report.findings).toMatchObject([{ kind: 'row-deleted', seq: '12', leafIndex: 11 }]);
  });

  test('is named although its leaf was deleted with it', async () => {
    await tamper('DELETE FROM audit_leaf WHERE seq = 12');
    await tamper('DELETE FROM audit_event WHERE seq = 12');
    const report = await verify();
    expect(kinds(report)).toEqual(['row-deleted', 'leaf-missing']);
    expect(report.findings[0]!.seq).toBe('12');
  });

  test('is named although the leaves behind it were moved up and everything but the signature was made to fit', async () => {
    await tamper('DELETE FROM audit_leaf WHERE seq = 310');
    await tamper('DELETE FROM audit_event WHERE seq = 310');
    for (let index = 310; index < 340; index++) {
      await tamper('UPDATE audit_leaf SET leaf_index = leaf_index - 1 WHERE leaf_index = $1', [index]);
    }
    await tamper('UPDATE audit_tree_head SET size = size - 1 WHERE size > 310');
    await recomputeTree();
    const report = await verify();
    expect(found(report, 'row-deleted').map(finding => finding.seq)).toEqual(['310']);
    expect(found(report, 'head-changed').map(finding => finding.size)).toEqual([319, 339]);
  });
});

describe('an inserted row', () => {
  const insert = (seq: string, transactionId: string) =>
    tamper(
      `INSERT INTO audit_event (seq, id, at, site, actor, type, outcome, study_uid, event, transaction_id)
      SELECT ${seq}, gen_random_uuid(), at, site, actor, type, outcome, study_uid, event, ${transactionId}
      FROM audit_event WHERE seq = 30`,
    );

  test('with a transaction that was sealed', async () => {
    await tamper('UPDATE audit_event SET seq = 9001 WHERE seq = 345');
    await insert('345', 'transaction_id');
    const report = await verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['345']);
  });

  test('among older ones, with a transaction of its own', async () => {
    await insert('-5', 'pg_current_xact_id()::text::bigint');
    const report = await verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['-5']);
    expect(report.unsealed.rows).toBe(5);
  });

  test('among older ones, also after it was sealed as if it had committed late', async () => {
    await insert('-5', 'pg_current_xact_id()::text::bigint');
    await tamper(`UPDATE audit_event SET event = replace(event, '}', '} ') WHERE seq = -5`);
    await transactionsOver(trail.db);
    expect(await trail.seal()).toMatchObject({ sealed: 6 });
    const report = await verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['-5']);
    expect(kinds(report).filter(kind => kind !== 'row-inserted' && kind !== 'column-differs')).toEqual([]);
  });

  test('in the place of another one', async () => {
    await insert('9002', 'transaction_id');
    await tamper('UPDATE audit_leaf SET seq = 9002 WHERE seq = 40');
    const report = await verify();
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['9002']);
    expect(found(report, 'leaf-changed').map(finding => finding.leafIndex)).toEqual([39]);
    expect(report.findings).toHaveLength(2);
  });

  test('with a leaf behind the last one', async () => {
    await insert('9003', 'transaction_id');
    await tamper(`INSERT INTO audit_leaf VALUES (340, 9003, sha256('x'))`);
    const report = await verify();
    expect(found(report, 'leaf-without-head').map(finding => finding.seq)).toEqual(['9003']);
    expect(found(report, 'row-inserted').map(finding => finding.seq)).toEqual(['9003']);
  });

  test('a row that waits because another transaction is running is not taken for an inserted one', async () => {
    const running = await trail.db.pool.connect();
    try {
      await running.query('BEGIN');
      await running.query(`SELECT nextval('audit_event_seq_seq'), pg_current_xact_id()`);
      await trail.db.transaction(tx => recordAudit(tx, testEvent(1)));
      expect(await verify()).toMatchObject({ verified: true, unsealed: { rows: 6 } });
    } finally {
      running.release(true);
    }
  });
});

test('rows that were exchanged are both named', async () => {
  await tamper(`
    UPDATE audit_event SET event = (SELECT event FROM saved.audit_event s WHERE s.seq = 41 - audit_event.seq)
    WHERE seq IN (20, 21)`);
  const report = await verify();
  expect(found(report, 'row-changed').map(finding => finding.seq)).toEqual(['20', '21']);
});

test('leaves that were exchanged are both named', async () => {
  await tamper('UPDATE audit_leaf SET leaf_index = -1 WHERE leaf_index = 100');
  await tamper('UPDATE audit_leaf SET leaf_index = 100 WHERE leaf_index = 101');
  await tamper('UPDATE audit_leaf SET leaf_index = 101 WHERE leaf_index = -1');
  const report = await verify();
  expect(report.findings).toMatchObject([
    { kind: 'leaf-changed', leafIndex: 100 },
    { kind: 'leaf-changed', leafIndex: 101 },
  ]);
});

test('a changed leaf and a changed node are named', async () => {
  await tamper(
    `UPDATE audit_leaf SET leaf_hash = set_byte(leaf_hash, 31, get_byte(leaf_hash, 31) # 1) WHERE leaf_index = 305`,
  );
  await tamper(`UPDATE audit_node SET hash = set_byte(hash, 0, get_byte(hash, 0) # 128)`);
  expect(await verify()).toMatchObject({
    findings: [{ kind: 'node-changed' }, { kind: 'leaf-changed', leafIndex: 305, seq: '306' }],
  });
});

describe('the end of the trail', () => {
  const cutOff = (size: number) =>
    tamper(`
      DELETE FROM audit_tree_head WHERE size > ${size};
      DELETE FROM audit_leaf WHERE leaf_index >= ${size};
      DELETE FROM audit_event WHERE seq > ${size}`);

  test('cut off with leaves and heads, as if the database were rolled back: every lost row is named', async () => {
    await cutOff(320);
    const report = await verify();
    expect(found(report, 'rolled-back')).toMatchObject([{ size: 340, file: names[2] }]);
    expect(found(report, 'row-deleted').map(finding => finding.seq)).toEqual(
      Array.from({ length: 20 }, (_, i) => String(321 + i)),
    );
    expect(report.findings).toHaveLength(21);
    expect(report.sealed).toBe(320);
  });

  test('heads and leaves deleted, while the rows are left', async () => {
    await tamper('DELETE FROM audit_tree_head WHERE size > 320; DELETE FROM audit_leaf WHERE leaf_index >= 320');
    expect(kinds(await verify())).toEqual(['rolled-back']);
  });

  test('heads deleted, while rows and leaves are left', async () => {
    await tamper('DELETE FROM audit_tree_head WHERE size > 320');
    expect(kinds(await verify())).toEqual(['leaf-without-head', 'rolled-back']);
  });

  test('an emptied database', async () => {
    await tamper(`TRUNCATE ${TABLES.join(', ')}`);
    const report = await verify();
    expect(found(report, 'rolled-back')).toMatchObject([{ size: 340 }]);
    expect(found(report, 'row-deleted')).toHaveLength(340);
  });

  test('a rolled back database that went on with another outside folder: two histories', async () => {
    await cutOff(320);
    await trail.db.transaction(tx => recordAudit(tx, ...Array.from({ length: 30 }, (_, i) => testEvent(i))));
    await transactionsOver(trail.db);
    await trail.seal({ outside: outsideFolder(path.join(trail.folder, 'elsewhere')) });
    const report = await verify();
    expect(found(report, 'split-view')).toMatchObject([
      { size: 350, sentence: expect.stringContaining('in the database') },
    ]);
    expect(found(report, 'row-deleted').map(finding => finding.seq)).toEqual(
      Array.from({ length: 20 }, (_, i) => String(321 + i)),
    );
    expect(found(report, 'head-missing')).toMatchObject([{ size: 340 }]);
  });

  test('two heads of one size', async () => {
    await cutOff(320);
    await trail.db.transaction(tx => recordAudit(tx, ...Array.from({ length: 20 }, (_, i) => testEvent(i))));
    await transactionsOver(trail.db);
    await trail.seal({ outside: outsideFolder(path.join(trail.folder, 'elsewhere')) });
    expect(found(await verify(), 'split-view')).toMatchObject([{ size: 340, file: names[2] }]);
  });

  test('a loss that was confirmed after a restore is told, and the tree after it verifies', async () => {
    await cutOff(320);
    await trail.write(8);
    await expect(trail.seal()).rejects.toThrow('Audit sealing stopped');
    await trail.seal({ afterLoss: true });
    await trail.write(1);
    await trail.seal();
    const report = await verify();
    expect(report.findings).toEqual([]);
    expect(report.notices).toEqual([
      expect.stringMatching(
        /^A restore lost 20 sealed events \(rows 321 to 340, sealed until 20\S+Z\): the tree had 340 and went on from 320\./,
      ),
    ]);
    expect(report).toMatchObject({ sealed: 329, heads: 4, outsideHeads: 4 });
  });

  test('a database that is rolled back to before such a loss', async () => {
    await cutOff(320);
    await trail.write(8);
    await trail.seal({ afterLoss: true });
    await tamper('DELETE FROM audit_tree_head WHERE size > 320; DELETE FROM audit_leaf WHERE leaf_index >= 320');
    const report = await verify();
    expect(found(report, 'unknown-tree')).toMatchObject([{ size: 328 }]);
  });
});

describe('a head in the database', () => {
  test.each([
    ['size', 'size = 310'],
    ['size, beyond what JavaScript counts', 'size = 9223372036854775807'],
    ['root', 'root = set_byte(root, 5, get_byte(root, 5) # 4)'],
    ['at', `at = at - interval '1 hour'`],
    ['at, to a time that JavaScript lacks', `at = 'infinity'`],
    ['tree_id', 'tree_id = gen_random_uuid()'],
    ['cluster', `cluster = '1'`],
    ['horizon', 'horizon = horizon + 1'],
    ['ceiling', 'ceiling = ceiling + 1'],
    ['signature', 'signature = set_byte(signature, 63, get_byte(signature, 63) # 1)'],
    ['key_id', `key_id = 's9'`],
  ])('with a changed %s is named', async (_, change) => {
    await tamper(`UPDATE audit_tree_head SET ${change} WHERE size = 320`);
    const report = await verify();
    expect(kinds(report).sort()).toEqual(['head-changed', 'head-missing']);
    expect(found(report, 'head-missing')[0]!.size).toBe(320);
  });

  test('that was deleted is named', async () => {
    await tamper('DELETE FROM audit_tree_head WHERE size = 320');
    expect(await verify()).toMatchObject({ findings: [{ kind: 'head-missing', size: 320, file: names[1] }] });
  });

  test('the newest one, changed, is named', async () => {
    await tamper(`UPDATE audit_tree_head SET root = sha256('x') WHERE size = 340`);
    const report = await verify();
    expect(kinds(report)).toContain('head-changed');
    expect(found(report, 'head-changed')[0]!.size).toBe(340);
    expect(found(report, 'row-inserted')).toEqual([]);
  });

  test.each([
    [
      'with another key of the same name',
      testSigner(1),
      'was changed: its signature by the key s1 is not of what it says',
    ],
    ['with a key of another name', testSigner(2), 'is signed with the key s2, which is none of yours'],
  ])('signed again %s is named', async (_, signer, sentence) => {
    await tamper(`UPDATE audit_event SET event = replace(event, 'reader', 'writer') WHERE seq = 335`);
    await recomputeTree();
    const forged = signHead((await newestHead(trail.db.pool))!, signer);
    await tamper('UPDATE audit_tree_head SET signature = $1, key_id = $2 WHERE size = 340', [
      forged.signature,
      forged.keyId,
    ]);
    const report = await verify();
    expect(found(report, 'head-changed')[0]!.sentence).toBe(`The tree head of 340 events in the database ${sentence}.`);
    expect(found(report, 'row-changed').map(finding => finding.seq)).toEqual(['335']);
  });
});

describe('a file outside', () => {
  test('any flipped bit is found, and the file is named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), async (place, byte, bit) => {
        const before = await readFile(fileOf(place));
        const after = Buffer.from(before);
        after[byte % after.length]! ^= 1 << bit;
        await writeFile(fileOf(place), after);
        const report = await verify();
        await writeFile(fileOf(place), before);
        expect(report.verified).toBe(false);
        expect(new Set(kinds(report))).toEqual(new Set(['outside-changed']));
        for (const finding of report.findings) expect(finding.file).toBe(names[place]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('a listed leaf that was changed without a trace in the format', async () => {
    await rewrite(1, text => {
      const [leaf] = parseOutsideHead(Buffer.from(text)).leaves;
      return text.replace(leaf!.hash.toString('hex'), 'ab'.repeat(32));
    });
    expect(await verify()).toMatchObject({ findings: [{ kind: 'outside-changed', file: names[1], leafIndex: 300 }] });
  });

  test('a listed number that was changed', async () => {
    await rewrite(2, text => text.replace('["330",', '["329",'));
    const report = await verify();
    expect(report.findings).toMatchObject([{ kind: 'outside-changed', file: names[2], leafIndex: 329, seq: '330' }]);
  });

  test('row, leaf and list changed alike, one row each: the signed root tells', async () => {
    await tamper(`UPDATE audit_event SET event = replace(event, 'reader', 'writer') WHERE seq = 310`);
    await recomputeTree();
    const { rows } = await tamper('SELECT leaf_hash FROM audit_leaf WHERE seq = 310');
    const original = (await tamper('SELECT leaf_hash FROM saved.audit_leaf WHERE seq = 310')).rows[0].leaf_hash;
    await rewrite(1, text => text.replace(original.toString('hex'), rows[0].leaf_hash.toString('hex')));
    const report = await verify();
    expect(found(report, 'root-differs')).toMatchObject([{ size: 320, file: names[1] }]);
  });

  test('that was removed is named by its size', async () => {
    await rm(fileOf(1));
    expect(await verify()).toMatchObject({
      findings: [{ kind: 'outside-missing', size: 320, sentence: expect.stringContaining('leaves 300 to 319') }],
    });
  });

  test('that was removed, and its head in the database as well', async () => {
    await rm(fileOf(1));
    await tamper('DELETE FROM audit_tree_head WHERE size = 320');
    expect(await verify()).toMatchObject({ findings: [{ kind: 'outside-missing', size: 320 }] });
  });

  test('the newest one: missing for a short time is said, for long it is a finding', async () => {
    await rm(fileOf(2));
    const report = await verify();
    expect(report.findings).toEqual([]);
    expect(report.notices).toContain('The newest tree head, of 340 events, is not outside the database yet.');
    expect(await verify({ outsideGraceMs: 0 })).toMatchObject({ findings: [{ kind: 'outside-missing', size: 340 }] });
  });

  test('all of them', async () => {
    await rm(trail.folder, { recursive: true });
    await mkdir(trail.folder);
    const report = await verify();
    expect(report.findings).toMatchObject([{ kind: 'outside-missing', size: 340 }]);
  });

  test('that has the name of another one', async () => {
    await rename(fileOf(1), fileOf(1).replace('0320-', '0330-'));
    const report = await verify();
    expect(found(report, 'outside-changed')[0]!.sentence).toContain('holds another head: the one of 320 events');
    expect(found(report, 'outside-missing')).toMatchObject([{ size: 320 }]);
  });

  test('a head that was made up is named', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    await rewrite(2, text => {
      const { head } = parseOutsideHead(Buffer.from(text));
      const forged = sign(null, headStatement(head), privateKey).toString('base64');
      return text.replace(head.signature.toString('base64'), forged);
    });
    expect(kinds(await verify())).toEqual(['outside-changed']);
  });
});

test('row, leaf and files changed without files outside: the head is named', async () => {
  await tamper(`UPDATE audit_event SET event = replace(event, 'reader', 'writer') WHERE seq = 310`);
  await recomputeTree();
  await tamper(`UPDATE audit_tree_head t SET root = s.root FROM saved.audit_tree_head s WHERE s.size = t.size`);
  const report = await verify({ outside: undefined });
  expect(report.findings).toMatchObject([{ kind: 'root-differs', size: 320 }]);
  expect(report.notices[0]).toMatch(/^No heads from outside the database were given/);
});

test('very many findings are counted, not kept', async () => {
  await tamper(`UPDATE audit_event SET event = event || ' ' WHERE seq <= 50`);
  const report = await verify({ maxFindings: 10 });
  expect(report.findings).toHaveLength(10);
  expect(report.findingsLeftOut).toBe(40);
});

describe('as a command', () => {
  const lines: string[] = [];
  const run = (options: Partial<VerifyOptions> = {}) => {
    lines.length = 0;
    return runVerifyAudit(
      { db: trail.db, publicKeys: trail.signer.publicKeys, outside: trail.outside, ...options },
      line => lines.push(line),
    );
  };

  test('0 where it verifies', async () => {
    expect(await run()).toBe(0);
    expect(lines.at(-1)).toBe(
      'Verified: 340 audit events under 3 signed heads in the database and 3 outside are as they were sealed.',
    );
  });

  test('1 where tampering was found', async () => {
    await tamper(`UPDATE audit_event SET event = event || ' ' WHERE seq = 3`);
    expect(await run()).toBe(1);
    expect(lines).toContainEqual(
      expect.stringMatching(/^The audit row 3 \(event [0-9a-f-]{36}, leaf 2\) was changed after it was sealed\.$/),
    );
    expect(lines.at(-1)).toBe('TAMPERING FOUND: 1 findings in 340 sealed audit events.');
  });

  test('2 where it cannot be verified', async () => {
    expect(await run({ publicKeys: new Map() })).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/^Could not verify: No public key is given/)]);
    const file = path.join(trail.folder, 'file');
    await writeFile(file, '');
    expect(await run({ outside: outsideFolder(file) })).toBe(2);
    expect(lines[0]).toContain('cannot be read (ENOTDIR)');
  });
});

test('the folder of heads holds nothing but heads', async () => {
  expect(await readdir(path.dirname(fileOf(0)))).toEqual(names.map(name => path.basename(name)));
});
