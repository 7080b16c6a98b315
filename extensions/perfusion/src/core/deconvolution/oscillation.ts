import {
  type ArterialSpectrum,
  addBin,
  coefficientAt,
  type FrequencyBin,
  type Rotations,
} from './arterial-spectrum.ts';

// Jest runs tests in a context of its own, where every look-up of a global is slow: these are looked up once.
const { abs, max } = Math;

/** One truncation of oSVD, and the frequencies that are left. */
export interface TruncationLevel {
  /** Smallest truncation with these frequencies, a multiple of 0.01. */
  readonly truncation: number;
  /** Frequencies before this one, in ascending magnitude, are left out. */
  readonly firstKept: number;
}

const STEPS_PER_UNIT = 100;
const LAST_STEP = 95;

/**
 * Sets of frequencies that oSVD tries, each a part of the one before: truncations from 0.01 to 0.95 in steps of 0.01, without
 * those that leave out no more than the one before.
 */
export function truncationLevels({ bins, maximum }: ArterialSpectrum): readonly TruncationLevel[] {
  const levels: TruncationLevel[] = [];
  for (let step = 1; step <= LAST_STEP; step++) {
    const truncation = step / STEPS_PER_UNIT;
    const firstKept = bins.findIndex(({ magnitude }) => magnitude >= truncation * maximum && magnitude > 0);
    if (firstKept !== levels.at(-1)?.firstKept) levels.push({ truncation, firstKept });
  }
  return levels;
}

/**
 * Oscillation index of a residue function of L samples (Wu et al., Magn Reson Med 2003;50:164): the sum of the absolute second
 * differences over L times the maximum. A small number is taken for a maximum that is not positive.
 */
export function oscillationIndex(residue: ArrayLike<number>): number {
  let sum = 0;
  let maximum = 1e-12;
  for (let n = 0; n < residue.length; n++) {
    maximum = max(maximum, residue[n]!);
    if (n > 1) sum += abs(residue[n]! - 2 * residue[n - 1]! + residue[n - 2]!);
  }
  return sum / (residue.length * maximum);
}

export interface OscillationSystem {
  readonly spectrum: ArterialSpectrum;
  readonly levels: readonly TruncationLevel[];
  readonly rotations: Rotations;
}

/**
 * oSVD: the residue function of the smallest truncation whose oscillation index does not exceed the target, of the last one
 * where none is. Frequencies are taken away one after another, so that no truncation is computed anew.
 * @param curve N samples of contrast.
 * @returns L = 2N samples, 1/s, and the truncation.
 */
export function leastOscillating(
  curve: ArrayLike<number>,
  { spectrum: { bins, length }, levels, rotations }: OscillationSystem,
  target: number,
): { readonly residue: Float64Array; readonly truncation: number } {
  const residue = new Float64Array(length);
  const coefficients = bins.map(({ frequency }) => coefficientAt(curve, frequency, rotations));
  const change = (bin: FrequencyBin, index: number, sign: number) =>
    addBin(residue, bin, coefficients[index]!, sign, rotations);
  let kept = levels[0]!.firstKept;
  for (let index = kept; index < bins.length; index++) change(bins[index]!, index, 1);
  for (const { truncation, firstKept } of levels) {
    for (; kept < firstKept; kept++) change(bins[kept]!, kept, -1);
    if (oscillationIndex(residue) <= target || truncation === levels.at(-1)!.truncation) return { residue, truncation };
  }
  throw new Error('unreachable: the last level is always returned');
}
