/** The others of a group count as this many frames of a curve's own baseline. */
export const GROUP_FRAMES = 20;

/** Variance of the frames [first, end) of a curve: squared deviations from their mean over their number less 1, 0 of one frame. */
export function baselineVariance(curve: ArrayLike<number>, [first, end]: readonly [number, number]): number {
  const frames = end - first;
  if (frames < 2) return 0;
  let mean = 0;
  for (let t = first; t < end; t++) mean += curve[t]! / frames;
  let squares = 0;
  for (let t = first; t < end; t++) squares += (curve[t]! - mean) ** 2;
  return squares / (frames - 1);
}

/** Median of the variances of a group: curves of one artery, or the voxels of a slice within the mask. NaN is left out; 0 of none. */
export function groupVariance(variances: ArrayLike<number>): number {
  const known = Float64Array.from(variances).filter(variance => !Number.isNaN(variance));
  return known.length === 0 ? 0 : known.sort()[known.length >> 1]!;
}

/**
 * Standard deviation of a curve's noise: its baseline is too short to say it alone (of 10 frames it is off by a quarter), so its
 * variance is averaged with that of its group, which counts as GROUP_FRAMES frames.
 * @param frames of the baseline.
 */
export function noiseLevel(ownVariance: number, frames: number, ofGroup: number): number {
  const own = Math.max(0, frames - 1);
  return Math.sqrt((own * ownVariance + GROUP_FRAMES * ofGroup) / (own + GROUP_FRAMES));
}
