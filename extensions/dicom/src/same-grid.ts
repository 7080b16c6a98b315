// When slices are of one grid. One rule for what is scored, written and read back: what forms a volume can be stored.

/** Direction cosines of three decimals may differ by 0.001 where they mean the same. */
export const COSINE_TOLERANCE = 2e-3;
/** In mm, or relative above 1 mm: two spacings are the same number written with more or fewer digits. */
const SPACING_TOLERANCE = 1e-4;

export function isSameCosine(a: number, b: number): boolean {
  return Math.abs(a - b) <= COSINE_TOLERANCE;
}

export function isSameSpacing(aMm: number, bMm: number): boolean {
  return Math.abs(aMm - bMm) <= SPACING_TOLERANCE * Math.max(1, aMm, bMm);
}

/** Whether all values are there and the same but for their digits. */
export function areSame(
  a: readonly number[],
  b: readonly number[],
  isSame: (a: number, b: number) => boolean,
): boolean {
  return a.length === b.length && a.every((value, index) => isSame(value, b[index]!));
}

/**
 * Two slices whose values are not the same, in the order given; null where there are none. The smallest and the largest of every
 * value are compared, so that it does not matter in which order the slices come.
 * @param read values of a slice, all of them numbers and equally many
 */
export function findUnlike<Slice>(
  slices: readonly Slice[],
  read: (slice: Slice) => readonly number[],
  isSame: (a: number, b: number) => boolean,
): readonly [Slice, Slice] | null {
  const values = slices.map(read);
  for (const axis of (values[0] ?? []).keys()) {
    let [lowest, highest] = [0, 0];
    values.forEach((value, index) => {
      if (value[axis]! < values[lowest]![axis]!) lowest = index;
      if (value[axis]! > values[highest]![axis]!) highest = index;
    });
    if (isSame(values[lowest]![axis]!, values[highest]![axis]!)) continue;
    return [slices[Math.min(lowest, highest)]!, slices[Math.max(lowest, highest)]!];
  }
  return null;
}
