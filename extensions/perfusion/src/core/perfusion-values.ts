import type { Deconvolver } from './deconvolution/create-deconvolver.ts';
import type { PerfusionValues, TissueConstants } from './maps.ts';

export interface CurveInput {
  /** Contrast of tissue, one value per time point, in the unit of the arterial input. */
  readonly curve: ArrayLike<number>;
  /** Standard deviation of the curve's noise. */
  readonly noiseSd: number;
  /** Where the baseline ends: first frame after it. */
  readonly baselineEnd: number;
}

/** What is the same for all curves of an arterial input. */
export interface CurveSettings {
  readonly deconvolver: Deconvolver;
  /** Sum of the arterial input by the trapezoid rule, in frames: trapezoidSum(aif). */
  readonly arterialSum: number;
  readonly intervalS: number;
  readonly constants: TissueConstants;
}

/** A curve that nothing can be said about. */
export const NO_VALUES: PerfusionValues = {
  cbf: Number.NaN,
  cbv: Number.NaN,
  mttS: Number.NaN,
  ttpS: Number.NaN,
  tmaxS: Number.NaN,
};

/** Area of a curve in frames, by the trapezoid rule: the first and the last value count half. */
export function trapezoidSum(curve: ArrayLike<number>): number {
  let sum = -(curve[0]! + curve[curve.length - 1]!) / 2;
  for (let t = 0; t < curve.length; t++) sum += curve[t]!;
  return sum;
}

/**
 * Perfusion of one curve (kH hematocrit factor, rho density):
 *
 *   CBF = 6000 * (kH / rho) * max r,   CBV = 100 * (kH / rho) * area of the curve / area of the AIF,   MTT = 60 * CBV / CBF
 *   Tmax = time of the first maximum of r,   TTP = (frame of the curve's first maximum - end of the baseline) * interval
 *
 * All are NaN where one would be without meaning: the curve holds a value that is no finite number, is constant, has an area that
 * is not positive (no contrast agent that rises out of the noise), or a residue function that is positive nowhere; or a value that
 * is too large to be written down.
 */
export function perfusionValues(
  { curve, noiseSd, baselineEnd }: CurveInput,
  { deconvolver, arterialSum, intervalS, constants }: CurveSettings,
): PerfusionValues {
  const sum = trapezoidSum(curve);
  const peak = firstMaximum(curve);
  if (!(Number.isFinite(sum) && sum > 0) || isConstant(curve)) return NO_VALUES;
  const residue = deconvolver.residueOf(curve, noiseSd);
  const top = firstMaximum(residue);
  const measures = { sum, peak, largest: residue[top]!, timeS: deconvolver.timesS[top]! };
  return valuesOfMeasures(measures, baselineEnd, { arterialSum, intervalS, constants });
}

/** What perfusion is computed from. */
export interface CurveMeasures {
  /** trapezoidSum of the curve. */
  readonly sum: number;
  /** Frame of its first maximum. */
  readonly peak: number;
  /** Largest value of the residue function, 1/s, and its time, s. */
  readonly largest: number;
  readonly timeS: number;
}

/** The formulas of perfusionValues, for those who have measured many curves at once. */
export function valuesOfMeasures(
  { sum, peak, largest, timeS }: CurveMeasures,
  baselineEnd: number,
  { arterialSum, intervalS, constants }: Omit<CurveSettings, 'deconvolver'>,
): PerfusionValues {
  if (!(sum > 0 && largest > 0)) return NO_VALUES;
  const scale = constants.hematocritFactor / constants.densityGPerMl;
  const cbf = 6000 * scale * largest;
  const cbv = (100 * scale * sum) / arterialSum;
  const mttS = (60 * cbv) / cbf;
  if (!(Number.isFinite(cbf) && Number.isFinite(cbv) && Number.isFinite(mttS))) return NO_VALUES;
  return { cbf, cbv, mttS, ttpS: (peak - baselineEnd) * intervalS, tmaxS: timeS };
}

/** Index of the first of the largest values. */
function firstMaximum(values: ArrayLike<number>): number {
  let top = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[top]!) top = index;
  return top;
}

function isConstant(curve: ArrayLike<number>): boolean {
  for (let t = 1; t < curve.length; t++) if (curve[t] !== curve[0]) return false;
  return true;
}
