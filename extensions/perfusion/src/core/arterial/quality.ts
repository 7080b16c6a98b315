import { noiseOf } from '../baseline/detect-baseline.ts';
import type { VesselCurve } from './vessel-curve.ts';

export type SurveyWarningCode =
  | 'no-artery'
  | 'no-vein'
  | 'bolus-truncated'
  | 'saturated'
  | 'late'
  | 'noisy'
  | 'partial-volume';

/** What a reader should know before trusting the maps. */
export interface SurveyWarning {
  readonly code: SurveyWarningCode;
  readonly message: string;
}

/** Mean of the last samples, as a part of the peak, above which a curve has not returned. */
const NOT_RETURNED = 0.3;
const LAST_SAMPLES = 3;
/** Samples of a plateau, how flat it is, and how steep its sides are, as parts of the peak. */
const PLATEAU_SAMPLES = 3;
const PLATEAU_FLAT = 0.005;
const PLATEAU_SIDE = 0.05;
/** Samples that differ by no more than this part of the peak are the same value: no bolus is as flat, nor its noise. */
const SAME_VALUE = 1e-4;
/** An MR signal that falls below this part of the baseline is in the noise of most scanners. */
const LEAST_MR_SIGNAL = 0.05;
const NOISE_OF_PEAK = 0.05;
/** An artery is this much higher than the mean of the brain. */
export const ARTERY_OF_BRAIN = 3;

/** Whether the curve stays up at the end of the series, so that areas and flow come out wrong. */
export function isTruncated({ curve, peak }: VesselCurve): boolean {
  const last = curve.slice(-LAST_SAMPLES);
  return last.reduce((sum, value) => sum + value, 0) / last.length > NOT_RETURNED * peak;
}

/**
 * Whether the peak is cut off: at least three samples in a row within 0.5 % of the maximum, with steep sides; a round peak that
 * is as flat falls by less than 5 % in the sample beside it. Or three that are the same, whatever the sides: the mean of voxels of
 * which some end before the others has one that is not steep.
 */
export function isClipped(vessel: VesselCurve): boolean {
  if (plateauOf(vessel, SAME_VALUE)) return true;
  const plateau = plateauOf(vessel, PLATEAU_FLAT);
  if (!plateau) return false;
  const { curve, peak } = vessel;
  const sides = [Math.max(0, plateau[0] - 1), Math.min(curve.length - 1, plateau[1])];
  return sides.every(side => curve[side]! < peak * (1 - PLATEAU_SIDE));
}

/** The samples [from, end) about the maximum that lie below it by no more than a part of it; null where they are too few. */
function plateauOf({ curve, peak }: VesselCurve, part: number): readonly [from: number, end: number] | null {
  const isFlat = (t: number) => curve[t]! >= peak * (1 - part);
  const from = curve.findIndex((_, t) => isFlat(t));
  let end = from;
  while (end < curve.length && isFlat(end)) end++;
  return from >= 0 && end - from >= PLATEAU_SAMPLES ? [from, end] : null;
}

/** Warnings about an arterial curve. @param brain the mean curve of the brain as a whole */
export function arterialWarnings(
  artery: VesselCurve,
  brain: VesselCurve,
  intervalS: number,
  echoTimeS?: number,
): SurveyWarning[] {
  if (Number.isNaN(artery.arrivalS)) {
    return [{ code: 'no-artery', message: 'No contrast agent passes the chosen voxels: choose others on an artery.' }];
  }
  const warnings: SurveyWarning[] = [];
  const warn = (code: SurveyWarningCode, message: string) => warnings.push({ code, message });
  if (isTruncated(artery)) {
    warn(
      'bolus-truncated',
      'The arterial curve has not returned when the series ends: flow and volume are unreliable.',
    );
  }
  const signal = echoTimeS === undefined ? 1 : Math.exp(-echoTimeS * artery.peak);
  if (isClipped(artery)) {
    warn(
      'saturated',
      'The peak of the arterial curve is cut off: flow and volume come out too high. Choose a smaller artery.',
    );
  } else if (signal < LEAST_MR_SIGNAL) {
    warn('saturated', 'The signal of the artery falls into the noise: its peak is unknown. Choose a smaller artery.');
  }
  if (artery.peak < ARTERY_OF_BRAIN * brain.peak) {
    warn(
      'partial-volume',
      `The arterial curve is less than ${ARTERY_OF_BRAIN} times as high as that of the brain, so there is tissue in it: flow and volume come out too high. Choose voxels of an artery alone.`,
    );
  }
  if (artery.arrivalS > brain.arrivalS + intervalS) {
    warn('late', 'The arterial curve rises after the tissue: choose an artery that is closer to the heart.');
  }
  if (noiseOf(artery.curve) > NOISE_OF_PEAK * artery.peak) {
    warn('noisy', 'The noise of the arterial curve is above 5 % of its peak: add voxels of the same artery.');
  }
  return warnings;
}

/** Warnings about a venous curve. */
export function venousWarnings(vein: VesselCurve): SurveyWarning[] {
  if (!isTruncated(vein)) return [];
  const message = 'The venous curve has not returned when the series ends: the arterial curve is not scaled by it.';
  return [{ code: 'bolus-truncated', message }];
}
