/** Agatston score for display: one decimal below 10, where a tenth can still decide a category; integer above. */
export function formatAgatston(score: number): string {
  return score > 0 && score < 10 ? score.toFixed(1) : Math.round(score).toLocaleString('en-US');
}

/** Volume in mm3 for display: one decimal, none from 1000 on. */
export function formatVolume(volumeMm3: number): string {
  const digits = volumeMm3 < 999.95 ? 1 : 0;
  return volumeMm3.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
