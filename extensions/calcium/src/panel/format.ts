/** Agatston score for display: one decimal below 10, where a tenth can still decide a category; integer above. */
export function formatAgatston(score: number): string {
  return score > 0 && score < 10 ? score.toFixed(1) : Math.round(score).toLocaleString('en-US');
}

/** Volume in mm3 for display. */
export function formatVolume(volumeMm3: number): string {
  return volumeMm3.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
