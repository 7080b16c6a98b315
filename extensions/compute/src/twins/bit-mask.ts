import type { VoxelVolume } from '../volume.ts';

/**
 * One bit per voxel. A row starts at a word boundary, so a run can never wrap into the next row:
 * voxel x of row r is bit (x & 31) of words[r * wordsPerRow + (x >> 5)]. Bits past the width are 0.
 */
export interface BitMask {
  readonly words: Uint32Array;
  /** Voxels per row. */
  readonly width: number;
  /** Rows in all: ny * nz, ordered z * ny + y. */
  readonly rows: number;
  readonly wordsPerRow: number;
}

/** Half-open span [start, end) of voxels in a row. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function emptyMask(width: number, rows: number): BitMask {
  const wordsPerRow = Math.ceil(width / 32);
  return { words: new Uint32Array(wordsPerRow * rows), width, rows, wordsPerRow };
}

/** Bits of voxels whose value is at least the threshold. NaN is never in the mask. */
export function thresholdMask({ voxels, dimensions }: VoxelVolume, threshold: number): BitMask {
  const [width, ny, nz] = dimensions;
  const mask = emptyMask(width, ny * nz);
  const { words, wordsPerRow, rows } = mask;
  for (let row = 0, voxel = 0; row < rows; row++) {
    for (let word = 0; word < wordsPerRow; word++) {
      const bitsHere = Math.min(32, width - word * 32);
      let bits = 0;
      for (let bit = 0; bit < bitsHere; bit++, voxel++) {
        if (voxels[voxel]! >= threshold) bits |= 1 << bit;
      }
      words[row * wordsPerRow + word] = bits;
    }
  }
  return mask;
}

/** The part of a mask that lies in the spans of its rows. Spans may overlap and reach past the row. */
export function restrictMask(mask: BitMask, spansOf: (row: number) => readonly Span[]): BitMask {
  const restricted = emptyMask(mask.width, mask.rows);
  for (let row = 0; row < mask.rows; row++) {
    for (const span of spansOf(row)) copySpan(mask, restricted, row, span);
  }
  return restricted;
}

function copySpan(from: BitMask, to: BitMask, row: number, span: Span): void {
  const start = Math.max(0, span.start);
  const end = Math.min(from.width, span.end);
  for (let x = start; x < end; ) {
    const word = row * from.wordsPerRow + (x >> 5);
    const wordEnd = Math.min(end, ((x >> 5) + 1) << 5);
    const upTo = wordEnd & 31 ? (1 << (wordEnd & 31)) - 1 : -1;
    to.words[word]! |= from.words[word]! & (-1 << (x & 31)) & upTo;
    x = wordEnd;
  }
}

/** Number of voxels in the mask. */
export function countMask({ words }: BitMask): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) count += bitCount(words[i]!);
  return count;
}

/** Bits that are set in a word. */
export function bitCount(word: number): number {
  let v = word;
  v -= (v >>> 1) & 0x55555555;
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
