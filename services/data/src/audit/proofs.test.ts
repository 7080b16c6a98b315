import { verify } from 'node:crypto';
import { type TestTrail, testEvent, testTrail, transactionsOver } from './audit.test-support.ts';
import { recordAudit } from './audit-event.ts';
import { leafHash, verifyConsistency, verifyInclusion } from './merkle-tree.ts';
import { consistencyProof, type HeadDocument, inclusionProof, NotInTreeError } from './proofs.ts';

let trail: TestTrail;
let ids: string[];
const SIZES = [1, 5, 256, 700, 1300];

beforeAll(async () => {
  trail = await testTrail();
  ids = [];
  for (const size of SIZES) {
    const events = Array.from({ length: size - ids.length }, (_, i) => testEvent(i));
    ids.push(...(await trail.db.transaction(tx => recordAudit(tx, ...events))));
    await transactionsOver(trail.db);
    await trail.seal();
  }
}, 30_000);
afterAll(() => trail.remove());

const bytes = (hashes: string[]) => hashes.map(hash => Buffer.from(hash, 'hex'));

/** What somebody does who has the public key and nothing else of us. */
function rootOf(head: HeadDocument | undefined): Buffer {
  const { statement, signature, root, size } = head!;
  const key = trail.signer.publicKeys.get('s1')!;
  expect(verify(null, Buffer.from(statement), key, Buffer.from(signature, 'base64'))).toBe(true);
  expect(JSON.parse(statement)).toMatchObject({ root, size });
  return Buffer.from(root, 'hex');
}

test.each([0, 1, 4, 5, 255, 256, 511, 512, 767, 1023, 1024, 1299])(
  'event %i is in the tree of every head since',
  async i => {
    for (const size of SIZES.filter(one => one > i)) {
      const proof = await inclusionProof(trail.db, ids[i]!, size);
      const document = JSON.parse(proof.leafData);
      expect(document.event.id).toBe(ids[i]);
      expect(proof).toMatchObject({ eventId: ids[i], leafIndex: i, size });
      expect(leafHash(Buffer.from(proof.leafData)).toString('hex')).toBe(proof.leafHash);
      const claim = {
        leafHash: Buffer.from(proof.leafHash, 'hex'),
        leafIndex: i,
        size,
        proof: bytes(proof.proof),
        root: rootOf(proof.head),
      };
      expect(verifyInclusion(claim)).toBe(true);
      expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.from('another')) })).toBe(false);
    }
  },
);

test('without a size the proof leads to the newest head, and to a size without a head there is none', async () => {
  expect(await inclusionProof(trail.db, ids[3]!)).toMatchObject({ size: 1300, head: { size: 1300 } });
  expect((await inclusionProof(trail.db, ids[3]!, 1299)).head).toBeUndefined();
});

test('every head begins with every earlier one', async () => {
  for (const first of SIZES) {
    for (const second of SIZES.filter(size => size >= first)) {
      const proof = await consistencyProof(trail.db, first, second);
      const claim = {
        first,
        firstRoot: rootOf(proof.firstHead),
        second,
        secondRoot: rootOf(proof.secondHead),
        proof: bytes(proof.proof),
      };
      expect(verifyConsistency(claim)).toBe(true);
    }
  }
  expect(await consistencyProof(trail.db, 5)).toMatchObject({ first: 5, second: 1300 });
});

test('subtree hashes that are missing are made of the leaves', async () => {
  const before = [await inclusionProof(trail.db, ids[2]!), await consistencyProof(trail.db, 700)];
  await trail.owner.pool.query('CREATE TABLE kept AS TABLE audit_node; TRUNCATE audit_node');
  const after = [await inclusionProof(trail.db, ids[2]!), await consistencyProof(trail.db, 700)];
  await trail.owner.pool.query('INSERT INTO audit_node TABLE kept');
  expect(after).toEqual(before);
});

test('what is not in the tree is refused in a sentence', async () => {
  const [waiting] = await trail.write(1);
  const refusals: [() => Promise<unknown>, string][] = [
    [() => inclusionProof(trail.db, crypto.randomUUID()), 'There is no audit event of this id.'],
    [() => inclusionProof(trail.db, waiting!), 'The audit event is not sealed yet. Ask again in a minute.'],
    [
      () => inclusionProof(trail.db, ids[9]!, 9),
      'The event is leaf 9 of a tree of 1300: ask for a size from 10 to 1300.',
    ],
    [() => inclusionProof(trail.db, ids[9]!, 1301), 'ask for a size from 10 to 1300.'],
    [
      () => consistencyProof(trail.db, 5, 1301),
      'The tree has 1300 leaves: ask for two sizes up to that, the smaller one first.',
    ],
    [() => consistencyProof(trail.db, 6, 5), 'the smaller one first.'],
  ];
  for (const [refusal, sentence] of refusals) {
    await expect(refusal()).rejects.toThrow(NotInTreeError);
    await expect(refusal()).rejects.toThrow(sentence);
  }
});
