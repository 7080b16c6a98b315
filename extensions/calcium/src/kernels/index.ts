/** Kernels of calcium scoring, for the worker and the command line. */

export type { LesionsParameters } from './lesions/index.ts';
export { lesionsKernel } from './lesions/index.ts';
