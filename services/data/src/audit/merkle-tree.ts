// The Merkle tree of RFC 9162, section 2.1 (the same as in RFC 6962), over SHA-256.
// Trees are described by leaf hashes of 32 bytes; sizes and leaf indexes are safe integers, the first leaf is 0.
import { hash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Root of the tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, data]), 'buffer');
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/** A complete subtree: the leaves from `index * 2 ** level` up to, not including, `(index + 1) * 2 ** level`. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/**
 * The complete subtrees that a range of leaves consists of, from left to right.
 * @param start first leaf
 * @param end the leaf after the last one
 */
export function subtreesOf(start: number, end: number): Subtree[] {
  const subtrees: Subtree[] = [];
  let next = start;
  while (next < end) {
    let level = 0;
    let width = 1;
    while (next % (width * 2) === 0 && next + width * 2 <= end) {
      level += 1;
      width *= 2;
    }
    subtrees.push({ level, index: next / width });
    next += width;
  }
  return subtrees;
}

/** Joins the hashes of complete subtrees of falling size, from left to right, to the hash of the tree over all of them. */
export function joinSubtrees(hashes: readonly Buffer[]): Buffer {
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/**
 * The right edge of a growing tree: the hashes of the complete subtrees that it consists of. Appending a leaf costs two hashes
 * on average and memory of one hash per level; no earlier leaf is needed.
 */
export class Frontier {
  #size = 0;
  #hashes: Buffer[] = [];
  #levels: number[] = [];

  /**
   * @param size of the tree
   * @param hashes of `subtreesOf(0, size)`
   */
  constructor(size = 0, hashes: readonly Buffer[] = []) {
    const subtrees = subtreesOf(0, size);
    if (subtrees.length !== hashes.length) {
      throw new RangeError(`A tree of ${size} leaves has ${subtrees.length} complete subtrees, not ${hashes.length}.`);
    }
    this.#size = size;
    this.#hashes = [...hashes];
    this.#levels = subtrees.map(subtree => subtree.level);
  }

  get size(): number {
    return this.#size;
  }

  copy(): Frontier {
    return new Frontier(this.#size, this.#hashes);
  }

  /**
   * Appends a leaf.
   * @param completed called with each subtree that this leaf completes, the leaf itself first
   */
  append(leaf: Buffer, completed?: (level: number, index: number, hash: Buffer) => void): void {
    let hashed = leaf;
    let level = 0;
    let index = this.#size;
    completed?.(level, index, hashed);
    while (this.#levels.at(-1) === level) {
      this.#levels.pop();
      hashed = nodeHash(this.#hashes.pop() as Buffer, hashed);
      level += 1;
      index = (index - 1) / 2;
      completed?.(level, index, hashed);
    }
    this.#hashes.push(hashed);
    this.#levels.push(level);
    this.#size += 1;
  }

  root(): Buffer {
    return joinSubtrees(this.#hashes);
  }
}

/** One hash of a proof, as the complete subtrees that `joinSubtrees` makes it of. */
export type ProofStep = readonly Subtree[];

/** The largest power of two below `size`, which is 2 or more: where the RFC splits a tree. */
function split(size: number): number {
  let width = 1;
  while (width * 2 < size) width *= 2;
  return width;
}

/**
 * What the inclusion proof of a leaf consists of (RFC 9162, 2.1.3.1), from the leaf to the root.
 * @throws RangeError where the tree has no such leaf
 */
export function inclusionProofSteps(leafIndex: number, size: number): ProofStep[] {
  if (!isSize(leafIndex) || !isSize(size) || leafIndex >= size) {
    throw new RangeError(`A tree of ${size} leaves has no leaf ${leafIndex}.`);
  }
  const steps: ProofStep[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (leafIndex < middle) {
      steps.push(subtreesOf(middle, end));
      end = middle;
    } else {
      steps.push(subtreesOf(start, middle));
      start = middle;
    }
  }
  return steps.reverse();
}

/**
 * What the proof consists of that a tree of `second` leaves begins with the one of `first` leaves (RFC 9162, 2.1.4.1). Nothing
 * where they are the same or the first is empty.
 * @throws RangeError where the first is the larger one
 */
export function consistencyProofSteps(first: number, second: number): ProofStep[] {
  if (!isSize(first) || !isSize(second) || first > second) {
    throw new RangeError(`A tree of ${second} leaves does not begin with one of ${first}.`);
  }
  if (first === 0) return [];
  const steps: ProofStep[] = [];
  let start = 0;
  let end = second;
  while (end !== first) {
    const middle = start + split(end - start);
    if (first <= middle) {
      steps.push(subtreesOf(middle, end));
      end = middle;
    } else {
      steps.push(subtreesOf(start, middle));
      start = middle;
    }
  }
  // The verifier has the root of the first tree; where that is no subtree of the second, the proof brings the subtree.
  if (start > 0) steps.push(subtreesOf(start, end));
  return steps.reverse();
}

export interface InclusionClaim {
  leafHash: Uint8Array;
  leafIndex: number;
  size: number;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** Whether the proof shows that the tree of this size and root has this leaf at this index (RFC 9162, 2.1.3.2). */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { leafIndex, size, proof } = claim;
  if (!isSize(leafIndex) || !isSize(size) || leafIndex >= size) return false;
  if (![claim.leafHash, claim.root, ...proof].every(isHash)) return false;
  let node = leafIndex;
  let last = size - 1;
  let computed: Uint8Array = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      computed = nodeHash(sibling, computed);
      while (!isOdd(node) && node > 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      computed = nodeHash(computed, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && isEqual(computed, claim.root);
}

export interface ConsistencyClaim {
  first: number;
  firstRoot: Uint8Array;
  second: number;
  secondRoot: Uint8Array;
  proof: readonly Uint8Array[];
}

/**
 * Whether the proof shows that the second tree begins with the first one (RFC 9162, 2.1.4.2). Every tree begins with the empty
 * one and with itself; the proof of that is empty.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { first, second, firstRoot, secondRoot } = claim;
  if (!isSize(first) || !isSize(second) || first > second) return false;
  if (![firstRoot, secondRoot, ...claim.proof].every(isHash)) return false;
  if (first === second) return claim.proof.length === 0 && isEqual(firstRoot, secondRoot);
  if (first === 0) return claim.proof.length === 0 && isEqual(firstRoot, EMPTY_ROOT);
  if (claim.proof.length === 0) return false;

  const isComplete = subtreesOf(0, first).length === 1;
  const [begin, ...rest] = isComplete ? [firstRoot, ...claim.proof] : claim.proof;
  let node = first - 1;
  let last = second - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  let computedFirst = begin as Uint8Array;
  let computedSecond = begin as Uint8Array;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      computedFirst = nodeHash(sibling, computedFirst);
      computedSecond = nodeHash(sibling, computedSecond);
      while (!isOdd(node) && node > 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      computedSecond = nodeHash(computedSecond, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && isEqual(computedFirst, firstRoot) && isEqual(computedSecond, secondRoot);
}

const isSize = (value: number) => Number.isSafeInteger(value) && value >= 0;
const isHash = (value: Uint8Array) => value.length === 32;
const isOdd = (value: number) => value % 2 === 1;
const half = (value: number) => Math.floor(value / 2);
const isEqual = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;
