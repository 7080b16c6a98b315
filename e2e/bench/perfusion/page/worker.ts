import { serveKernels } from '@voxelwise/compute/worker';
import { mapsKernel, surveyKernel } from '@voxelwise/perfusion/kernels';

serveKernels([mapsKernel, surveyKernel]);
