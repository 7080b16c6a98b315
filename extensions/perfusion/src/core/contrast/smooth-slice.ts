import type { Steps } from '@voxelwise/compute/twins';
import type { SmoothingWeights } from './smoothing.ts';

/** Frames of a slice, index = (t * ny + y) * nx + x. */
export interface SliceFrames {
  /** Smoothed in place; 0 where nothing is inside. */
  readonly values: Float64Array;
  /** 1 where a voxel has values, [y][x]. */
  readonly inside: Uint8Array;
  readonly nx: number;
  readonly ny: number;
  readonly timePoints: number;
}

/**
 * Smooths along x, y and time. Weights outside of the mask, the slice and the series are left out and the others scaled up to
 * sum 1 (normalized convolution), so that neither skull nor air leaks into the brain and a constant stays what it is. Pauses
 * after every frame.
 */
export function* smoothInSteps(
  { values, inside, nx, ny, timePoints }: SliceFrames,
  weights: SmoothingWeights,
): Steps<void> {
  const length = nx * ny;
  if (weights.x.length > 1 || weights.y.length > 1) {
    const spread = (frame: Float64Array) => weighted(weighted(frame, nx, ny, 1, weights.x), ny, nx, nx, weights.y);
    const support = spread(Float64Array.from(inside));
    for (let t = 0; t < timePoints; t++) {
      yield t / timePoints;
      const frame = values.subarray(t * length, (t + 1) * length);
      const sums = spread(frame);
      for (let i = 0; i < length; i++) frame[i] = inside[i] === 1 ? sums[i]! / support[i]! : 0;
    }
  }
  if (weights.time.length > 1) {
    const support = weighted(new Float64Array(timePoints).fill(1), timePoints, 1, 1, weights.time);
    const curve = new Float64Array(timePoints);
    for (let i = 0; i < length; i++) {
      if (inside[i] !== 1) continue;
      for (let t = 0; t < timePoints; t++) curve[t] = values[t * length + i]!;
      const sums = weighted(curve, timePoints, 1, 1, weights.time);
      for (let t = 0; t < timePoints; t++) values[t * length + i] = sums[t]! / support[t]!;
    }
  }
}

/** Weighted sums along one axis of an image: `lines` of `length` values that lie `step` apart. Beyond the ends is nothing. */
function weighted(image: Float64Array, length: number, lines: number, step: number, weights: readonly number[]) {
  if (weights.length === 1) return image;
  const sums = new Float64Array(image.length);
  const reach = (weights.length - 1) / 2;
  const lineStep = step === 1 ? length : 1;
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < length; at++) {
      const end = Math.min(length - 1, at + reach);
      let sum = 0;
      for (let from = Math.max(0, at - reach); from <= end; from++) {
        sum += weights[from - at + reach]! * image[line * lineStep + from * step]!;
      }
      sums[line * lineStep + at * step] = sum;
    }
  }
  return sums;
}
