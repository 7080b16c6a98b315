import { trapezoidSum } from '../perfusion-values.ts';

/** Fewer time points do not show a bolus arrive, pass and leave. */
export const LEAST_TIME_POINTS = 10;

/** An arterial input that nothing can be deconvolved by. The message is one sentence for the reader. */
export class ArterialInputError extends Error {
  override readonly name = 'ArterialInputError';
}

/**
 * @param aif contrast of the artery, one value per time point.
 * @throws ArterialInputError when it cannot be an arterial input: too few time points, a value that is no finite number, a
 * constant curve, no area above the baseline, or an interval that is not positive.
 */
export function assertArterialInput(aif: ArrayLike<number>, intervalS: number): void {
  const problem = problemOf(aif, intervalS);
  if (problem) throw new ArterialInputError(problem);
}

function problemOf(aif: ArrayLike<number>, intervalS: number): string | null {
  if (aif.length < LEAST_TIME_POINTS) {
    return `The arterial input has ${aif.length} time points, and deconvolution needs ${LEAST_TIME_POINTS} or more; load the whole series.`;
  }
  if (!(intervalS > 0 && Number.isFinite(intervalS))) {
    return `The sampling interval must be a positive number of seconds, not ${intervalS}; check the acquisition times.`;
  }
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < aif.length; t++) {
    const value = aif[t]!;
    if (!Number.isFinite(value)) {
      return `The arterial input is not a finite number at time point ${t + 1}; choose another artery.`;
    }
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  if (highest === lowest) return 'The arterial input is constant, so no bolus passes; choose another artery.';
  // Areas are those of the trapezoid rule, and the blood volume is divided by this one.
  if (!(highest > 0 && trapezoidSum(aif) > 0))
    return 'The arterial input does not rise above its baseline; choose another artery.';
  return null;
}
