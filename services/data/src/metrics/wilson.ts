import type { Proportion } from '@voxelwise/contract';

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * A count of n observations with the 95 % Wilson score interval, without continuity correction (Wilson 1927; Newcombe, Stat Med
 * 1998;17:857-872, method 3). Without observations there is no rate and no interval.
 */
export function proportionOf(count: number, n: number): Proportion {
  if (n === 0) return { count, n, rate: null, lower: null, upper: null };
  const rate = count / n;
  const denominator = 1 + (Z * Z) / n;
  const center = (rate + (Z * Z) / (2 * n)) / denominator;
  const halfWidth = (Z * Math.sqrt((rate * (1 - rate)) / n + (Z * Z) / (4 * n * n))) / denominator;
  // At the ends the interval reaches exactly to 0 and to 1; rounding must not show.
  return {
    count,
    n,
    rate,
    lower: count === 0 ? 0 : Math.max(0, center - halfWidth),
    upper: count === n ? 1 : Math.min(1, center + halfWidth),
  };
}
