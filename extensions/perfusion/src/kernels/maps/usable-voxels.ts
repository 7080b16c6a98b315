import { contrastInto } from '../../core/contrast/contrast-of-curve.ts';
import type { MapsParameters } from '../maps-parameters.ts';

/** Voxels of a slice that have a contrast, by their pixel y * nx + x, and the mean of each one's baseline. */
export interface UsableVoxels {
  readonly pixels: Int32Array;
  readonly base: Float64Array;
}

/**
 * The voxels that are in the mask and have a contrast.
 * @param slice all time points of the slice
 * @param mask that of the slice
 */
export function usableVoxels(
  slice: Int16Array | Float32Array,
  mask: Uint8Array,
  { signal, baseline, timePoints }: MapsParameters,
): UsableVoxels {
  const pixels = new Int32Array(mask.length);
  const base = new Float64Array(mask.length);
  // Every CT voxel of integers has a contrast; others are looked at.
  const isCertain = signal.kind === 'attenuation' && slice instanceof Int16Array;
  const contrast = new Float64Array(timePoints);
  const [from, end] = baseline;
  let count = 0;
  for (let pixel = 0; pixel < mask.length; pixel++) {
    if (mask[pixel] === 0) continue;
    if (!isCertain && !contrastInto(contrast, slice, pixel, mask.length, signal, baseline)) continue;
    let sum = 0;
    for (let t = from; t < end; t++) sum += slice[t * mask.length + pixel]!;
    base[count] = sum / (end - from);
    pixels[count++] = pixel;
  }
  return { pixels: pixels.subarray(0, count), base: base.subarray(0, count) };
}
