import { verify } from 'node:crypto';
import { leafHash, verifyConsistency, verifyInclusion } from '../audit/merkle-tree.ts';
import { examplesOf } from './examples.ts';

// The golden fixtures of the audit are worth nothing to whoever writes a verifier, unless they verify.

interface Head {
  readonly size: number;
  readonly root: string;
  readonly statement: string;
  readonly signature: string;
}

const { signed } = examplesOf('TreeHead') as { signed: Head & { publicKey: string } };
const bytes = (hexadecimal: string) => Buffer.from(hexadecimal, 'hex');

function isSigned({ size, root, statement, signature }: Head): boolean {
  expect(JSON.parse(statement)).toMatchObject({ size, root });
  return verify(null, Buffer.from(statement), signed.publicKey, Buffer.from(signature, 'base64'));
}

test('the tree head is signed', () => {
  expect(isSigned(signed)).toBe(true);
});

test('the inclusion proof proves its leaf', () => {
  const proof = Object.values(examplesOf('InclusionProof'))[0] as {
    leafData: string;
    leafHash: string;
    leafIndex: number;
    size: number;
    proof: string[];
    head: Head;
  };
  expect(leafHash(Buffer.from(proof.leafData)).toString('hex')).toBe(proof.leafHash);
  const { leafIndex, size, head } = proof;
  const claim = {
    leafIndex,
    size,
    leafHash: bytes(proof.leafHash),
    proof: proof.proof.map(bytes),
    root: bytes(head.root),
  };
  expect(verifyInclusion(claim)).toBe(true);
  expect(verifyInclusion({ ...claim, leafIndex: leafIndex + 1 })).toBe(false);
  expect(isSigned(head)).toBe(true);
});

test('the consistency proof proves that the later tree holds the earlier one', () => {
  const proof = Object.values(examplesOf('ConsistencyProof'))[0] as {
    first: number;
    second: number;
    proof: string[];
    firstHead: Head;
    secondHead: Head;
  };
  const { first, second, firstHead, secondHead } = proof;
  const claim = { first, second, firstRoot: bytes(firstHead.root), secondRoot: bytes(secondHead.root) };
  expect(verifyConsistency({ ...claim, proof: proof.proof.map(bytes) })).toBe(true);
  expect(verifyConsistency({ ...claim, proof: proof.proof.map(bytes).reverse() })).toBe(false);
  expect([isSigned(firstHead), isSigned(secondHead)]).toEqual([true, true]);
});
