import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  consistencyProofSteps,
  EMPTY_ROOT,
  Frontier,
  inclusionProofSteps,
  joinSubtrees,
  leafHash,
  type ProofStep,
  type Subtree,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle-tree.ts';

// The leaves, roots and proofs that the reference implementation of Certificate Transparency publishes
// (github.com/transparency-dev/merkle: testonly/constants.go, proof/verify_test.go).
const PUBLISHED_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const PUBLISHED_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION_PROOFS = [
  { leafIndex: 0, size: 1, proof: [] },
  {
    leafIndex: 0,
    size: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    leafIndex: 5,
    size: 8,
    proof: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { leafIndex: 2, size: 3, proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  {
    leafIndex: 1,
    size: 5,
    proof: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];
const CONSISTENCY_PROOFS = [
  { first: 1, second: 1, proof: [] },
  {
    first: 1,
    second: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    first: 6,
    second: 8,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    first: 2,
    second: 5,
    proof: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
  {
    first: 6,
    second: 7,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
];

const hexadecimal = (hashes: readonly Uint8Array[]) => hashes.map(hashed => Buffer.from(hashed).toString('hex'));
const bytes = (hashes: readonly string[]) => hashes.map(hashed => Buffer.from(hashed, 'hex'));
const publishedHashes = PUBLISHED_LEAVES.map(leaf => leafHash(Buffer.from(leaf, 'hex')));

// The twin: the recursive definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, word by word.
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
function k(n: number): number {
  let power = 1;
  while (power < n) power *= 2;
  return power / 2;
}
function MTH(D: readonly Buffer[]): Buffer {
  if (D.length === 0) return sha256();
  if (D.length === 1) return D[0]!;
  return sha256(Buffer.from([1]), MTH(D.slice(0, k(D.length))), MTH(D.slice(k(D.length))));
}
function PATH(m: number, D: readonly Buffer[]): Buffer[] {
  if (D.length === 1) return [];
  const half = k(D.length);
  return m < half
    ? [...PATH(m, D.slice(0, half)), MTH(D.slice(half))]
    : [...PATH(m - half, D.slice(half)), MTH(D.slice(0, half))];
}
function SUBPROOF(m: number, D: readonly Buffer[], b: boolean): Buffer[] {
  if (m === D.length) return b ? [] : [MTH(D)];
  const half = k(D.length);
  return m <= half
    ? [...SUBPROOF(m, D.slice(0, half), b), MTH(D.slice(half))]
    : [...SUBPROOF(m - half, D.slice(half), false), MTH(D.slice(0, half))];
}
const PROOF = (m: number, D: readonly Buffer[]) => SUBPROOF(m, D, true);

function frontierOf(leaves: readonly Buffer[]): Frontier {
  const frontier = new Frontier();
  for (const leaf of leaves) frontier.append(leaf);
  return frontier;
}

/** Hashes of a proof, taken from complete subtrees only, as the database keeps them. */
function proofOf(leaves: readonly Buffer[], steps: readonly ProofStep[]): Buffer[] {
  const subtreeHash = ({ level, index }: Subtree) => MTH(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
  return steps.map(step => joinSubtrees(step.map(subtreeHash)));
}

const leavesArbitrary = (minLength: number) =>
  fc
    .integer({ min: minLength, max: 140 })
    .chain(size => fc.nat().map(seed => Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`${seed} ${i}`)))));

test('the published roots of zero to eight leaves', () => {
  for (const [size, root] of PUBLISHED_ROOTS.entries()) {
    expect(frontierOf(publishedHashes.slice(0, size)).root().toString('hex')).toBe(root);
  }
  expect(EMPTY_ROOT.toString('hex')).toBe(PUBLISHED_ROOTS[0]);
});

test.each(INCLUSION_PROOFS)(
  'the published proof that leaf $leafIndex is in the tree of $size',
  ({ leafIndex, size, proof }) => {
    expect(hexadecimal(proofOf(publishedHashes, inclusionProofSteps(leafIndex, size)))).toEqual(proof);
    const root = Buffer.from(PUBLISHED_ROOTS[size]!, 'hex');
    expect(verifyInclusion({ leafHash: publishedHashes[leafIndex]!, leafIndex, size, proof: bytes(proof), root })).toBe(
      true,
    );
  },
);

test.each(CONSISTENCY_PROOFS)('the published proof that the tree of $second begins with the one of $first', claim => {
  const { first, second } = claim;
  expect(hexadecimal(proofOf(publishedHashes, consistencyProofSteps(first, second)))).toEqual(claim.proof);
  const [firstRoot, secondRoot] = bytes([PUBLISHED_ROOTS[first]!, PUBLISHED_ROOTS[second]!]);
  expect(
    verifyConsistency({ first, second, proof: bytes(claim.proof), firstRoot: firstRoot!, secondRoot: secondRoot! }),
  ).toBe(true);
});

test('the root of any leaves is that of the recursive definition, also when the tree grows in batches', () => {
  fc.assert(
    fc.property(leavesArbitrary(0), fc.integer({ min: 0, max: 140 }), (leaves, at) => {
      const first = leaves.slice(0, at);
      const continued = new Frontier(
        first.length,
        subtreesOf(0, first.length).map(({ level, index }) =>
          MTH(first.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        ),
      );
      expect(continued.root()).toEqual(MTH(first));
      for (const leaf of leaves.slice(at)) continued.append(leaf);
      expect(continued.root()).toEqual(MTH(leaves));
      expect(continued.size).toBe(leaves.length);
    }),
  );
});

test('every subtree that a leaf completes is announced once, with its hash', () => {
  fc.assert(
    fc.property(leavesArbitrary(1), leaves => {
      const seen = new Map<string, Buffer>();
      const frontier = new Frontier();
      for (const leaf of leaves) {
        frontier.append(leaf, (level, index, hashed) => {
          expect(seen.has(`${level}/${index}`)).toBe(false);
          seen.set(`${level}/${index}`, hashed);
        });
      }
      let expected = 0;
      for (let level = 0; 2 ** level <= leaves.length; level++) {
        for (let index = 0; (index + 1) * 2 ** level <= leaves.length; index++) {
          expect(seen.get(`${level}/${index}`)).toEqual(
            MTH(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
          );
          expected += 1;
        }
      }
      expect(seen.size).toBe(expected);
    }),
    { numRuns: 20 },
  );
});

test('proofs are those of the recursive definition and verify, in every tree of up to 40 leaves', () => {
  const leaves = Array.from({ length: 40 }, (_, i) => leafHash(Buffer.from([i])));
  for (let size = 1; size <= leaves.length; size++) {
    const tree = leaves.slice(0, size);
    const root = MTH(tree);
    for (let leafIndex = 0; leafIndex < size; leafIndex++) {
      const proof = proofOf(tree, inclusionProofSteps(leafIndex, size));
      expect(proof).toEqual(PATH(leafIndex, tree));
      expect(verifyInclusion({ leafHash: leaves[leafIndex]!, leafIndex, size, proof, root })).toBe(true);
    }
    for (let first = 1; first <= size; first++) {
      const proof = proofOf(tree, consistencyProofSteps(first, size));
      expect(proof).toEqual(PROOF(first, tree));
      expect(
        verifyConsistency({ first, second: size, proof, firstRoot: MTH(leaves.slice(0, first)), secondRoot: root }),
      ).toBe(true);
    }
  }
});

test('a proof of something else is refused', () => {
  const flip = (hashed: Uint8Array, bit: number) => {
    const flipped = Buffer.from(hashed);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    return flipped;
  };
  fc.assert(
    fc.property(leavesArbitrary(2), fc.nat(), fc.nat(), fc.nat(255), (leaves, random, place, bit) => {
      const size = leaves.length;
      const leafIndex = random % size;
      const proof = PATH(leafIndex, leaves);
      const claim = { leafHash: leaves[leafIndex]!, leafIndex, size, proof, root: MTH(leaves) };
      const changed = proof.map((hashed, i) => (i === place % proof.length ? flip(hashed, bit) : hashed));
      for (const wrong of [
        { proof: changed },
        { proof: proof.slice(1) },
        { proof: proof.slice(0, -1) },
        { proof: [...proof, claim.root] },
        { proof: [...proof.slice(0, -1), Buffer.alloc(31)] },
        { root: flip(claim.root, bit) },
        { leafHash: flip(claim.leafHash, bit) },
        { leafIndex: leafIndex ^ 1 },
        { leafIndex: size },
        { leafIndex: -1 },
        { leafIndex: leafIndex + 0.5 },
        { size: leafIndex },
      ]) {
        expect(verifyInclusion({ ...claim, ...wrong })).toBe(false);
      }
    }),
  );
  fc.assert(
    fc.property(leavesArbitrary(2), fc.nat(), fc.nat(), fc.nat(255), (leaves, random, place, bit) => {
      const second = leaves.length;
      const first = 1 + (random % (second - 1));
      const proof = PROOF(first, leaves);
      const claim = { first, second, proof, firstRoot: MTH(leaves.slice(0, first)), secondRoot: MTH(leaves) };
      const changed = proof.map((hashed, i) => (i === place % proof.length ? flip(hashed, bit) : hashed));
      for (const wrong of [
        { proof: changed },
        { proof: proof.slice(1) },
        { proof: proof.slice(0, -1) },
        { proof: [...proof, claim.secondRoot] },
        { proof: [] },
        { firstRoot: flip(claim.firstRoot, bit) },
        { secondRoot: flip(claim.secondRoot, bit) },
        { firstRoot: claim.secondRoot, secondRoot: claim.firstRoot },
        { first: second },
        { first: second + 1 },
        { first: 0 },
      ]) {
        expect(verifyConsistency({ ...claim, ...wrong })).toBe(false);
      }
    }),
  );
});

test('two trees that differ in a leaf of the first are inconsistent', () => {
  fc.assert(
    fc.property(leavesArbitrary(2), fc.nat(), fc.nat(), (leaves, random, place) => {
      const first = 1 + (random % (leaves.length - 1));
      const rewritten = leaves.map((leaf, i) => (i === place % first ? leafHash(leaf) : leaf));
      const firstRoot = MTH(leaves.slice(0, first));
      const claim = { first, firstRoot, second: leaves.length, secondRoot: MTH(rewritten) };
      expect(verifyConsistency({ ...claim, proof: PROOF(first, leaves) })).toBe(false);
      expect(verifyConsistency({ ...claim, proof: PROOF(first, rewritten) })).toBe(false);
    }),
  );
});

test('every tree begins with the empty one and with itself, and the proof of that is empty', () => {
  const root = MTH(publishedHashes);
  expect(consistencyProofSteps(0, 8)).toEqual([]);
  expect(verifyConsistency({ first: 0, firstRoot: EMPTY_ROOT, second: 8, secondRoot: root, proof: [] })).toBe(true);
  expect(verifyConsistency({ first: 0, firstRoot: root, second: 8, secondRoot: root, proof: [] })).toBe(false);
  expect(verifyConsistency({ first: 0, firstRoot: EMPTY_ROOT, second: 8, secondRoot: root, proof: [root] })).toBe(
    false,
  );
  expect(verifyConsistency({ first: 8, firstRoot: root, second: 8, secondRoot: root, proof: [] })).toBe(true);
});

test('a leaf or a tree that cannot be is refused in a sentence', () => {
  expect(() => inclusionProofSteps(8, 8)).toThrow('A tree of 8 leaves has no leaf 8.');
  expect(() => consistencyProofSteps(9, 8)).toThrow('A tree of 8 leaves does not begin with one of 9.');
  expect(() => new Frontier(3, [EMPTY_ROOT])).toThrow('A tree of 3 leaves has 2 complete subtrees, not 1.');
});
