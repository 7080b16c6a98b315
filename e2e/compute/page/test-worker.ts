/** A worker with kernels for tests beside the real ones, in which something may go wrong when one of them is run. */
import {
  slabSumKernel,
  steppingKernel,
  sumKernel,
} from '../../../extensions/compute/src/engine/kernels.test-support.ts';
import type { Request, Response } from '../../../extensions/compute/src/engine/messages.ts';
import { COMPUTE_KERNELS } from '../../../extensions/compute/src/kernels/registered.ts';
import { serveKernels } from '../../../extensions/compute/src/worker/serve.ts';

const { searchParams } = new URL(self.location.href);
const fault = searchParams.get('fault');
// What a browser's workers may lack; looked for when the GPU is asked for first.
const lacking = searchParams.get('lacking');
if (lacking === 'OffscreenCanvas') Reflect.deleteProperty(self, 'OffscreenCanvas');
if (lacking === 'WebGL2') OffscreenCanvas.prototype.getContext = () => null;

serveKernels([...COMPUTE_KERNELS, slabSumKernel, steppingKernel, sumKernel]);

const serve = self.onmessage as unknown as (event: MessageEvent<Request>) => void;
const post = self.postMessage.bind(self) as (message: Response, transfer: Transferable[]) => void;
const runs = new Set<number>();

self.onmessage = (event: MessageEvent<Request>) => {
  if (event.data.type === 'run') {
    runs.add(event.data.id);
    if (fault === 'vanishes') self.close(); // without any event on the page
    if (fault === 'throws') throw new Error('thrown outside of any run');
  }
  serve(event);
};

self.postMessage = ((message: Response, transfer: Transferable[]) => {
  post(message, transfer);
  const isNotice = runs.has(message.id) && 'notice' in message;
  if (fault === 'hangs' && isNotice) for (;;);
  if (fault === 'hangs in webgl2' && isNotice && message.notice === 'running' && message.producer === 'webgl2')
    for (;;);
}) as typeof self.postMessage;
