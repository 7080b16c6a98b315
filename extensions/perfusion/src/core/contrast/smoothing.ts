import { gaussianWeights } from '@voxelwise/compute/twins';

/** How much a series is smoothed before it is deconvolved; 0 leaves a direction as it is. */
export interface Smoothing {
  /** Standard deviation of the Gaussian over time, s. */
  readonly temporalSigmaS: number;
  /** Standard deviation of the Gaussian within a slice, mm. */
  readonly spatialSigmaMm: number;
}

/**
 * 2 mm within the slice, nothing over time. At 1 mm spacing this takes noise of SD 2 HU to 0.3 HU, and at the border between
 * tissue that is delayed and tissue that is not it moves Tmax by about 1 mm (the earlier tissue has more flow and wins). Over
 * time nothing, because the deconvolution suppresses fast changes already, and because the arterial curve, which is not
 * smoothed, would have to be smoothed alike.
 */
export const DEFAULT_SMOOTHING: Smoothing = { temporalSigmaS: 0, spatialSigmaMm: 2 };

/** Taps of a separable filter, odd in number, symmetric, sum 1. [1] leaves a direction as it is. */
export interface SmoothingWeights {
  readonly time: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Leaves everything as it is. */
export const NO_SMOOTHING: SmoothingWeights = { time: [1], x: [1], y: [1] };

/**
 * Gaussian taps, cut at three standard deviations.
 * @param spacingMm [column spacing, row spacing, ...] of the slices
 * @throws RangeError where a standard deviation is negative or no number, or a distance is not positive
 */
export function smoothingWeights(
  { temporalSigmaS, spatialSigmaMm }: Smoothing,
  intervalS: number,
  spacingMm: readonly number[],
): SmoothingWeights {
  return {
    time: weightsAlong(temporalSigmaS, intervalS, 's'),
    x: weightsAlong(spatialSigmaMm, spacingMm[0]!, 'mm'),
    y: weightsAlong(spatialSigmaMm, spacingMm[1]!, 'mm'),
  };
}

function weightsAlong(sigma: number, step: number, unit: string): readonly number[] {
  if (!(sigma >= 0) || !Number.isFinite(sigma)) {
    throw new RangeError(`Smoothing is a number of ${unit} from 0 on; ${sigma} ${unit} cannot be.`);
  }
  if (!(step > 0) || !Number.isFinite(step)) {
    throw new RangeError(`Voxels and time points have a positive distance; ${step} ${unit} cannot be.`);
  }
  return sigma === 0 ? [1] : gaussianWeights(sigma / step);
}

/** @throws RangeError where there is no center, the weights are not symmetric or their sum is not 1 */
export function assertSmoothingWeights(smoothing: SmoothingWeights): void {
  for (const axis of ['time', 'x', 'y'] as const) {
    const weights = smoothing[axis];
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const isSymmetric = weights.every((weight, tap) => weight >= 0 && weight === weights[weights.length - 1 - tap]);
    if (weights.length % 2 === 1 && isSymmetric && Math.abs(sum - 1) < 1e-6) continue;
    throw new RangeError(
      `Smoothing weights (${axis}) are odd in number, symmetric, not negative and of sum 1; these are ${weights.length} of sum ${sum}.`,
    );
  }
}
