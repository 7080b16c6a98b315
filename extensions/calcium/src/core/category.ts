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

/** Room for the rounding of the arithmetic: 10000 pixels of 0.1 mm come out as 100.00000000000001 mm². */
const RELATIVE_ROUNDING = 1e-12;

/**
 * Category of an unrounded Agatston score: 10.4 is mild although it is displayed as 10.
 * @throws RangeError for a negative or NaN score.
 */
export function categoryOf(agatston: number): Category {
  const band = agatston >= 0 ? CATEGORIES.find(({ upTo }) => agatston <= upTo * (1 + RELATIVE_ROUNDING)) : undefined;
  if (!band) throw new RangeError(`An Agatston score cannot be ${agatston}.`);
  return band.category;
}

/** Scores above this are flagged in reports: they carry more risk than the severe category as a whole. */
export const VERY_HIGH_AGATSTON = 1000;

/** True for an unrounded score above 1000. */
export function isVeryHigh(agatston: number): boolean {
  return agatston > VERY_HIGH_AGATSTON * (1 + RELATIVE_ROUNDING);
}
