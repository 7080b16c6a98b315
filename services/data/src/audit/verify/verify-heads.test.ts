import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { testEvent, testSigner, transactionsOver } from '../audit.test-support.ts';
import { recordAudit } from '../audit-event.ts';
import { outsideFolder } from '../outside-folder.ts';
import { headStatement, parseOutsideHead, signHead } from '../tree-head.ts';
import { newestHead } from '../tree-store.ts';
import { found, kinds, type TamperTrail, tamperTrail } from './tamper.test-support.ts';

let trail: TamperTrail;
beforeAll(async () => {
  trail = await tamperTrail();
}, 30_000);
afterEach(() => trail.restore());
afterAll(() => trail.remove());

describe('the end of the trail', () => {
  const cutOff = (size: number) =>
    trail.tamper(`
      DELETE FROM audit_tree_head WHERE size > ${size};
      DELETE FROM audit_leaf WHERE leaf_index >= ${size};
      DELETE FROM audit_event WHERE seq > ${size}`);

  test('cut off with leaves and heads, as if the database were rolled back: every lost row is named', async () => {
    await cutOff(320);
    const report = await trail.verify();
    expect(found(report, 'rolled-back')).toMatchObject([{ size: 340, file: trail.names[2] }]);
    expect(found(report, 'row-deleted').map(finding => finding.seq)).toEqual(
      Array.from({ length: 20 }, (_, i) => String(321 + i)),
    );
    expect(report.findings).toHaveLength(21);
    expect(report.sealed).toBe(320);
  });

  test('heads and leaves deleted, while the rows are left', async () => {
    await trail.tamper('DELETE FROM audit_tree_head WHERE size > 320; DELETE FROM audit_leaf WHERE leaf_index >= 320');
    expect(kinds(await trail.verify())).toEqual(['rolled-back']);
  });

  test('heads deleted, while rows and leaves are left', async () => {
    await trail.tamper('DELETE FROM audit_tree_head WHERE size > 320');
    expect(kinds(await trail.verify())).toEqual(['leaf-without-head', 'rolled-back']);
  });

  test('an emptied database', async () => {
    await trail.tamper(`TRUNCATE audit_event, audit_leaf, audit_node, audit_tree_head`);
    const report = await trail.verify();
    expect(found(report, 'rolled-back')).toMatchObject([{ size: 340 }]);
    expect(found(report, 'row-deleted')).toHaveLength(340);
  });

  test('a rolled back database that went on with another outside folder: two histories', async () => {
    await cutOff(320);
    await trail.db.transaction(tx => recordAudit(tx, ...Array.from({ length: 30 }, (_, i) => testEvent(i))));
    await transactionsOver(trail.db);
    await trail.seal({ outside: outsideFolder(path.join(trail.folder, 'elsewhere')) });
    const report = await trail.verify();
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
    expect(found(await trail.verify(), 'split-view')).toMatchObject([{ size: 340, file: trail.names[2] }]);
  });

  test('a loss that was confirmed after a restore is told, and the tree after it verifies', async () => {
    await cutOff(320);
    await trail.write(8);
    await expect(trail.seal()).rejects.toThrow('Audit sealing stopped');
    await trail.seal({ afterLoss: true });
    await trail.write(1);
    await trail.seal();
    const report = await trail.verify();
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
    await trail.tamper('DELETE FROM audit_tree_head WHERE size > 320; DELETE FROM audit_leaf WHERE leaf_index >= 320');
    const report = await trail.verify();
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
    await trail.tamper(`UPDATE audit_tree_head SET ${change} WHERE size = 320`);
    const report = await trail.verify();
    expect(kinds(report).sort()).toEqual(['head-changed', 'head-missing']);
    expect(found(report, 'head-missing')[0]!.size).toBe(320);
  });

  test('that was deleted is named', async () => {
    await trail.tamper('DELETE FROM audit_tree_head WHERE size = 320');
    expect(await trail.verify()).toMatchObject({
      findings: [{ kind: 'head-missing', size: 320, file: trail.names[1] }],
    });
  });

  test('the newest one, changed, is named', async () => {
    await trail.tamper(`UPDATE audit_tree_head SET root = sha256('x') WHERE size = 340`);
    const report = await trail.verify();
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
    await trail.tamper(`UPDATE audit_event SET event = replace(event, 'reader', 'writer') WHERE seq = 335`);
    await trail.recomputeTree();
    const forged = signHead((await newestHead(trail.db.pool))!, signer);
    await trail.tamper('UPDATE audit_tree_head SET signature = $1, key_id = $2 WHERE size = 340', [
      forged.signature,
      forged.keyId,
    ]);
    const report = await trail.verify();
    expect(found(report, 'head-changed')[0]!.sentence).toBe(`The tree head of 340 events in the database ${sentence}.`);
    expect(found(report, 'row-changed').map(finding => finding.seq)).toEqual(['335']);
  });
});

test('a head that is there twice is named', async () => {
  await trail.tamper('ALTER TABLE audit_tree_head DROP CONSTRAINT audit_tree_head_pkey');
  await trail.tamper('INSERT INTO audit_tree_head SELECT * FROM audit_tree_head WHERE size = 320');
  const report = await trail.verify();
  await trail.restore();
  await trail.tamper('ALTER TABLE audit_tree_head ADD CONSTRAINT audit_tree_head_pkey PRIMARY KEY (size)');
  expect(report.findings).toMatchObject([
    { kind: 'head-changed', size: 320, sentence: expect.stringContaining('twice') },
  ]);
});

