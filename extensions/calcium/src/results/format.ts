import { cacDrsOf, categoryOf, isVeryHigh } from '../core/index.ts';

/**
 * Scores and volumes as the panel and the report write them. Without a thousands separator: half of Europe reads
 * "1,235" as a little more than one.
 *
 * A displayed score never contradicts what stands beside it: category, CAC-DRS and the flag of very high scores. They
 * belong to the unrounded score, so where rounding would carry a score over an edge, it is written with as many more
 * decimals as keep it on its side: 10.4 as a total is "10.4" and not "10" beside "Mild (10, 100]", 299.9 is "299.9" and
 * not "300" beside "CAC-DRS A2", 400.04 is "400.04" and not "400.0" beside "Severe > 400".
 */

/** Beyond this a difference is the rounding of the arithmetic, not of the display. */
const MOST_DECIMALS = 6;

/** Agatston score of a lesion, a vessel or all of them in a list or a table: one decimal; exactly 0 is "0". */
export function formatAgatston(score: number): string {
  return roundedWithinClasses(score, 1);
}

/**
 * The total score as the headline: a whole number, as reports quote it; one decimal below 10, where a tenth matters;
 * exactly 0 is "0".
 */
export function formatTotalAgatston(score: number): string {
  return roundedWithinClasses(score, score < 10 ? 1 : 0);
}

/** Volume in mm3: one decimal; exactly 0 is "0". */
export function formatVolume(volumeMm3: number): string {
  return volumeMm3 === 0 ? '0' : volumeMm3.toFixed(1);
}

/** From here on only bone is as large, and rows have no room for more digits. */
const LARGE = 10_000;

/** Agatston score in a row of the list of lesions. */
export function formatRowAgatston(score: number): string {
  return score < LARGE ? formatAgatston(score) : score.toFixed(0);
}

/** Volume with its unit in a row of the list of lesions. */
export function formatRowVolume(volumeMm3: number): string {
  return volumeMm3 < LARGE ? `${formatVolume(volumeMm3)} mm³` : `${formatVolume(volumeMm3 / 1000)} cm³`;
}

/** Mass in mg: one decimal, two below 1; without a calibration there is none. */
export function formatMass(massMg: number | null): string {
  if (massMg === null) return 'n/a';
  return massMg === 0 ? '0' : massMg.toFixed(massMg < 1 ? 2 : 1);
}

function roundedWithinClasses(score: number, leastDecimals: number): string {
  if (score === 0) return '0';
  const classes = classesOf(score);
  for (let decimals = leastDecimals; decimals <= MOST_DECIMALS; decimals++) {
    const text = score.toFixed(decimals);
    if (classesOf(Number(text)) === classes) return text;
  }
  return score.toFixed(leastDecimals);
}

/** Everything that a score is classed as, whatever the vessels. */
function classesOf(score: number): string {
  return [categoryOf(score).id, cacDrsOf(score, score > 0 ? 1 : 0).score, isVeryHigh(score)].join();
}
