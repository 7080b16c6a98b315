/** Sums and products of whole numbers and spacings differ in their last digits, and in no more. */
const RELATIVE_ROUNDING = 1e-9;

/** True for numbers that differ by the rounding of the arithmetic: 10000 pixels of 0.1 mm come out as 100.00000000000001 mm². */
export function isEqualButForRounding(a: number, b: number): boolean {
  return Math.abs(a - b) <= RELATIVE_ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}
