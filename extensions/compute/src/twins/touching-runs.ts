import type { RunList } from './runs.ts';
import { type Parents, unite } from './union-find.ts';

/** 4 and 8 connect within a slice; 6 and 26 connect across slices as well. */
export type Connectivity = 4 | 8 | 6 | 26;

export function neighbourhood(connectivity: Connectivity): {
  readonly acrossSlices: boolean;
  /** How far apart in x runs of neighbouring rows may be: those that only touch at a corner are 1 apart. */
  readonly reach: 0 | 1;
} {
  return {
    acrossSlices: connectivity === 6 || connectivity === 26,
    reach: connectivity === 8 || connectivity === 26 ? 1 : 0,
  };
}

/** Sets that grow by the sets of runs that touch. */
export interface SetsOfRuns {
  readonly parents: Parents;
  /** The member that stands for each run. */
  readonly memberOf: Int32Array;
}

/** Unites the sets of all pairs of runs that touch, one of each row. A merge-scan over the sorted runs of both. */
export function uniteTouching(
  { start, end, rowStart }: RunList,
  rowA: number,
  rowB: number,
  reach: number,
  { parents, memberOf }: SetsOfRuns,
): void {
  let a = rowStart[rowA]!;
  let b = rowStart[rowB]!;
  const aEnd = rowStart[rowA + 1]!;
  const bEnd = rowStart[rowB + 1]!;
  while (a < aEnd && b < bEnd) {
    if (start[a]! < end[b]! + reach && start[b]! < end[a]! + reach) unite(parents, memberOf[a]!, memberOf[b]!);
    if (end[a]! < end[b]!) a++;
    else b++;
  }
}

/** The same for a row and the rows of the slice below that touch it: one, or three with diagonals. */
export function uniteTouchingBelow(
  runs: RunList,
  row: number,
  rowsPerSlice: number,
  reach: number,
  sets: SetsOfRuns,
): void {
  const y = row % rowsPerSlice;
  const below = row - rowsPerSlice;
  uniteTouching(runs, row, below, reach, sets);
  if (reach > 0 && y > 0) uniteTouching(runs, row, below - 1, reach, sets);
  if (reach > 0 && y < rowsPerSlice - 1) uniteTouching(runs, row, below + 1, reach, sets);
}
