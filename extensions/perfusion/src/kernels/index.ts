/** Kernels of perfusion, for the worker and the command line. */

export type { MapsParameters } from './maps-parameters.ts';
