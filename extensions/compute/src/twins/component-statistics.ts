import type { VoxelArray } from '../volume.ts';
import type { ComponentLabels } from './connected-components.ts';
import { bandsOfRuns, type RunList } from './runs.ts';
import { complete, type Steps } from './steps.ts';
import { measureRuns, type ValuedRuns, valuedRunsOfRows, valuesOfRuns } from './valued-runs.ts';

/** One entry per component. */
export interface ComponentStatistics {
  readonly voxelCount: Int32Array;
  /** Largest voxel value. */
  readonly peak: Float64Array;
  /** Volume index of the first voxel, in raster order, that holds the peak. */
  readonly peakVoxel: Int32Array;
  readonly sum: Float64Array;
  /** Row (z * ny + y) of the component's first run. */
  readonly firstRow: Int32Array;
}

/** Counts, peaks and sums per component. Reads only voxels that lie in runs. */
export function componentStatistics(
  runs: RunList,
  labels: ComponentLabels,
  voxels: VoxelArray,
  width: number,
): ComponentStatistics {
  return statisticsOfValues({ runs, values: valuesOfRuns(runs, voxels, width) }, labels, width);
}

/** The same from the values of the runs' voxels. */
export function statisticsOfValues(
  valuedRuns: ValuedRuns,
  { label, count }: ComponentLabels,
  width: number,
): ComponentStatistics {
  return complete(statisticsInSteps(valuedRuns, { label, count }, width));
}

/** Runs between two steps, about. */
const BAND_RUNS = 1 << 16;

/** The same with pauses. */
export function* statisticsInSteps(
  valuedRuns: ValuedRuns,
  { label, count }: ComponentLabels,
  width: number,
): Steps<ComponentStatistics> {
  const { runs } = valuedRuns;
  const statistics = emptyStatistics(count);
  let firstValue = 0;
  for (const [from, to] of bandsOfRuns(runs, BAND_RUNS)) {
    yield runs.rowStart[from]! / Math.max(1, runs.count);
    const band = valuedRunsOfRows(valuedRuns, from, to, firstValue);
    addStatistics(statistics, band, label.subarray(runs.rowStart[from]), width, from);
    firstValue += band.values.length;
  }
  return statistics;
}

/** Of components without voxels. */
export function emptyStatistics(count: number): ComponentStatistics {
  return {
    voxelCount: new Int32Array(count),
    peak: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
    peakVoxel: new Int32Array(count),
    sum: new Float64Array(count),
    firstRow: new Int32Array(count).fill(-1),
  };
}

/**
 * Adds the voxels of runs to the statistics of their components.
 * @param fromRow row of the volume at which the runs begin, when those of the rows before were added already
 */
export function addStatistics(
  { voxelCount, peak, peakVoxel, sum, firstRow }: ComponentStatistics,
  valuedRuns: ValuedRuns,
  label: Int32Array,
  width: number,
  fromRow = 0,
): void {
  const { runs, values } = valuedRuns;
  const { start, end, rowStart } = runs;
  const { sum: runSum, peak: runPeak } = valuedRuns.measures ?? measureRuns(valuedRuns);
  const rows = rowStart.length - 1;
  for (let row = 0, first = 0; row < rows; row++) {
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const component = label[run]!;
      const length = end[run]! - start[run]!;
      if (runPeak[run]! > peak[component]!) {
        peak[component] = runPeak[run]!;
        let at = 0;
        while (at < length && values[first + at] !== runPeak[run]) at++; // NaN is passed over
        peakVoxel[component] = (fromRow + row) * width + start[run]! + at;
      }
      sum[component]! += runSum[run]!;
      voxelCount[component]! += length;
      if (firstRow[component]! < 0) firstRow[component] = fromRow + row;
      first += length;
    }
  }
}
