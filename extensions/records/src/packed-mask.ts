/** Voxels as runs [start, end) along rows; row r is row r % rows of slice floor(r / rows). */
export interface MaskRuns {
  readonly row: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

/**
 * Voxels as the data service takes a mask: one bit for each, the lowest bit of a byte first, in the order x, y, z.
 * @param dimensions voxels in x, y and z
 */
export function packedMask(
  { row, start, end }: MaskRuns,
  [columns, rows, slices]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((columns * rows * slices) / 8));
  row.forEach((rowOfRun, run) => {
    for (let voxel = rowOfRun * columns + start[run]!; voxel < rowOfRun * columns + end[run]!; voxel++) {
      bytes[voxel >> 3]! |= 1 << (voxel & 7);
    }
  });
  return bytes;
}
