import type { VoxelArray, VoxelVolume } from '../volume.ts';
import { type BitMask, type Span, thresholdMask } from './bit-mask.ts';
import { filterRuns, type RunList, runsFromMaskInSteps, runsOfRows } from './runs.ts';
import { bands, complete, part, type Steps } from './steps.ts';

/** Runs with the values of their voxels: what statistics need, without the volume. */
export interface ValuedRuns {
  readonly runs: RunList;
  /** Values of the runs' voxels, run after run, of the same type as the volume's. */
  readonly values: VoxelArray;
  /** Where who found the runs has measured them on the way. */
  readonly measures?: RunMeasures;
}

/** One entry per run. */
export interface RunMeasures {
  readonly sum: Int32Array | Float64Array;
  /** Largest value. */
  readonly peak: Int16Array | Float64Array;
}

/** Sum and peak of every run. */
export function measureRuns({ runs: { start, end, count }, values }: ValuedRuns): RunMeasures {
  const measures = { sum: new Float64Array(count), peak: new Float64Array(count) };
  let next = 0;
  for (let run = 0; run < count; run++) {
    let sum = 0;
    let peak = Number.NEGATIVE_INFINITY;
    for (const last = next + end[run]! - start[run]!; next < last; next++) {
      const value = values[next]!;
      sum += value;
      if (value > peak) peak = value;
    }
    measures.sum[run] = sum;
    measures.peak[run] = peak;
  }
  return measures;
}

/** Runs of the voxels whose value is at least the threshold. */
export function thresholdRuns(volume: VoxelVolume, threshold: number): ValuedRuns {
  return valuedRunsOfMask(thresholdMask(volume, threshold), volume.voxels);
}

/** Runs of a mask of these voxels. */
export function valuedRunsOfMask(mask: BitMask, voxels: VoxelArray): ValuedRuns {
  return complete(valuedRunsOfMaskInSteps(mask, voxels));
}

/** The same with pauses. */
export function* valuedRunsOfMaskInSteps(mask: BitMask, voxels: VoxelArray): Steps<ValuedRuns> {
  const runs = yield* part(runsFromMaskInSteps(mask), 0, 0.5);
  return { runs, values: yield* part(valuesOfRunsInSteps(runs, voxels, mask.width), 0.5, 1) };
}

/** Values of the runs' voxels, run after run. Reads only voxels that lie in runs. */
export function valuesOfRuns(runs: RunList, voxels: VoxelArray, width: number): VoxelArray {
  return complete(valuesOfRunsInSteps(runs, voxels, width));
}

/** Voxels between two steps. */
const BAND_VOXELS = 1 << 20;

/** The same with pauses. */
export function* valuesOfRunsInSteps(runs: RunList, voxels: VoxelArray, width: number): Steps<VoxelArray> {
  const rows = runs.rowStart.length - 1;
  const values = emptyValues(voxels, voxelCount(runs));
  let next = 0;
  for (const [from, to] of bands(rows, Math.max(1, Math.floor(BAND_VOXELS / width)))) {
    yield from / rows;
    next = copyValues(runs, voxels, width, from, to, values, next);
  }
  return values;
}

function copyValues(
  { start, end, rowStart }: RunList,
  voxels: VoxelArray,
  width: number,
  fromRow: number,
  toRow: number,
  values: VoxelArray,
  first: number,
): number {
  let next = first;
  for (let row = fromRow; row < toRow; row++) {
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const last = row * width + end[run]!;
      for (let voxel = row * width + start[run]!; voxel < last; voxel++) values[next++] = voxels[voxel]!;
    }
  }
  return next;
}

/**
 * The runs of some rows, as of a mask of their own, and their values. Views, but for where rows begin.
 * @param firstValue where the values of these rows begin
 */
export function valuedRunsOfRows(
  { runs, values, measures }: ValuedRuns,
  fromRow: number,
  toRow: number,
  firstValue: number,
): ValuedRuns {
  const own = runsOfRows(runs, fromRow, toRow);
  const [first, last] = [runs.rowStart[fromRow]!, runs.rowStart[toRow]!];
  return {
    runs: own,
    values: values.subarray(firstValue, firstValue + voxelCount(own)),
    ...(measures && {
      measures: { sum: measures.sum.subarray(first, last), peak: measures.peak.subarray(first, last) },
    }),
  };
}

/** The runs for which keep is true, with their values, in the same order. */
export function filterValuedRuns({ runs, values }: ValuedRuns, keep: (run: number) => boolean): ValuedRuns {
  const filtered = filterRuns(runs, keep);
  const kept = emptyValues(values, voxelCount(filtered));
  // Runs that are kept one after the other are copied together: the values from `first` to `read`.
  let first = 0;
  let read = 0;
  let written = 0;
  for (let run = 0; run <= runs.count; run++) {
    const isKept = run < runs.count && keep(run);
    if (!isKept) {
      kept.set(values.subarray(first, read), written);
      written += read - first;
    }
    if (run < runs.count) read += runs.end[run]! - runs.start[run]!;
    if (!isKept) first = read;
  }
  return { runs: filtered, values: kept };
}

/**
 * The parts of runs that lie in the spans of their rows.
 * @param spansOf spans of a row (z * ny + y), in order and apart from each other
 */
export function restrictRuns({ runs, values }: ValuedRuns, spansOf: (row: number) => readonly Span[]): ValuedRuns {
  const rows = runs.rowStart.length - 1;
  const rowStart = new Int32Array(rows + 1);
  const start: number[] = [];
  const end: number[] = [];
  const kept = values.slice();
  let length = 0;
  let read = 0; // where the values of the run begin
  for (let row = 0; row < rows; row++) {
    const first = runs.rowStart[row]!;
    const last = runs.rowStart[row + 1]!;
    const spans = first < last ? spansOf(row) : [];
    for (let run = first; run < last; run++) {
      const runStart = runs.start[run]!;
      const runEnd = runs.end[run]!;
      for (const span of spans) {
        const from = Math.max(runStart, span.start);
        const to = Math.min(runEnd, span.end);
        if (from >= to) continue;
        start.push(from);
        end.push(to);
        for (let x = from; x < to; x++) kept[length++] = values[read + x - runStart]!;
      }
      read += runEnd - runStart;
    }
    rowStart[row + 1] = start.length;
  }
  const restricted = { start: Int32Array.from(start), end: Int32Array.from(end), rowStart, count: start.length };
  return { runs: restricted, values: kept.slice(0, length) };
}

function voxelCount({ start, end, count }: RunList): number {
  let voxels = 0;
  for (let run = 0; run < count; run++) voxels += end[run]! - start[run]!;
  return voxels;
}

/** An array of the same type. */
function emptyValues(like: VoxelArray, length: number): VoxelArray {
  return like instanceof Int16Array ? new Int16Array(length) : new Float32Array(length);
}
