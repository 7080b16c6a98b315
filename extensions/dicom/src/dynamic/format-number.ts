/** A number for a sentence: up to three decimals, none that say nothing. */
export function formatNumber(value: number): string {
  return String(Number(value.toFixed(3)));
}
