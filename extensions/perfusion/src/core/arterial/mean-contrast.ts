import { assertContrastParameters, type Baseline, contrastInto } from '../contrast/contrast-of-curve.ts';
import type { DynamicVolume } from '../dynamic-volume.ts';

/**
 * Mean of the contrast curves of voxels, HU or 1/s; those without contrast (not numbers, MR without signal) are left out.
 * MR: each voxel is converted and then averaged, because it is dR2* that is proportional to the concentration.
 * @param voxels indices of [nx, ny, nz], x fastest
 * @throws RangeError when no voxel is given, one lies outside, or none of them has contrast
 */
export function meanContrast(volume: DynamicVolume, voxels: ArrayLike<number>, baseline: Baseline): Float64Array {
  const { dimensions, timePoints, signal } = volume;
  assertContrastParameters(timePoints, signal, baseline);
  const sliceLength = dimensions[0] * dimensions[1];
  const mean = new Float64Array(timePoints);
  const curve = new Float64Array(timePoints);
  let count = 0;
  for (let i = 0; i < voxels.length; i++) {
    const voxel = voxels[i]!;
    if (!Number.isInteger(voxel) || voxel < 0 || voxel >= sliceLength * dimensions[2]) {
      throw new RangeError(`There is no voxel ${voxel} in ${dimensions.join(' x ')} voxels.`);
    }
    const slice = Math.floor(voxel / sliceLength);
    const first = slice * timePoints * sliceLength + (voxel - slice * sliceLength);
    if (!contrastInto(curve, volume.voxels, first, sliceLength, signal, baseline)) continue;
    for (let t = 0; t < timePoints; t++) mean[t]! += curve[t]!;
    count++;
  }
  if (count === 0)
    throw new RangeError('A curve needs at least one voxel that has signal; choose a region in the head.');
  return mean.map(value => value / count);
}
