import { connectedComponentsKernel } from './connected-components/index.ts';
import { convolutionKernel } from './convolution/index.ts';
import { gpuLabelsKernel } from './gpu-labels/index.ts';
import { histogramKernel } from './histogram/index.ts';
import { labelStatisticsKernel } from './label-statistics/index.ts';
import { reductionKernel } from './reduction/index.ts';
import { thresholdMaskKernel } from './threshold-mask/index.ts';

/** Every kernel of this package, for workers that serve all of them. */
export const COMPUTE_KERNELS = [
  connectedComponentsKernel,
  convolutionKernel,
  gpuLabelsKernel,
  histogramKernel,
  labelStatisticsKernel,
  reductionKernel,
  thresholdMaskKernel,
] as const;
