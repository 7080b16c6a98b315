import type { RunList } from '@voxelwise/compute/twins';

/** Voxels as runs [start, end) along x, in raster order of their rows (row = z * ny + y), without overlap. */
export interface VoxelRuns {
  readonly row: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

export const NO_VOXELS: VoxelRuns = { row: new Int32Array(), start: new Int32Array(), end: new Int32Array() };

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
  for (let i = 0; i < row.length; i++) {
    const r = row[i]!;
    if (r < 0 || r >= rows) continue;
    for (let run = firstRunEndingAfter(runs, r, start[i]!); run < runs.rowStart[r + 1]!; run++) {
      if (runs.start[run]! >= end[i]!) break;
      visit(run, Math.max(runs.start[run]!, start[i]!), Math.min(runs.end[run]!, end[i]!));
    }
  }
}

function firstRunEndingAfter({ end, rowStart }: RunList, row: number, x: number): number {
  let low = rowStart[row]!;
  let high = rowStart[row + 1]!;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
