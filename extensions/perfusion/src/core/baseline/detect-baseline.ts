import type { Baseline } from '../contrast/contrast-of-curve.ts';

/** A rise counts once it is this part of the whole rise to the peak ... */
const RISE_OF_PEAK = 0.05;
/** ... and this many standard deviations of the baseline's noise. */
const RISE_OF_NOISE = 3;
/** A bolus is this many standard deviations of the noise high at least. */
const BOLUS_OF_NOISE = 5;
/** Frames that a baseline has at least. */
export const LEAST_BASELINE_FRAMES = 2;

/** That a curve has no baseline, or no bolus, and why. */
export class NoBolusError extends Error {
  override readonly name = 'NoBolusError';
}

/**
 * Frames before the bolus arrives, on a curve that rises with the contrast agent (HU, or dR2*; their zero does not matter).
 *
 * Rule: walk back from the peak as long as the curve lies above baseline + max(5 % of the rise to the peak, 3 SD of the noise);
 * what lies before is the baseline. Its level is the mean of its frames, at first of the first two, found again until it stays.
 * The end of the baseline is the frame of arrival: the first one that is clearly above.
 * @param skippedFrames frames at the start that are not used, as long as an MR signal has not settled
 * @throws NoBolusError when there is no rise, or it began before the series
 */
export function detectBaseline(curve: ArrayLike<number>, skippedFrames = 0): Baseline {
  const frames = curve.length;
  const first = skippedFrames;
  if (frames - first < LEAST_BASELINE_FRAMES + 2) {
    throw new NoBolusError(`A bolus cannot be seen in ${frames} time points; load the whole dynamic series.`);
  }
  for (let t = 0; t < frames; t++) {
    if (Number.isFinite(curve[t])) continue;
    throw new NoBolusError(`The curve has no number at time point ${t + 1}; exclude that voxel or time point.`);
  }
  let peak = first;
  for (let t = first; t < frames; t++) if (curve[t]! > curve[peak]!) peak = t;
  const noise = noiseOf(curve, first);
  let end = first + LEAST_BASELINE_FRAMES;
  for (let round = 0; round < frames; round++) {
    const level = meanOf(curve, first, end);
    const rise = curve[peak]! - level;
    if (!(rise > BOLUS_OF_NOISE * noise) || rise <= Math.abs(level) * 1e-9) {
      throw new NoBolusError(
        'The signal does not rise above its noise: no contrast agent passes in these time points.',
      );
    }
    const limit = level + Math.max(RISE_OF_PEAK * rise, RISE_OF_NOISE * noise);
    let arrival = peak;
    while (arrival > first && curve[arrival - 1]! > limit) arrival--;
    if (arrival - first < LEAST_BASELINE_FRAMES) {
      throw new NoBolusError(
        `The contrast agent is there by time point ${arrival + 1}: the series began too late, and has no baseline.`,
      );
    }
    if (arrival === end) break;
    end = arrival;
  }
  return [first, end];
}

/** Mean of the frames [first, end). */
export function meanOf(curve: ArrayLike<number>, first: number, end: number): number {
  let sum = 0;
  for (let t = first; t < end; t++) sum += curve[t]!;
  return sum / (end - first);
}

/**
 * Standard deviation of a curve's noise, from the median size of its second differences: slow changes have no effect on them,
 * and the few around a bolus none on the median. White noise has second differences of six times its variance.
 */
export function noiseOf(curve: ArrayLike<number>, first = 0): number {
  const sizes: number[] = [];
  for (let t = first + 2; t < curve.length; t++) sizes.push(Math.abs(curve[t]! - 2 * curve[t - 1]! + curve[t - 2]!));
  if (sizes.length === 0) return 0;
  sizes.sort((a, b) => a - b);
  // half of a normal distribution lies within 0.6745 SD
  return sizes[Math.floor(sizes.length / 2)]! / 0.6745 / Math.sqrt(6);
}
