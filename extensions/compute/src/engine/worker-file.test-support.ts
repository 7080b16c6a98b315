/** A worker file as an extension has it, for Node's worker threads in place of a browser's workers. */

import { parentPort } from 'node:worker_threads';
import { serveKernels, type WorkerScope } from '../worker/serve.ts';
import { servedKernels } from './kernels.test-support.ts';
import type { Request } from './messages.ts';

const port = parentPort!;
const scope: WorkerScope = {
  onmessage: null,
  postMessage: (message, transfer) => port.postMessage(message, transfer as unknown as ArrayBuffer[]),
};
serveKernels(servedKernels, scope);
port.on('message', (data: Request) => scope.onmessage?.({ data } as MessageEvent<Request>));
