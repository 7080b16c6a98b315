import { lesionsKernel } from '@voxelwise/calcium/kernels';
import { COMPUTE_KERNELS } from '../../../extensions/compute/src/kernels/registered.ts';
import { serveKernels } from '../../../extensions/compute/src/worker/serve.ts';

serveKernels([...COMPUTE_KERNELS, lesionsKernel]);
