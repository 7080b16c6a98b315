import type { DynamicSignal } from '../dynamic-volume.ts';

/** Frames before the bolus [first, end). */
export type Baseline = readonly [first: number, end: number];

/**
 * MR signal below this part of the baseline counts as this part. Noise may take the signal of a strong bolus to 0 and below,
 * whose logarithm is no number; a drop to a thousandth is more than any scanner resolves.
 */
export const LEAST_SIGNAL_RATIO = 1e-3;

/**
 * Contrast, proportional to the concentration of the agent: HU above the baseline's mean in CT, dR2* = -ln(S / S0) / TE in 1/s
 * in MR, S0 being the mean of the baseline. All NaN where that cannot be: a value that is no finite number, or a baseline of an
 * MR signal that is not positive.
 */
export function contrastOfCurve(curve: ArrayLike<number>, signal: DynamicSignal, baseline: Baseline): Float64Array {
  const contrast = new Float64Array(curve.length);
  const isUsable = contrastInto(contrast, curve, 0, 1, signal, baseline);
  return isUsable ? contrast : contrast.fill(Number.NaN);
}

/**
 * The contrast of one voxel of a slice, whose time points lie `stride` apart from `first` on.
 * @param contrast one value per time point
 * @returns false where there is none, and `contrast` means nothing
 */
export function contrastInto(
  contrast: Float64Array,
  voxels: ArrayLike<number>,
  first: number,
  stride: number,
  signal: DynamicSignal,
  [from, end]: Baseline,
): boolean {
  let base = 0;
  for (let t = from; t < end; t++) base += voxels[first + t * stride]!;
  base /= end - from;
  if (signal.kind === 'susceptibility' && !(base > 0)) return false;
  let sum = 0;
  for (let t = 0; t < contrast.length; t++) {
    const value = voxels[first + t * stride]!;
    const change =
      signal.kind === 'attenuation'
        ? value - base
        : -Math.log(Math.max(value / base, LEAST_SIGNAL_RATIO)) / signal.echoTimeS;
    contrast[t] = change;
    sum += value;
  }
  return Number.isFinite(sum);
}

/** @throws RangeError where the frames of the baseline are not in the series, or the echo time is not positive */
export function assertContrastParameters(timePoints: number, signal: DynamicSignal, [from, end]: Baseline): void {
  if (!Number.isInteger(from) || !Number.isInteger(end) || from < 0 || end <= from || end > timePoints) {
    throw new RangeError(
      `The baseline holds at least one of the ${timePoints} time points; from ${from} to before ${end} cannot be.`,
    );
  }
  if (signal.kind === 'susceptibility' && !(signal.echoTimeS > 0 && Number.isFinite(signal.echoTimeS))) {
    throw new RangeError(`The echo time is a positive number of seconds; ${signal.echoTimeS} s cannot be.`);
  }
}
