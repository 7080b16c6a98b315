import type { RunList } from '@voxelwise/compute/twins';
import { type HuVolume, NO_VOXEL_HU } from './hu-volume.ts';

/**
 * The volume score on isotropic voxels (after Callister et al., Radiology 1998;208:807-814): between neighbouring slices
 * the HU values are interpolated linearly, and the voxels of the finer stack that reach the threshold are counted.
 *
 * Exactly: every gap between two slice centres is divided into n equal steps, n = round(increment / pixel spacing) but at
 * least 1, with the pixel spacing sqrt(dx * dy). Samples lie on the slice centres and on the n - 1 points between them,
 * so that an isotropic voxel measures dx * dy * increment / n. The first and the last slice end the stack: nothing is
 * extrapolated beyond their centres, and nothing is interpolated towards padding. In plane nothing is interpolated.
 *
 * Every sample at or above the threshold belongs to one voxel of the original slices that is at or above it: on a slice
 * to the voxel there, in a gap to the end of the gap that reaches the threshold, and where both ends do to the nearer
 * one, the lower slice when they are equally near. So each original voxel has a number of its own, and the volumes of
 * lesions, their parts and vessels add up, however voxels are grouped.
 */

/** Steps into which the gap between two slices is divided. */
export function stepsPerGap([dx, dy, incrementMm]: HuVolume['spacingMm']): number {
  return Math.max(1, Math.round(incrementMm / Math.sqrt(dx * dy)));
}

/** Volume of one isotropic voxel in mm3. */
export function isotropicVoxelMm3(spacingMm: HuVolume['spacingMm']): number {
  const [dx, dy, incrementMm] = spacingMm;
  return (dx * dy * incrementMm) / stepsPerGap(spacingMm);
}

/**
 * Isotropic voxels of every voxel of the runs, run after run. Reads those voxels and the ones above and below them.
 * @param runs of voxels at or above the threshold.
 */
export function isotropicSamples(
  { voxels, dimensions, spacingMm }: HuVolume,
  { start, end, rowStart, count }: RunList,
  thresholdHu: number,
): Uint16Array {
  const [width, rowsPerSlice, slices] = dimensions;
  const perSlice = width * rowsPerSlice;
  const steps = stepsPerGap(spacingMm);
  let length = 0;
  for (let run = 0; run < count; run++) length += end[run]! - start[run]!;
  const samples = new Uint16Array(length);
  for (let row = 0, next = 0; row < rowsPerSlice * slices; row++) {
    const hasBelow = row >= rowsPerSlice;
    const hasAbove = row < rowsPerSlice * (slices - 1);
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const last = row * width + end[run]!;
      for (let voxel = row * width + start[run]!; voxel < last; voxel++) {
        const hu = voxels[voxel]!;
        const below = hasBelow ? samplesTowards(hu, voxels[voxel - perSlice]!, thresholdHu, steps, false) : 0;
        const above = hasAbove ? samplesTowards(hu, voxels[voxel + perSlice]!, thresholdHu, steps, true) : 0;
        samples[next++] = below + 1 + above;
      }
    }
  }
  return samples;
}

/**
 * Samples between a voxel at or above the threshold and its neighbour in the next slice that belong to the voxel.
 * @param ownsMiddle whether the sample half way is this voxel's where both reach the threshold.
 */
function samplesTowards(hu: number, neighbourHu: number, thresholdHu: number, steps: number, ownsMiddle: boolean) {
  if (neighbourHu >= thresholdHu) return ownsMiddle ? steps >> 1 : (steps - 1) >> 1;
  if (!(neighbourHu > NO_VOXEL_HU)) return 0;
  // hu + (neighbourHu - hu) * step / steps >= thresholdHu, solved for the step. For whole HU the quotient is exact where
  // it is whole, so rounding down is never a step off; for others it may round up to the neighbour, which is not one.
  return Math.min(steps - 1, Math.floor((steps * (hu - thresholdHu)) / (hu - neighbourHu)));
}
