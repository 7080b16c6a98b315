import type { DeconvolutionMethod, DeconvolutionMethodName } from '../deconvolution-method.ts';

/**
 * Oscillation index that oSVD allows by default: 0.05 per second of the sampling interval.
 *
 * The second differences of one and the same residue function grow with the interval at which it is sampled, so no single
 * number fits. Published ones were found on one interval each (0.035 and 0.095 in Wu et al. 2003), and 0.035 at 2 s leaves
 * a third of the flow. On the grid of this package this rule is close to the best target at every interval from 0.5 to 3 s, for
 * 45 to 150 s of data, without noise and with 1 and 3 HU.
 */
export function defaultOscillationTarget(intervalS: number): number {
  return 0.05 * intervalS;
}

/** Truncation of the other SVD methods, and lambda of Tikhonov, as a part of the largest singular value. */
const TRUNCATIONS = { ssvd: 0.2, csvd: 0.1, tikhonov: 0.1 } as const;

/** A method with its usual parameters. */
export function defaultMethod(name: DeconvolutionMethodName, intervalS: number): DeconvolutionMethod {
  if (name === 'lr') return { name, maximumIterations: 32, noiseFactor: 2 };
  if (name === 'osvd') return { name, oscillationTarget: defaultOscillationTarget(intervalS) };
  return { name, truncation: TRUNCATIONS[name] };
}
