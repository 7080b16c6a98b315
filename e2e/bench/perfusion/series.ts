import type { VoxelVolume } from '@voxelwise/compute';
import {
  ABSOLUTE_CONSTANTS,
  DEFAULT_SMOOTHING,
  type DeconvolutionMethodName,
  type DynamicVolume,
  defaultMethod,
  type Survey,
  smoothingWeights,
} from '@voxelwise/perfusion/core';
import type { MapsParameters, SurveyParameters } from '@voxelwise/perfusion/kernels';
import { strokePhantom } from '@voxelwise/perfusion/phantoms';

/** A series of the benchmark, as the engine takes it. Used in Node and in the page. */
export interface BenchSeries {
  readonly volume: VoxelVolume & { readonly voxels: Int16Array };
  readonly survey: SurveyParameters;
}

const NOISE_HU = 2;

/** The stroke phantom with noise of 2 HU in whole numbers, 60 time points of 1 s; its slices repeated to as many as asked for. */
export function strokeSeries(side: number, slices: number, ownSlices = slices, isShared = false): BenchSeries {
  const { volume } = strokePhantom({ dimensions: [side, side, ownSlices], noiseSd: NOISE_HU, wholeNumbers: true });
  const { voxels, timePoints, intervalS, spacingMm, signal } = volume;
  const sliceValues = side * side * timePoints;
  const bytes = sliceValues * slices * Int16Array.BYTES_PER_ELEMENT;
  const all = new Int16Array(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  for (let slice = 0; slice < slices; slice++) {
    const own = slice % ownSlices;
    all.set(voxels.subarray(own * sliceValues, (own + 1) * sliceValues), slice * sliceValues);
  }
  return {
    volume: { voxels: all, dimensions: [side, side * timePoints, slices] },
    survey: { timePoints, intervalS, spacingMm, signal },
  };
}

/** Maps with the default smoothing and the usual parameters of a method, where the survey found tissue. */
export function mapsParameters(
  {
    timePoints,
    intervalS,
    spacingMm,
    signal,
  }: Pick<DynamicVolume, 'timePoints' | 'intervalS' | 'spacingMm' | 'signal'>,
  { baseline, tissueMask, aif }: Survey,
  method: DeconvolutionMethodName,
): MapsParameters {
  if (!aif) throw new Error('The survey found no artery in the phantom.');
  return {
    timePoints,
    intervalS,
    signal,
    baseline,
    smoothing: smoothingWeights(DEFAULT_SMOOTHING, intervalS, spacingMm),
    mask: tissueMask,
    aif: aif.curve,
    method: defaultMethod(method, intervalS),
    constants: ABSOLUTE_CONSTANTS,
  };
}
