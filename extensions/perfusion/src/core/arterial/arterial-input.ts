import { isTruncated } from './quality.ts';
import type { VesselCurve } from './vessel-curve.ts';

/** The arterial input that the maps are computed with. */
export interface ArterialInput {
  readonly curve: Float64Array;
  /** What the measured curve was multiplied with. */
  readonly factor: number;
  /** The rule in words, for printing beside the numbers. */
  readonly inWords: string;
}

/**
 * Scales the AIF against partial volume: small arteries fill their voxels in part, the large vein wholly, and both carry the
 * same amount of contrast agent. The factor is area of the VOF / area of the AIF where that is above 1, and 1 without a VOF
 * that has returned. It changes CBF and CBV, but not MTT, Tmax, TTP or relative flow.
 */
export function arterialInput(aif: VesselCurve, vof: VesselCurve | null, isScaled: boolean): ArterialInput {
  const ratio = vof ? vof.area / aif.area : Number.NaN;
  if (!isScaled) return { curve: aif.curve, factor: 1, inWords: 'AIF as measured' };
  if (!vof) return { curve: aif.curve, factor: 1, inWords: 'AIF as measured: no VOF to scale it by' };
  if (isTruncated(vof)) return { curve: aif.curve, factor: 1, inWords: 'AIF as measured: the VOF is truncated' };
  if (!(ratio > 1)) return { curve: aif.curve, factor: 1, inWords: 'AIF as measured: the VOF has no larger area' };
  const curve = aif.curve.map(value => value * ratio);
  return { curve, factor: ratio, inWords: `AIF times ${ratio.toFixed(2)} (area of VOF / area of AIF)` };
}
