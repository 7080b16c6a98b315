import type { TissueConstants } from '../maps.ts';

/** Parameters of a gamma variate, the usual model of a first pass. */
export interface GammaVariate {
  readonly arrivalS: number;
  /** Exponent r; the maximum lies at arrivalS + shape * scaleS. */
  readonly shape: number;
  readonly scaleS: number;
  /** Value of the maximum, in the unit of the curve. */
  readonly peak: number;
}

/** The arterial input of the phantoms: 300 HU at its maximum, 4.5 s after arrival. */
export const PHANTOM_ARTERY = { shape: 3, scaleS: 1.5, peak: 300 } as const;

/** How a phantom's tissue lets its blood go: R(0) = 1, and the area below R is the mean transit time. */
export const RESIDUE_KINDS = ['exponential', 'linear', 'box'] as const;

export type ResidueKind = (typeof RESIDUE_KINDS)[number];

/** Times 0, intervalS, 2 * intervalS ... below a duration. */
export function sampleTimes(durationS: number, intervalS: number): Float64Array {
  // A duration that is a multiple of the interval, but for rounding, does not get one sample more.
  return Float64Array.from({ length: Math.ceil(durationS / intervalS - 1e-9) }, (_, sample) => sample * intervalS);
}

/** x^r exp(-x / b), x = t - arrival, scaled to its peak; 0 before the arrival. */
export function gammaVariate(timesS: Float64Array, { arrivalS, shape, scaleS, peak }: GammaVariate): Float64Array {
  const maximum = (shape * scaleS) ** shape * Math.exp(-shape);
  return timesS.map(timeS => {
    const x = Math.max(0, timeS - arrivalS);
    return (x ** shape * Math.exp(-x / scaleS) * peak) / maximum;
  });
}

/** Residue function of a kind with a mean transit time, at a time after 0. */
export function residueAt(kind: ResidueKind, mttS: number, timeS: number): number {
  if (kind === 'exponential') return Math.exp(-timeS / mttS);
  if (kind === 'linear') return Math.max(0, 1 - timeS / (2 * mttS));
  return timeS < mttS ? 1 : 0;
}

/**
 * Contrast of tissue with a flow of 1 mL/100 g/min, on the grid of its arterial input:
 * (density / hematocrit factor) * (1 / 6000) * (AIF convolved with R).
 * @param aif samples at 0, stepS, 2 * stepS ...
 */
export function tissuePerFlow(
  aif: Float64Array,
  stepS: number,
  kind: ResidueKind,
  mttS: number,
  { hematocritFactor, densityGPerMl }: TissueConstants,
): Float64Array {
  const residue = Float64Array.from(aif, (_, sample) => residueAt(kind, mttS, sample * stepS));
  const end = residue.findLastIndex(value => value !== 0) + 1;
  const curve = new Float64Array(aif.length);
  for (let source = 0; source < aif.length; source++) {
    const arterial = aif[source]!;
    if (arterial === 0) continue;
    const samples = Math.min(end, aif.length - source);
    for (let sample = 0; sample < samples; sample++) curve[source + sample]! += arterial * residue[sample]!;
  }
  const scale = ((densityGPerMl / hematocritFactor) * stepS) / 6000;
  return curve.map(value => value * scale);
}

/**
 * Reads a fine curve later by a delay, linearly between its samples: 0 before its first, its last value after its last.
 * @param delayS negative where the curve is to come earlier.
 */
export function sampleDelayed(fine: Float64Array, stepS: number, timesS: Float64Array, delayS: number): Float64Array {
  const last = fine.length - 1;
  return timesS.map(timeS => {
    const position = (timeS - delayS) / stepS;
    if (position < 0) return 0;
    const below = Math.min(last, Math.floor(position));
    const above = Math.min(last, below + 1);
    return fine[below]! + (fine[above]! - fine[below]!) * (position - below);
  });
}
