import type { RunList } from '@voxelwise/compute/twins';
import type { HuVolume } from './hu-volume.ts';

/** Voxels as runs [start, end) along x, in raster order of their rows (row = z * ny + y), without overlap. */
export interface VoxelRuns {
  readonly row: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

export const NO_VOXELS: VoxelRuns = { row: new Int32Array(), start: new Int32Array(), end: new Int32Array() };

/** One voxel [column, row, slice]. */
export function voxelAsRuns(
  [x, y, z]: readonly [number, number, number],
  [, rowsPerSlice]: HuVolume['dimensions'],
): VoxelRuns {
  return { row: Int32Array.of(z * rowsPerSlice + y), start: Int32Array.of(x), end: Int32Array.of(x + 1) };
}

/** How many voxels the runs hold. */
export function countVoxels({ start, end }: VoxelRuns): number {
  let count = 0;
  for (let i = 0; i < start.length; i++) count += end[i]! - start[i]!;
  return count;
}

/** Voxels of the runs in rows [firstRow, lastRow) for which include is true. */
export function voxelsOfRuns(
  { start, end, rowStart }: RunList,
  include: (run: number) => boolean,
  firstRow = 0,
  lastRow = rowStart.length - 1,
): VoxelRuns {
  const row: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let r = firstRow; r < lastRow; r++) {
    for (let run = rowStart[r]!; run < rowStart[r + 1]!; run++) {
      if (!include(run)) continue;
      const previous = row.length - 1;
      if (row[previous] === r && ends[previous] === start[run]) {
        ends[previous] = end[run]!;
        continue;
      }
      row.push(r);
      starts.push(start[run]!);
      ends.push(end[run]!);
    }
  }
  return { row: Int32Array.from(row), start: Int32Array.from(starts), end: Int32Array.from(ends) };
}

/** Calls visit for every overlap of the voxels with a run: the overlapping span is [from, to). */
export function eachOverlap(
  runs: RunList,
  { row, start, end }: VoxelRuns,
  visit: (run: number, from: number, to: number) => void,
): void {
  const rows = runs.rowStart.length - 1;
  let run = 0; // the first one of its row that does not end before these voxels
  for (let i = 0; i < row.length; i++) {
    const r = row[i]!;
    if (r < 0 || r >= rows) continue;
    if (r !== row[i - 1]) run = runs.rowStart[r]!;
    const last = runs.rowStart[r + 1]!;
    while (run < last && runs.end[run]! <= start[i]!) run++;
    for (let over = run; over < last && runs.start[over]! < end[i]!; over++) {
      visit(over, Math.max(runs.start[over]!, start[i]!), Math.min(runs.end[over]!, end[i]!));
    }
  }
}
