/** The worker file of perfusion for Node's worker threads. */

import { parentPort } from 'node:worker_threads';
import { serveKernels, type WorkerScope } from '@voxelwise/compute/worker';
import { mapsKernel, surveyKernel } from '@voxelwise/perfusion/kernels';

const port = parentPort!;
const scope: WorkerScope = {
  onmessage: null,
  postMessage: (message, transfer) => port.postMessage(message, transfer as unknown as ArrayBuffer[]),
};
serveKernels([mapsKernel, surveyKernel], scope);
port.on('message', data => scope.onmessage?.({ data } as Parameters<NonNullable<WorkerScope['onmessage']>>[0]));
