import type { Baseline } from '../core/contrast/contrast-of-curve.ts';
import type { SmoothingWeights } from '../core/contrast/smoothing.ts';
import type { DeconvolutionMethod } from '../core/deconvolution-method.ts';
import type { DynamicSignal } from '../core/dynamic-volume.ts';
import type { TissueConstants } from '../core/maps.ts';

/**
 * What the kernel perfusion.maps computes with. Its volume is a dynamic volume of dimensions [nx, ny * timePoints, nz]: one
 * "slice" of the engine holds all time points of a slice, so that it can be split.
 */
export interface MapsParameters {
  readonly timePoints: number;
  readonly intervalS: number;
  readonly signal: DynamicSignal;
  /** Frames before the bolus [first, end). */
  readonly baseline: Baseline;
  readonly smoothing: SmoothingWeights;
  /** 1 where maps are computed, per voxel of [nx, ny, nz]. */
  readonly mask: Uint8Array;
  /** Where the volume is a part of a series: the slice of the mask at which it begins. 0 where it is missing. */
  readonly firstSlice?: number;
  /** Arterial contrast at every time point, in the unit of the tissue's contrast. */
  readonly aif: Float64Array;
  readonly method: DeconvolutionMethod;
  readonly constants: TissueConstants;
}
