import { arterialAgeYears } from './arterial-age.ts';
import { type CacDrs, cacDrsOf } from './cac-drs.ts';
import { type Category, categoryOf, isVeryHigh } from './category.ts';
import { lowScoreNote } from './repeatability.ts';
import { isEqualButForRounding } from './rounding.ts';
import type { Vessel } from './vessel.ts';

/** What a score means by itself, without knowing the person. */
export interface Interpretation {
  readonly category: Category;
  /** Above 1000. */
  readonly isVeryHigh: boolean;
  /** Vessels that contribute to the score, in the order given. */
  readonly calcifiedVessels: readonly Vessel[];
  readonly hasLeftMain: boolean;
  readonly cacDrs: CacDrs;
  readonly arterialAgeYears: number;
  /** The uncertainty of low scores, null for others. */
  readonly note: string | null;
}

/**
 * Interprets the unrounded score of a whole scan.
 * @param vessels score of every vessel.
 * @throws RangeError when the vessels do not add up to the total.
 */
export function interpretScore(
  agatston: number,
  vessels: readonly { readonly vessel: Vessel; readonly agatston: number }[],
): Interpretation {
  const sum = vessels.reduce((total, vessel) => total + vessel.agatston, 0);
  if (!isEqualButForRounding(sum, agatston)) {
    throw new RangeError(`The vessels' scores add up to ${sum}, but the total is ${agatston}.`);
  }
  const calcifiedVessels = vessels.filter(vessel => vessel.agatston > 0).map(({ vessel }) => vessel);
  return {
    category: categoryOf(agatston),
    isVeryHigh: isVeryHigh(agatston),
    calcifiedVessels,
    hasLeftMain: calcifiedVessels.includes('LM'),
    cacDrs: cacDrsOf(agatston, calcifiedVessels.length),
    arterialAgeYears: arterialAgeYears(agatston),
    note: lowScoreNote(agatston),
  };
}
