import { complete, part, type Steps } from '@voxelwise/compute/twins';
import type { DynamicVolume } from '../dynamic-volume.ts';
import { assertContrastParameters, type Baseline, contrastInto } from './contrast-of-curve.ts';
import { smoothInSteps } from './smooth-slice.ts';
import { assertSmoothingWeights, type SmoothingWeights } from './smoothing.ts';

/** Of the time without smoothing; for the progress. */
const CONVERTED = 0.3;

export interface ContrastParameters {
  readonly baseline: Baseline;
  readonly smoothing: SmoothingWeights;
  /** Not 0 where there is something to look at, per voxel of [nx, ny, nz]; everywhere where it is missing. */
  readonly mask?: Uint8Array;
}

/**
 * Contrast of one slice, smoothed: HU above the baseline (CT) or dR2* in 1/s (MR), index = (t * ny + y) * nx + x. Converted
 * first and smoothed then, because it is the contrast that is proportional to the concentration. Smoothed within the mask
 * only; see smoothInSteps. NaN outside the mask, and where a voxel has no contrast at all (contrastOfCurve says when); such a
 * voxel counts for no other.
 * @throws RangeError where the baseline, the weights or the mask do not fit the volume
 */
export function contrastOfSlice(volume: DynamicVolume, z: number, parameters: ContrastParameters): Float64Array {
  return complete(contrastInSteps(volume, z, parameters));
}

/** The same as a computation that can pause: it yields how much is done, from 0 to 1. */
export function* contrastInSteps(
  { voxels, dimensions: [nx, ny, nz], timePoints, signal }: DynamicVolume,
  z: number,
  { baseline, smoothing, mask }: ContrastParameters,
): Steps<Float64Array> {
  assertContrastParameters(timePoints, signal, baseline);
  assertSmoothingWeights(smoothing);
  const length = nx * ny;
  if (mask && mask.length !== length * nz) {
    throw new RangeError(`A mask of ${nx} x ${ny} x ${nz} voxels cannot have ${mask.length} values.`);
  }
  const values = new Float64Array(timePoints * length);
  const inside = new Uint8Array(length);
  const contrast = new Float64Array(timePoints);
  for (let i = 0; i < length; i++) {
    if (mask && mask[z * length + i] === 0) continue;
    if (!contrastInto(contrast, voxels, z * timePoints * length + i, length, signal, baseline)) continue;
    inside[i] = 1;
    for (let t = 0; t < timePoints; t++) values[t * length + i] = contrast[t]!;
  }
  yield CONVERTED;
  yield* part(smoothInSteps({ values, inside, nx, ny, timePoints }, smoothing), CONVERTED, 1);
  for (let i = 0; i < values.length; i++) if (inside[i % length] === 0) values[i] = Number.NaN;
  return values;
}
