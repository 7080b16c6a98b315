import { serveKernels } from '@voxelwise/compute/worker';
import { suites } from 'kernel-suites';

serveKernels(suites.map(({ kernel }) => kernel));
