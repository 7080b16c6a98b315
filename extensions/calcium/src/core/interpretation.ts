import { arterialAgeYears } from './arterial-age.ts';
import { type CacDrs, cacDrsOf } from './cac-drs.ts';
import { type Category, categoryOf, isVeryHigh } from './category.ts';
import { lowScoreNote } from './repeatability.ts';
import { isEqualButForRounding } from './rounding.ts';
import type { Score } from './score.ts';
import type { Vessel } from './vessel.ts';

/** What the score of a whole scan means by itself. */
export interface TotalInterpretation {
  readonly category: Category;
  /** Above 1000. */
  readonly isVeryHigh: boolean;
  readonly arterialAgeYears: number;
  /** The uncertainty of low scores, null for others. */
  readonly note: string | null;
}

/** What the score means together with those of the vessels, without knowing the person. */
export interface Interpretation extends TotalInterpretation {
  /** Vessels that contribute to the score, in the order given. */
  readonly calcifiedVessels: readonly Vessel[];
  readonly hasLeftMain: boolean;
  readonly cacDrs: CacDrs;
}

/** An unrounded score of a whole scan with the lesions that it counts. */
export type Total = Pick<Score, 'agatston' | 'lesions'>;

/**
 * True when lesions were counted but none of them weighs anything, because the threshold lies below the weights. The sum is
 * 0 then, but it is no Agatston score of 0, and means nothing: there is calcium.
 */
export function isBelowWeights({ agatston, lesions }: Total): boolean {
  return agatston === 0 && lesions > 0;
}

/** What is said in place of a score that is below the weights. */
export const BELOW_WEIGHTS_NOTE = 'The assigned calcium is below the weights: this is not an Agatston score.';

/** Interprets the score of a whole scan; null where it is below the weights. */
export function interpretTotal(total: Total): TotalInterpretation | null {
  if (isBelowWeights(total)) return null;
  const { agatston } = total;
  return {
    category: categoryOf(agatston),
    isVeryHigh: isVeryHigh(agatston),
    arterialAgeYears: arterialAgeYears(agatston),
    note: lowScoreNote(agatston),
  };
}

/**
 * Interprets the score of a whole scan with those of its vessels; null where it is below the weights.
 * @throws RangeError when the vessels do not add up to the total.
 */
export function interpretScore(
  total: Total,
  vessels: readonly { readonly vessel: Vessel; readonly agatston: number }[],
): Interpretation | null {
  const { agatston } = total;
  const sum = vessels.reduce((subtotal, vessel) => subtotal + vessel.agatston, 0);
  if (!isEqualButForRounding(sum, agatston)) {
    throw new RangeError(`The vessels' scores add up to ${sum}, but the total is ${agatston}.`);
  }
  const interpretation = interpretTotal(total);
  if (!interpretation) return null;
  const calcifiedVessels = vessels.filter(vessel => vessel.agatston > 0).map(({ vessel }) => vessel);
  return {
    ...interpretation,
    calcifiedVessels,
    hasLeftMain: calcifiedVessels.includes('LM'),
    cacDrs: cacDrsOf(agatston, calcifiedVessels.length),
  };
}
