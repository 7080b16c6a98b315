import type { ComponentStatistics } from './component-statistics.ts';
import type { ComponentLabels } from './connected-components.ts';
import type { RunList } from './runs.ts';
import { type Connectivity, neighbourhood, uniteTouchingBelow } from './touching-runs.ts';
import { rootOf, singletons } from './union-find.ts';

/** Runs of whole slices of a volume, as if they were a volume of their own. Slabs of a volume are listed in order. */
export interface Slab {
  readonly runs: RunList;
}

/** The runs of a volume from those of its slabs. */
export function joinRuns(slabs: readonly Slab[]): RunList {
  const count = sum(slabs.map(({ runs }) => runs.count));
  const rows = sum(slabs.map(({ runs }) => runs.rowStart.length - 1));
  const start = new Int32Array(count);
  const end = new Int32Array(count);
  const rowStart = new Int32Array(rows + 1);
  let run = 0;
  let row = 0;
  for (const { runs } of slabs) {
    start.set(runs.start, run);
    end.set(runs.end, run);
    for (let r = 1; r < runs.rowStart.length; r++) rowStart[++row] = run + runs.rowStart[r]!;
    run += runs.count;
  }
  return { start, end, rowStart, count };
}

/** Labels of a volume's runs, and the label that each label of before became; those of slabs count on from slab to slab. */
export interface JoinedLabels {
  readonly labels: ComponentLabels;
  readonly labelOf: Int32Array;
}

/**
 * The labels that labelRuns gives for the whole volume, numbers included, from those of its slabs.
 * @param runs of the whole volume, as joinRuns gives them. Only those beside a border between slabs are compared.
 */
export function joinLabels(
  slabs: readonly (Slab & { readonly labels: ComponentLabels })[],
  runs: RunList,
  rowsPerSlice: number,
  connectivity: Connectivity,
): JoinedLabels {
  // Labels of all slabs count on from slab to slab: raster order, because a slab's own labels are in it.
  const label = new Int32Array(runs.count);
  let run = 0;
  let known = 0;
  for (const { labels } of slabs) {
    for (let r = 0; r < labels.label.length; r++) label[run++] = known + labels.label[r]!;
    known += labels.count;
  }

  // The first slice of every slab but the first.
  let slice = 0;
  const borders = slabs.slice(0, -1).map(slab => {
    slice += (slab.runs.rowStart.length - 1) / rowsPerSlice;
    return slice;
  });
  return joinSlices(runs, { label, count: known }, rowsPerSlice, connectivity, borders);
}

/**
 * Makes one component of those that touch between these slices and the ones below them, with a connectivity across
 * slices; others change nothing. Numbers stay in raster order.
 * @param labels of the runs, in raster order too
 */
export function joinSlices(
  runs: RunList,
  { label, count: known }: ComponentLabels,
  rowsPerSlice: number,
  connectivity: Connectivity,
  slices: Iterable<number>,
): JoinedLabels {
  const { acrossSlices, reach } = neighbourhood(connectivity);
  const parents = singletons(known);
  const sets = { parents, memberOf: label };
  for (const slice of acrossSlices ? slices : []) {
    const first = slice * rowsPerSlice;
    for (let row = first; row < first + rowsPerSlice; row++) {
      if (runs.rowStart[row] === runs.rowStart[row + 1]) continue;
      uniteTouchingBelow(runs, row, rowsPerSlice, reach, sets);
    }
  }

  const labelOf = new Int32Array(known);
  let count = 0;
  for (let l = 0; l < known; l++) {
    const root = rootOf(parents, l);
    labelOf[l] = root === l ? count++ : labelOf[root]!; // a root is the smallest label, so it has its number
  }
  const joined = new Int32Array(label.length);
  for (let run = 0; run < label.length; run++) joined[run] = labelOf[label[run]!]!;
  return { labels: { label: joined, count }, labelOf };
}

/**
 * Statistics of a volume's components from those of its slabs. Sums of whole numbers are exact; those of fractions can
 * differ from the whole volume's in the last bit, because they are added in another order.
 * @param rowLength voxels of a row
 */
export function joinStatistics(
  slabs: readonly (Slab & { readonly statistics: ComponentStatistics })[],
  { labels, labelOf }: JoinedLabels,
  rowLength: number,
): ComponentStatistics {
  const voxelCount = new Int32Array(labels.count);
  const peak = new Float64Array(labels.count).fill(Number.NEGATIVE_INFINITY);
  const peakVoxel = new Int32Array(labels.count);
  const sums = new Float64Array(labels.count);
  const firstRow = new Int32Array(labels.count).fill(-1);
  let slabRow = 0;
  let slabLabel = 0;
  for (const { runs, statistics } of slabs) {
    for (let l = 0; l < statistics.voxelCount.length; l++) {
      const component = labelOf[slabLabel++]!;
      voxelCount[component]! += statistics.voxelCount[l]!;
      sums[component]! += statistics.sum[l]!;
      const slabPeak = statistics.peak[l]!;
      const slabPeakVoxel = slabRow * rowLength + statistics.peakVoxel[l]!;
      const isFirstOfEqualPeaks = slabPeak === peak[component]! && slabPeakVoxel < peakVoxel[component]!;
      if (slabPeak > peak[component]! || isFirstOfEqualPeaks) {
        peak[component] = slabPeak;
        peakVoxel[component] = slabPeakVoxel;
      }
      if (firstRow[component]! < 0) firstRow[component] = slabRow + statistics.firstRow[l]!;
    }
    slabRow += runs.rowStart.length - 1;
  }
  return { voxelCount, peak, peakVoxel, sum: sums, firstRow };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
