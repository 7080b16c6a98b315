/** Below this the score of one person differs noticeably between two scans. */
const LOW_SCORE = 100;

/**
 * What to say beside a low score. Figures: 228 women scanned again with the start shifted by 1.5 mm, Radiology 2008
 * (PMID 18024437), from the abstract.
 */
export const LOW_SCORE_NOTE =
  'Scores below 100 vary between two scans of one person: with the start shifted by 1.5 mm, by a median of over 130 % in the lowest category and under 10 % in the highest; 21 of 228 women changed category (Radiology 2008, PMID 18024437).';

/** The note for an unrounded Agatston score that is above 0 and below 100, else null. */
export function lowScoreNote(agatston: number): string | null {
  return agatston > 0 && agatston < LOW_SCORE ? LOW_SCORE_NOTE : null;
}
