/** Perfusion as pure functions: no DOM, no OHIF, no I/O. */

export type { DeconvolutionMethod, DeconvolutionMethodName } from './deconvolution-method.ts';
export { DECONVOLUTION_METHODS } from './deconvolution-method.ts';
export type { DynamicSignal, DynamicVolume } from './dynamic-volume.ts';
export { curveAt } from './dynamic-volume.ts';
export type { PerfusionMap, PerfusionMaps, PerfusionValues, TissueConstants } from './maps.ts';
export { ABSOLUTE_CONSTANTS, PERFUSION_MAPS, RELATIVE_CONSTANTS } from './maps.ts';
