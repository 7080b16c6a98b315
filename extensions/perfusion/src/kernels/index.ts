/** Kernels of perfusion, for the worker and the command line. */

export type { MapsParameters, SmoothingWeights } from './maps-parameters.ts';
