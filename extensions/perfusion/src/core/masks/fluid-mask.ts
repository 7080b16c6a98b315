import type { DynamicSignal } from '../dynamic-volume.ts';

/** HU below which brain counts as cerebrospinal fluid before the contrast agent arrives. Edema of a stroke stays above. */
export const FLUID_HU = 15;
/** MR signal from which it does, as a multiple of the brain's median. */
export const FLUID_SIGNAL_RATIO = 1.4;

/**
 * Cerebrospinal fluid, which has no flow and would pass for an infarct core.
 * CT: below 15 HU before the bolus. MR, whose sequences are weighted by T2: above 1.4 times the median of the brain.
 * @param baselineImage mean of the frames before the bolus
 */
export function fluidMask(baselineImage: Float32Array, brain: Uint8Array, signal: DynamicSignal): Uint8Array {
  if (signal.kind === 'attenuation') {
    return brain.map((inside, voxel) => (inside === 1 && baselineImage[voxel]! < FLUID_HU ? 1 : 0));
  }
  const inBrain = baselineImage.filter((_, voxel) => brain[voxel] === 1).sort();
  const limit = FLUID_SIGNAL_RATIO * (inBrain[inBrain.length >> 1] ?? Number.POSITIVE_INFINITY);
  return brain.map((inside, voxel) => (inside === 1 && baselineImage[voxel]! > limit ? 1 : 0));
}
