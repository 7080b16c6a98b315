import { serveKernels } from '@voxelwise/compute/worker';
import { mapsKernel, surveyKernel } from '../kernels/index.ts';

serveKernels([mapsKernel, surveyKernel]);
