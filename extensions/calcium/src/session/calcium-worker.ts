import { thresholdMaskKernel } from '@voxelwise/compute';
import { serveKernels } from '@voxelwise/compute/worker';
import { lesionsKernel } from '../kernels/index.ts';

serveKernels([lesionsKernel, thresholdMaskKernel]);
