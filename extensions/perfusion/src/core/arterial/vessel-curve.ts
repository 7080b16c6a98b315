import { detectBaseline, NoBolusError } from '../baseline/detect-baseline.ts';

/** Mean contrast curve of an artery or a vein. */
export interface VesselCurve {
  /** Voxels that it is the mean of, indices of [nx, ny, nz]. */
  readonly voxels: Int32Array;
  /** Contrast as measured, HU or 1/s, one value per time point. */
  readonly curve: Float64Array;
  /** When the bolus arrives: the first time point at which the curve is clearly above its baseline, s. NaN without a bolus. */
  readonly arrivalS: number;
  readonly peakS: number;
  readonly peak: number;
  /** Area under the curve, contrast times s. */
  readonly area: number;
}

/** Describes the curve of some voxels. */
export function vesselCurve(voxels: Int32Array, curve: Float64Array, intervalS: number): VesselCurve {
  let peakAt = 0;
  let sum = 0;
  for (let t = 0; t < curve.length; t++) {
    if (curve[t]! > curve[peakAt]!) peakAt = t;
    sum += curve[t]!;
  }
  return {
    voxels,
    curve,
    arrivalS: arrivalOf(curve) * intervalS,
    peakS: peakAt * intervalS,
    peak: curve[peakAt]!,
    area: sum * intervalS,
  };
}

function arrivalOf(curve: Float64Array): number {
  try {
    return detectBaseline(curve)[1];
  } catch (error) {
    if (error instanceof NoBolusError) return Number.NaN;
    throw error;
  }
}

/** Center of gravity of a curve between two time points, in samples. */
export function firstMomentOf(curve: Float64Array, [from, end]: readonly [number, number]): number {
  let area = 0;
  let moment = 0;
  for (let t = from; t < end; t++) {
    area += curve[t]!;
    moment += t * curve[t]!;
  }
  return moment / area;
}
