import type { Kernel } from '../../engine/kernel.ts';
import { type Reduction, reduceVolume } from '../../twins/reduction.ts';
import { reductionWebgl2 } from './webgl2.ts';

/** Sum and largest value of a volume. */
export const reductionKernel: Kernel<null, Reduction> = {
  name: 'compute.reduction',
  producers: {
    ts: { run: reduceVolume },
    webgl2: reductionWebgl2,
  },
};
