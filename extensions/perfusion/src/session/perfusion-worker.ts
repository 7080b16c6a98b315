import { serveKernels } from '@voxelwise/compute/worker';
import { mapsKernel } from '../kernels/index.ts';

serveKernels([mapsKernel]);
