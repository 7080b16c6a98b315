import { isEqualButForRounding } from './rounding.ts';

/** Conventional risk bands of the Agatston score. */
export interface Category {
  readonly id: 'none' | 'minimal' | 'mild' | 'moderate' | 'severe';
  readonly label: string;
  /** The band as an interval of the unrounded score. */
  readonly range: string;
}

const CATEGORIES: readonly { readonly upTo: number; readonly category: Category }[] = [
  { upTo: 0, category: { id: 'none', label: 'No calcium', range: '0' } },
  { upTo: 10, category: { id: 'minimal', label: 'Minimal', range: '(0, 10]' } },
  { upTo: 100, category: { id: 'mild', label: 'Mild', range: '(10, 100]' } },
  { upTo: 400, category: { id: 'moderate', label: 'Moderate', range: '(100, 400]' } },
  { upTo: Number.POSITIVE_INFINITY, category: { id: 'severe', label: 'Severe', range: '> 400' } },
];

/**
 * Category of an unrounded Agatston score: 10.4 is mild although it is displayed as 10.
 * @throws RangeError for a negative or NaN score.
 */
export function categoryOf(agatston: number): Category {
  const isWithin = (upTo: number) => agatston <= upTo || isEqualButForRounding(agatston, upTo);
  const band = agatston >= 0 ? CATEGORIES.find(({ upTo }) => isWithin(upTo)) : undefined;
  if (!band) throw new RangeError(`An Agatston score cannot be ${agatston}.`);
  return band.category;
}

/** Scores above this are flagged in reports: they carry more risk than the severe category as a whole. */
const VERY_HIGH_AGATSTON = 1000;

/** True for an unrounded score above 1000. */
export function isVeryHigh(agatston: number): boolean {
  return agatston > VERY_HIGH_AGATSTON && !isEqualButForRounding(agatston, VERY_HIGH_AGATSTON);
}
