import { connectedComponentsKernel, thresholdMaskKernel } from '@voxelwise/compute';
import { serveKernels } from '@voxelwise/compute/worker';

serveKernels([connectedComponentsKernel, thresholdMaskKernel]);
