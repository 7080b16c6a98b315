import type { VoxelRuns } from './segmentation.ts';

/**
 * Pixel data of a binary segmentation: one bit per pixel, the first pixel in the lowest bit, and a frame begins at the bit where the
 * one before ends, not at a byte (PS3.5 8.1.1 and D).
 */
export function packedFrames(frames: number, pixelsPerFrame: number): Uint8Array {
  return new Uint8Array(Math.ceil((frames * pixelsPerFrame) / 8));
}

/** In place: sets the bits [from, to), counted from the beginning of the pixel data. */
export function setBits(bytes: Uint8Array, from: number, to: number): void {
  for (let bit = from; bit < to; ) {
    const byte = Math.floor(bit / 8);
    if (bit % 8 === 0 && to - bit >= 8) {
      bytes[byte] = 0xff;
      bit += 8;
    } else {
      bytes[byte]! |= 1 << (bit % 8);
      bit++;
    }
  }
}

/** Runs of the set bits of one frame, row by row; rows are numbered on from `firstRow`. */
export function runsOfFrame(
  bytes: Uint8Array,
  frame: number,
  [rows, columns]: readonly [number, number],
  firstRow: number,
) {
  const runs: { row: number; start: number; end: number }[] = [];
  const isSet = (bit: number) => (bytes[Math.floor(bit / 8)]! >> (bit % 8)) & 1;
  for (let row = 0; row < rows; row++) {
    const first = (frame * rows + row) * columns;
    for (let x = 0; x < columns; ) {
      const bit = first + x;
      if (bit % 8 === 0 && columns - x >= 8 && bytes[bit / 8] === 0) {
        x += 8;
        continue;
      }
      if (!isSet(bit)) {
        x++;
        continue;
      }
      const start = x;
      while (x < columns && isSet(first + x)) x++;
      runs.push({ row: firstRow + row, start, end: x });
    }
  }
  return runs;
}

/** Runs of several frames as one set of voxels. Frames may repeat voxels of others: each counts once. */
export function toVoxelRuns(runs: readonly { row: number; start: number; end: number }[]): VoxelRuns {
  const sorted = [...runs].sort((a, b) => a.row - b.row || a.start - b.start);
  const joined: typeof sorted = [];
  for (const run of sorted) {
    const last = joined.at(-1);
    if (last?.row === run.row && run.start <= last.end) last.end = Math.max(last.end, run.end);
    else joined.push({ ...run });
  }
  return {
    row: Int32Array.from(joined, run => run.row),
    start: Int32Array.from(joined, run => run.start),
    end: Int32Array.from(joined, run => run.end),
  };
}