describe('a file outside', () => {
  test('any flipped bit is found, and the file is named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), async (place, byte, bit) => {
        const before = await readFile(trail.fileOf(place));
        const after = Buffer.from(before);
        after[byte % after.length]! ^= 1 << bit;
        await writeFile(trail.fileOf(place), after);
        const report = await trail.verify();
        await writeFile(trail.fileOf(place), before);
        expect(report.verified).toBe(false);
        expect(new Set(kinds(report))).toEqual(new Set(['outside-changed']));
        for (const finding of report.findings) expect(finding.file).toBe(trail.names[place]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test('a listed leaf that was changed without a trace in the format', async () => {
    await trail.rewrite(1, text => {
      const [leaf] = parseOutsideHead(Buffer.from(text)).leaves;
      return text.replace(leaf!.hash.toString('hex'), 'ab'.repeat(32));
    });
    expect(await trail.verify()).toMatchObject({
      findings: [{ kind: 'outside-changed', file: trail.names[1], leafIndex: 300 }],
    });
  });

  test('a listed number that was changed', async () => {
    await trail.rewrite(2, text => text.replace('["330",', '["329",'));
    const report = await trail.verify();
    expect(report.findings).toMatchObject([
      { kind: 'outside-changed', file: trail.names[2], leafIndex: 329, seq: '330' },
    ]);
  });

  test('row, leaf and list changed alike, one row each: the signed root tells', async () => {
    await trail.tamper(`UPDATE audit_event SET event = replace(event, 'reader', 'writer') WHERE seq = 310`);
    await trail.recomputeTree();
    const { rows } = await trail.tamper('SELECT leaf_hash FROM audit_leaf WHERE seq = 310');
    const original = (await trail.tamper('SELECT leaf_hash FROM saved.audit_leaf WHERE seq = 310')).rows[0].leaf_hash;
    await trail.rewrite(1, text => text.replace(original.toString('hex'), rows[0].leaf_hash.toString('hex')));
    const report = await trail.verify();
    expect(found(report, 'root-differs')).toMatchObject([{ size: 320, file: trail.names[1] }]);
  });

  test('that was removed is named by its size', async () => {
    await rm(trail.fileOf(1));
    expect(await trail.verify()).toMatchObject({
      findings: [{ kind: 'outside-missing', size: 320, sentence: expect.stringContaining('leaves 300 to 319') }],
    });
  });

  test('that was removed, and its head in the database as well', async () => {
    await rm(trail.fileOf(1));
    await trail.tamper('DELETE FROM audit_tree_head WHERE size = 320');
    expect(await trail.verify()).toMatchObject({ findings: [{ kind: 'outside-missing', size: 320 }] });
  });

  test('the newest one: missing for a short time is said, for long it is a finding', async () => {
    await rm(trail.fileOf(2));
    const report = await trail.verify();
    expect(report.findings).toEqual([]);
    expect(report.notices).toContain('The newest tree head, of 340 events, is not outside the database yet.');
    expect(await trail.verify({ outsideGraceMs: 0 })).toMatchObject({
      findings: [{ kind: 'outside-missing', size: 340 }],
    });
  });

  test('all of them', async () => {
    await rm(trail.folder, { recursive: true });
    await mkdir(trail.folder);
    const report = await trail.verify();
    expect(report.findings).toMatchObject([{ kind: 'outside-missing', size: 340 }]);
  });

  test('that has the name of another one', async () => {
    await rename(trail.fileOf(1), trail.fileOf(1).replace('0320-', '0330-'));
    const report = await trail.verify();
    expect(found(report, 'outside-changed')[0]!.sentence).toContain('holds another head: the one of 320 events');
    expect(found(report, 'outside-missing')).toMatchObject([{ size: 320 }]);
  });

  test('a head that was made up is named', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    await trail.rewrite(2, text => {
      const { head } = parseOutsideHead(Buffer.from(text));
      const forged = sign(null, headStatement(head), privateKey).toString('base64');
      return text.replace(head.signature.toString('base64'), forged);
    });
    expect(kinds(await trail.verify())).toEqual(['outside-changed']);
  });
});

test('row, leaf and files changed without files outside: the head is named', async () => {
  await trail.tamper(`UPDATE audit_event SET event = replace(event, 'reader', 'writer') WHERE seq = 310`);
  await trail.recomputeTree();
  await trail.tamper(`UPDATE audit_tree_head t SET root = s.root FROM saved.audit_tree_head s WHERE s.size = t.size`);
  const report = await trail.verify({ outside: undefined });
  expect(report.findings).toMatchObject([{ kind: 'root-differs', size: 320 }]);
  expect(report.notices[0]).toMatch(/^No heads from outside the database were given/);
});

test('without public keys, or where the heads outside cannot be read, nothing is said to be verified', async () => {
  await expect(trail.verify({ publicKeys: new Map() })).rejects.toThrow('No public key is given');
  const file = path.join(trail.folder, 'file');
  await writeFile(file, '');
  await expect(trail.verify({ outside: outsideFolder(file) })).rejects.toThrow('cannot be read (ENOTDIR)');
});

test('the folder of heads holds nothing but heads', async () => {
  expect(await readdir(path.dirname(trail.fileOf(0)))).toEqual(trail.names.map(name => path.basename(name)));
});
