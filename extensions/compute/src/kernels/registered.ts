import { thresholdMaskKernel } from './threshold-mask/index.ts';

/** Every kernel of this package, for workers that serve all of them. */
export const COMPUTE_KERNELS = [thresholdMaskKernel] as const;
