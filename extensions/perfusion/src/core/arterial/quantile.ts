/**
 * The value below which a part of the values lies (the nearest rank, no interpolation). NaN is left out.
 * @returns NaN when there is no value
 */
export function quantile(values: ArrayLike<number>, part: number): number {
  // typed arrays sort numbers by value, and NaN to the end
  const sorted = Float32Array.from(values).sort();
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count--;
  return sorted[Math.round((count - 1) * part)] ?? Number.NaN;
}

/** The values of some entries. */
export function valuesOf(values: Float32Array, entries: readonly number[]): Float32Array {
  const picked = new Float32Array(entries.length);
  for (let i = 0; i < entries.length; i++) picked[i] = values[entries[i]!]!;
  return picked;
}
