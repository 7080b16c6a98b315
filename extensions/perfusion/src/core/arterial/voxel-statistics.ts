import { type Baseline, LEAST_SIGNAL_RATIO } from '../contrast/contrast-of-curve.ts';
import type { DynamicVolume } from '../dynamic-volume.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { abs, ceil, log, max, min } = Math;
const isNumber = Number.isFinite;

/** A voxel's curve is judged as the first pass from a frame before the bolus arrives on, for this long. */
const FIRST_PASS_S = 25;

/** What a curve tells about a voxel; one value per entry of `voxels`. Times in samples, contrast in HU or 1/s. */
export interface VoxelStatistics {
  /** Voxels of the mask whose contrast is a number, ascending. */
  readonly voxels: Int32Array;
  /** Mean of the baseline, in the unit of the image. */
  readonly baseline: Float32Array;
  /** Sum of the contrast over all time points. */
  readonly area: Float32Array;
  /** The same over the first pass. */
  readonly passArea: Float32Array;
  /** Center of gravity of the first pass, in samples from the start of the series. */
  readonly firstMoment: Float32Array;
  readonly peak: Float32Array;
  /** Ups and downs of the curve in all, over twice its peak: 1 for a smooth bolus that returns, more with noise. */
  readonly irregularity: Float32Array;
  /** Mean contrast of these voxels at every time point. */
  readonly meanCurve: Float64Array;
}

/** Time points of the first pass [from, end). */
export function firstPass({ timePoints, intervalS }: DynamicVolume, [, arrival]: Baseline): readonly [number, number] {
  return [max(0, arrival - 1), min(timePoints, arrival + ceil(FIRST_PASS_S / intervalS))];
}

/**
 * One pass over the voxels of a mask, frame by frame as they lie in memory.
 * @yields the part that is done, after every slice
 */
export function* voxelStatisticsInSteps(
  volume: DynamicVolume,
  mask: Uint8Array,
  baseline: Baseline,
): Generator<number, VoxelStatistics, void> {
  const [nx, ny, nz] = volume.dimensions;
  const most = countOf(mask);
  const all = {
    voxels: new Int32Array(most),
    baseline: new Float32Array(most),
    area: new Float32Array(most),
    passArea: new Float32Array(most),
    firstMoment: new Float32Array(most),
    peak: new Float32Array(most),
    irregularity: new Float32Array(most),
    meanCurve: new Float64Array(volume.timePoints),
  };
  let count = 0;
  for (let z = 0; z < nz; z++) {
    count = addSlice(all, count, volume, mask.subarray(z * nx * ny, (z + 1) * nx * ny), z, baseline);
    yield (z + 1) / nz;
  }
  return {
    voxels: all.voxels.subarray(0, count),
    baseline: all.baseline.subarray(0, count),
    area: all.area.subarray(0, count),
    passArea: all.passArea.subarray(0, count),
    firstMoment: all.firstMoment.subarray(0, count),
    peak: all.peak.subarray(0, count),
    irregularity: all.irregularity.subarray(0, count),
    meanCurve: all.meanCurve.map(sum => sum / count),
  };
}

/** Adds the voxels of a slice. Gives how many there are then. */
function addSlice(
  all: VoxelStatistics,
  before: number,
  volume: DynamicVolume,
  mask: Uint8Array,
  z: number,
  baseline: Baseline,
): number {
  const { voxels, timePoints, signal } = volume;
  const inSlice = indicesOf(mask);
  const n = inSlice.length;
  const sliceLength = mask.length;
  const frameAt = (t: number) => (z * timePoints + t) * sliceLength;
  const base = new Float64Array(n);
  for (let t = baseline[0]; t < baseline[1]; t++) {
    for (let i = 0; i < n; i++) base[i]! += voxels[frameAt(t) + inSlice[i]!]! / (baseline[1] - baseline[0]);
  }
  const [from, end] = firstPass(volume, baseline);
  const area = new Float64Array(n);
  const passArea = new Float64Array(n);
  const moment = new Float64Array(n);
  const peak = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const upsAndDowns = new Float64Array(n);
  const previous = new Float64Array(n);
  const perEchoTime = signal.kind === 'susceptibility' ? -1 / signal.echoTimeS : 0;
  for (let t = 0; t < timePoints; t++) {
    const frame = frameAt(t);
    const isPass = t >= from && t < end;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const value = voxels[frame + inSlice[i]!]!;
      // the same rule as contrastInto, which goes voxel by voxel
      const contrast =
        perEchoTime === 0 ? value - base[i]! : perEchoTime * log(max(value / base[i]!, LEAST_SIGNAL_RATIO));
      if (isNumber(contrast)) sum += contrast;
      area[i]! += contrast;
      if (isPass) {
        passArea[i]! += contrast;
        moment[i]! += contrast * t;
      }
      if (contrast > peak[i]!) peak[i] = contrast;
      if (t > 0) upsAndDowns[i]! += abs(contrast - previous[i]!);
      previous[i] = contrast;
    }
    all.meanCurve[t]! += sum;
  }
  let count = before;
  for (let i = 0; i < n; i++) {
    if (!isNumber(area[i]) || (perEchoTime !== 0 && !(base[i]! > 0))) continue;
    all.voxels[count] = z * sliceLength + inSlice[i]!;
    all.baseline[count] = base[i]!;
    all.area[count] = area[i]!;
    all.passArea[count] = passArea[i]!;
    all.firstMoment[count] = moment[i]! / passArea[i]!;
    all.peak[count] = peak[i]!;
    all.irregularity[count] = upsAndDowns[i]! / (2 * peak[i]!);
    count++;
  }
  return count;
}

function indicesOf(mask: Uint8Array): Int32Array {
  const indices = new Int32Array(countOf(mask));
  for (let i = 0, count = 0; i < mask.length; i++) if (mask[i] === 1) indices[count++] = i;
  return indices;
}

function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) count++;
  return count;
}
