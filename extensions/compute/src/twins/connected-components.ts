import type { RunList } from './runs.ts';

/** 4 and 8 connect within a slice; 6 and 26 connect across slices as well. */
export type Connectivity = 4 | 8 | 6 | 26;

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
  const { start, end, rowStart, count } = runs;
  const rows = rowStart.length - 1;
  const diagonal = connectivity === 8 || connectivity === 26;
  const acrossSlices = connectivity === 6 || connectivity === 26;
  const reach = diagonal ? 1 : 0; // runs that only touch at a corner are one voxel apart in x

  const parent = new Int32Array(count);
  for (let run = 0; run < count; run++) parent[run] = run;

  const find = (run: number): number => {
    while (parent[run] !== run) {
      parent[run] = parent[parent[run]!]!;
      run = parent[run]!;
    }
    return run;
  };

  /** Merge-scan over the sorted runs of two rows. */
  const join = (rowA: number, rowB: number) => {
    let a = rowStart[rowA]!;
    let b = rowStart[rowB]!;
    const aEnd = rowStart[rowA + 1]!;
    const bEnd = rowStart[rowB + 1]!;
    while (a < aEnd && b < bEnd) {
      if (start[a]! < end[b]! + reach && start[b]! < end[a]! + reach) {
        const rootA = find(a);
        const rootB = find(b);
        if (rootA < rootB) parent[rootB] = rootA;
        else parent[rootA] = rootB;
      }
      if (end[a]! < end[b]!) a++;
      else b++;
    }
  };

  for (let row = 0; row < rows; row++) {
    if (rowStart[row] === rowStart[row + 1]) continue;
    const y = row % rowsPerSlice;
    if (y > 0) join(row, row - 1);
    if (!acrossSlices || row < rowsPerSlice) continue;
    join(row, row - rowsPerSlice);
    if (diagonal && y > 0) join(row, row - rowsPerSlice - 1);
    if (diagonal && y < rowsPerSlice - 1) join(row, row - rowsPerSlice + 1);
  }

  const label = new Int32Array(count);
  let components = 0;
  for (let run = 0; run < count; run++) {
    const root = find(run);
    label[run] = root === run ? components++ : label[root]!; // a root is the smallest run, so it has its label
  }
  return { label, count: components };
}
