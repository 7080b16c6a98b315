import type { VoxelRuns } from '@voxelwise/dicom';

/**
 * The voxels of a mask as runs along its rows.
 * @param mask not 0 where a voxel belongs to it, x fastest, then y, then slices
 * @param columns voxels of a row
 */
export function runsOfMask(mask: Uint8Array, columns: number): VoxelRuns {
  const rows: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let first = 0, row = 0; first < mask.length; first += columns, row++) {
    for (let x = 0; x < columns; x++) {
      if (mask[first + x] === 0) continue;
      const start = x;
      while (x < columns && mask[first + x] !== 0) x++;
      rows.push(row);
      starts.push(start);
      ends.push(x);
    }
  }
  return { row: Int32Array.from(rows), start: Int32Array.from(starts), end: Int32Array.from(ends) };
}

/** 1 where a voxel is in one of the runs, in [columns, rows, slices]. */
export function maskOfRuns(
  { row, start, end }: VoxelRuns,
  [columns, rows, slices]: readonly [number, number, number],
): Uint8Array {
  const mask = new Uint8Array(columns * rows * slices);
  row.forEach((at, run) => {
    mask.fill(1, at * columns + start[run]!, at * columns + end[run]!);
  });
  return mask;
}

/** A mask of single voxels, as of the AIF. */
export function maskOfVoxels(voxels: readonly number[], length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (const voxel of voxels) mask[voxel] = 1;
  return mask;
}
