import type { Baseline } from '../../core/contrast/contrast-of-curve.ts';
import { baselineVariance, groupVariance, noiseLevel } from '../../core/deconvolution/noise-level.ts';

/**
 * Standard deviation of the noise of every curve of a slice, the slice within the mask being the group of noiseLevel.
 * @param baselineOf values of a curve in the baseline
 */
export function noiseOfSlice(
  curves: number,
  [first, end]: Baseline,
  baselineOf: (curve: number, t: number) => number,
): Float64Array {
  const frames = end - first;
  const values = new Float64Array(frames);
  const variances = new Float64Array(curves);
  for (let curve = 0; curve < curves; curve++) {
    for (let t = 0; t < frames; t++) values[t] = baselineOf(curve, first + t);
    variances[curve] = baselineVariance(values, [0, frames]);
  }
  const ofGroup = groupVariance(variances);
  return variances.map(variance => noiseLevel(variance, frames, ofGroup));
}
