import type { DeconvolutionMethod } from '../deconvolution-method.ts';

// Jest runs tests in a context of its own, where every look-up of a global is slow: these are looked up once.
const { max, min } = Math;

/**
 * Lucy-Richardson deconvolution on the block-circulant system, accelerated, and stopped by the noise of the curve.
 *
 * The system. N samples of the curve c were observed. Of the 2N x 2N circulant system only those rows are kept: a padded
 * zero is no observation. Of its columns those are kept whose arterial input was observed by at least half of its area,
 * which are N again: residue sample j is the time (j - m) * dt, where m is the sample at which half of the arterial area
 * has passed. So with the arterial input shifted by m, h_k = dt * a_(k + m), k = first .. last, it reads
 *
 *   (A f)_i = sum over k of h_k f_(i - k),    (A' q)_j = sum over k of h_k q_(j + k),    n_j = (A' 1)_j
 *
 * with i, j and the shifted indices in 0 .. N - 1. Negative times are residue samples as all others: a delay of either sign
 * only shifts f.
 *
 * The band. a is kept from the last sample before its peak that is below 1 % of the peak (without it) to the last one that
 * reaches 1 %; negative values in between are 0.
 *
 * The iteration. s is the standard deviation of the curve's noise (noiseLevel), b = 4 s + 0.0001 max c a background that is added to the
 * observation and to the prediction, which makes the noise of all samples count alike and keeps negative ones. From
 * y_0 = x_0 = max(mean c, 1.5 s) / sum h at all samples, for n = 0, 1, 2 ...
 *
 *   p       = A y_n
 *   D_n     = sum of (c - p)^2,   d_n = D_(n - 1) - D_n
 *   stop    where n >= 2 and s > 0 and d_n <= F s^2, or n = maximum
 *   x_(n+1) = y_n * A'(max(0, c + b) / (p + b)) / n_j
 *   y_(n+1) = max(x_(n+1) / 10, x_(n+1) + n / (n + 3) * (x_(n+1) - x_n))
 *
 * The extrapolation is Nesterov's, with the same weights for every voxel; the floor keeps f positive, since what is zero once
 * stays zero.
 *
 * The stop. An iteration that fits nothing but noise lowers the squared residual by about s^2 for each degree of freedom it
 * sets free. So the iteration ends when it gains no more than F s^2 (noiseFactor F, 2 by default: the price that Akaike's
 * criterion puts on a degree of freedom). The gain of an iteration does not see the noise that no residue function can fit;
 * the residual itself does, and where D <= N s^2 stops, the iterations scatter so much that the flow loses its correlation
 * with the truth. The result lies between the last two y, at the point where the gain crosses F s^2 linearly:
 *
 *   r = y_(n-1) + t (y_n - y_(n-1)),   t = (d_(n-1) - F s^2) / (d_(n-1) - d_n), 0 where d_(n-1) <= F s^2 already (n = 2)
 *
 * so that it does not jump when rounding moves the stop by one iteration, as long as the gain falls from one iteration to the
 * next. It does unless the noise is said to be several times smaller than it is. Without noise (s = 0) the maximum ends it.
 *
 * Lucy, Astron J 1974;79:745; Richardson, J Opt Soc Am 1972;62:55; background for Gaussian noise: Snyder et al., J Opt Soc Am A
 * 1993;10:1014; extrapolation: Biggs and Andrews, Appl Opt 1997;36:1766, with the weights of Nesterov 1983.
 */
export interface LucyRichardsonSystem {
  /** N, of the curve and of the residue function. */
  readonly samples: number;
  /** h_k for k = firstLag, firstLag + 1 ... : area of the arterial input per sample. */
  readonly kernel: Float64Array;
  /** Not positive. */
  readonly firstLag: number;
  /** Sum of h. */
  readonly area: number;
  /** 1 / n_j. */
  readonly inverseWeights: Float64Array;
  /** Time of residue sample j in sampling intervals is j - shift. */
  readonly shift: number;
}

export type LucyRichardsonOptions = Omit<Extract<DeconvolutionMethod, { readonly name: 'lr' }>, 'name'>;

/** Values of the arterial input below this part of its peak are outside the band. */
export const BAND = 0.01;
/** Background in standard deviations of the noise, and as a part of the curve's maximum. */
export const BACKGROUND = { perNoise: 4, perMaximum: 1e-4 } as const;
/** The flat start predicts this many standard deviations of the noise at least. */
export const LEAST_START = 1.5;
/** An extrapolation leaves at least this part of a residue sample. */
export const EXTRAPOLATION_FLOOR = 0.1;

