import { bandsOfRuns, type RunList } from './runs.ts';
import { bands, complete, type Steps } from './steps.ts';
import {
  type Connectivity,
  neighbourhood,
  type SetsOfRuns,
  uniteTouching,
  uniteTouchingBelow,
} from './touching-runs.ts';
import { type Parents, rootOf, singletons } from './union-find.ts';

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
  return complete(labelRunsInSteps(runs, rowsPerSlice, connectivity));
}

/** Runs between two steps, about. */
const BAND_RUNS = 1 << 16;
/** Bytes of arrays that are needed beside the labels, per run. */
export const UNION_FIND_BYTES_PER_RUN = 2 * Int32Array.BYTES_PER_ELEMENT;

/** The same with pauses. */
export function* labelRunsInSteps(
  runs: RunList,
  rowsPerSlice: number,
  connectivity: Connectivity,
): Steps<ComponentLabels> {
  const { rowStart, count } = runs;
  const neighbors = neighbourhood(connectivity);
  const parents = singletons(count);
  const sets = { parents, memberOf: singletons(count) };
  for (const [from, to] of bandsOfRuns(runs, BAND_RUNS)) {
    yield (0.8 * rowStart[from]!) / Math.max(1, count);
    uniteRows(runs, rowsPerSlice, neighbors, sets, from, to);
  }
  const label = new Int32Array(count);
  let components = 0;
  for (const [from, to] of bands(count, 4 * BAND_RUNS)) {
    yield 0.8 + (0.2 * from) / count;
    components = numberRuns(parents, label, components, from, to);
  }
  return { label, count: components };
}

/** Joins what touches in these rows, and in the rows before them. */
function uniteRows(
  runs: RunList,
  rowsPerSlice: number,
  { acrossSlices, reach }: ReturnType<typeof neighbourhood>,
  sets: SetsOfRuns,
  fromRow: number,
  toRow: number,
): void {
  const { rowStart } = runs;
  for (let row = fromRow; row < toRow; row++) {
    if (rowStart[row] === rowStart[row + 1]) continue;
    const y = row % rowsPerSlice;
    if (y > 0) uniteTouching(runs, row, row - 1, reach, sets);
    if (acrossSlices && row >= rowsPerSlice) uniteTouchingBelow(runs, row, rowsPerSlice, reach, sets);
  }
}

/** Numbers the components of these runs, when so many are numbered already. Gives how many there are then. */
function numberRuns(parents: Parents, label: Int32Array, known: number, fromRun: number, toRun: number): number {
  let components = known;
  for (let run = fromRun; run < toRun; run++) {
    const root = rootOf(parents, run);
    label[run] = root === run ? components++ : label[root]!; // a root is the smallest run, so it has its label
  }
  return components;
}
