import type { RunList } from './runs.ts';
import { type Connectivity, neighbourhood, uniteTouching, uniteTouchingBelow } from './touching-runs.ts';
import { rootOf, singletons } from './union-find.ts';

export interface ComponentLabels {
  /** Component of every run, 0-based, numbered in raster order of the component's first run. */
  readonly label: Int32Array;
  readonly count: number;
}

/**
 * Connected components of runs by union-find. Rows are ordered z * rowsPerSlice + y.
 * Work is proportional to the number of runs, not of voxels; no label image is made.
 */
export function labelRuns(runs: RunList, rowsPerSlice: number, connectivity: Connectivity): ComponentLabels {
  const { rowStart, count } = runs;
  const rows = rowStart.length - 1;
  const { acrossSlices, reach } = neighbourhood(connectivity);
  const parents = singletons(count);
  const sets = { parents, memberOf: singletons(count) };

  for (let row = 0; row < rows; row++) {
    if (rowStart[row] === rowStart[row + 1]) continue;
    const y = row % rowsPerSlice;
    if (y > 0) uniteTouching(runs, row, row - 1, reach, sets);
    if (acrossSlices && row >= rowsPerSlice) uniteTouchingBelow(runs, row, rowsPerSlice, reach, sets);
  }

  const label = new Int32Array(count);
  let components = 0;
  for (let run = 0; run < count; run++) {
    const root = rootOf(parents, run);
    label[run] = root === run ? components++ : label[root]!; // a root is the smallest run, so it has its label
  }
  return { label, count: components };
}
