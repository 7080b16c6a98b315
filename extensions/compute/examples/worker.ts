import { connectedComponentsKernel, histogramKernel } from '@voxelwise/compute';
import { serveKernels } from '@voxelwise/compute/worker';

serveKernels([connectedComponentsKernel, histogramKernel]);