/**
 * The system of one arterial input.
 * @param aif contrast of the artery, N samples with a positive maximum.
 */
export function lucyRichardsonSystem(aif: Float64Array, intervalS: number): LucyRichardsonSystem {
  const samples = aif.length;
  const peak = aif.indexOf(Math.max(...aif));
  const lowest = BAND * aif[peak]!;
  let first = peak;
  while (first > 0 && aif[first - 1]! >= lowest) first--;
  const last = aif.findLastIndex(value => value >= lowest);
  const kernel = aif.slice(first, last + 1).map(value => Math.max(0, value) * intervalS);
  const area = kernel.reduce((sum, value) => sum + value, 0);
  let passed = 0;
  const half = kernel.findIndex(value => {
    passed += value;
    return passed >= area / 2;
  });
  const firstLag = -half;
  const inverseWeights = new Float64Array(samples);
  for (let j = 0; j < samples; j++) {
    let weight = 0;
    const end = Math.min(kernel.length, samples - j - firstLag);
    for (let k = Math.max(0, -j - firstLag); k < end; k++) weight += kernel[k]!;
    inverseWeights[j] = 1 / weight;
  }
  return { samples, kernel, firstLag, area, inverseWeights, shift: first + half };
}

/**
 * Residue function of one curve, 1/s, and the iterations it took.
 * @param curve N samples of contrast, in the unit of the arterial input.
 * @param noiseSd standard deviation of the curve's noise, 0 where there is none.
 */
export function lucyRichardson(
  curve: ArrayLike<number>,
  noiseSd: number,
  { samples, kernel, firstLag, area, inverseWeights }: LucyRichardsonSystem,
  { maximumIterations, noiseFactor }: LucyRichardsonOptions,
): { readonly residue: Float64Array; readonly iterations: number } {
  let sum = 0;
  let maximum = 0;
  for (let i = 0; i < samples; i++) {
    sum += curve[i]!;
    maximum = max(maximum, curve[i]!);
  }
  const background = BACKGROUND.perNoise * noiseSd + BACKGROUND.perMaximum * maximum;
  const start = max(sum / samples, LEAST_START * noiseSd) / area;
  // Nothing but what is not above the baseline, without noise: no residue function explains it, and 0 / 0 does not either.
  if (start <= 0 || background <= 0) return { residue: new Float64Array(samples), iterations: 0 };

  const leastGain = noiseFactor * noiseSd * noiseSd;
  const ratio = new Float64Array(samples);
  let x = new Float64Array(samples).fill(start);
  let y = x.slice();
  let before = x.slice();
  let residual = Number.POSITIVE_INFINITY;
  let gain = Number.POSITIVE_INFINITY;
  let n = 0;
  for (; n < maximumIterations; n++) {
    let squared = 0;
    for (let i = 0; i < samples; i++) {
      // i - k lies in 0 .. N - 1
      let predicted = 0;
      const end = min(kernel.length, i - firstLag + 1);
      for (let k = max(0, i - firstLag - samples + 1); k < end; k++) predicted += kernel[k]! * y[i - k - firstLag]!;
      const observed = curve[i]!;
      squared += (observed - predicted) ** 2;
      ratio[i] = max(0, observed + background) / (predicted + background);
    }
    const gained = residual - squared;
    if (n >= 2 && leastGain > 0 && gained <= leastGain) {
      const part = gain <= leastGain ? 0 : (gain - leastGain) / (gain - gained);
      return { residue: between(before, y, part), iterations: n };
    }
    residual = squared;
    gain = gained;
    const momentum = n / (n + 3);
    const nextX = new Float64Array(samples);
    const nextY = new Float64Array(samples);
    for (let j = 0; j < samples; j++) {
      let back = 0;
      const end = min(kernel.length, samples - j - firstLag);
      for (let k = max(0, -j - firstLag); k < end; k++) back += kernel[k]! * ratio[j + k + firstLag]!;
      const value = y[j]! * back * inverseWeights[j]!;
      nextX[j] = value;
      nextY[j] = max(EXTRAPOLATION_FLOOR * value, value + momentum * (value - x[j]!));
    }
    before = y;
    y = nextY;
    x = nextX;
  }
  return { residue: y, iterations: n };
}

function between(before: Float64Array, after: Float64Array, part: number): Float64Array {
  return before.map((value, sample) => value + part * (after[sample]! - value));
}
