const BINS = 256;
/** The brightest part in a thousand does not stretch the bins. */
const TOP_PART = 1e-3;

/**
 * The threshold that parts values into two classes with the largest variance between them (Otsu 1979), of 256 bins from the
 * smallest value to the largest but for the top 0.1 %.
 * @returns the lowest value of the bright class; infinity when all values are equal or none is a number
 */
export function otsuThreshold(values: Float32Array): number {
  const sorted = values.filter(value => Number.isFinite(value)).sort();
  const low = sorted[0] ?? 0;
  const high = sorted[Math.floor((sorted.length - 1) * (1 - TOP_PART))] ?? 0;
  if (!(high > low)) return Number.POSITIVE_INFINITY;
  const counts = new Float64Array(BINS);
  const scale = BINS / (high - low);
  for (const value of sorted) counts[Math.min(BINS - 1, Math.floor((value - low) * scale))]!++;
  let sum = 0;
  for (let bin = 0; bin < BINS; bin++) sum += bin * counts[bin]!;
  let best = 0;
  let bestVariance = 0;
  for (let bin = 0, dark = 0, darkSum = 0; bin < BINS - 1; bin++) {
    dark += counts[bin]!;
    darkSum += bin * counts[bin]!;
    const bright = sorted.length - dark;
    if (dark === 0 || bright === 0) continue;
    const variance = dark * bright * ((sum - darkSum) / bright - darkSum / dark) ** 2;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = bin;
    }
  }
  return low + (best + 1) / scale;
}
