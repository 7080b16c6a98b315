import { createCalibration } from '../engine/calibration.ts';
import { indexedDbCalibrationStore } from '../engine/calibration-store.ts';
import type { Kernel } from '../engine/kernel.ts';
import { createLocalEngine } from '../engine/local-engine.ts';
import type { Request, Response } from '../engine/messages.ts';

/** The two things the worker's side needs of its global scope. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Response, transfer: Transferable[]): void;
}

// Kernels of different shapes share one table; each is only ever called with the parameters its caller typed.
// biome-ignore lint/suspicious/noExplicitAny: variance of the parameters cannot be expressed for a mixed table
type AnyKernel = Kernel<any, any>;

/** Answers the page's requests with these kernels. Called once, at the top of an extension's worker file. */
export function serveKernels(kernels: readonly AnyKernel[], scope = self as unknown as WorkerScope): void {
  const byName = new Map(kernels.map(kernel => [kernel.name, kernel]));
  const engine = createLocalEngine({ calibration: createCalibration({ store: indexedDbCalibrationStore() }) });

  const answer = async (request: Request): Promise<{ response: Response; transfer: Transferable[] }> => {
    const { id } = request;
    if (request.type === 'load') {
      await engine.loadVolume(request.volumeId, () => request.volume);
      return { response: { id, ok: true }, transfer: [] };
    }
    if (request.type === 'unload') {
      await engine.unloadVolume(request.volumeId);
      return { response: { id, ok: true }, transfer: [] };
    }
    const kernel = byName.get(request.kernel);
    if (!kernel) throw new Error(`This worker has no kernel named ${request.kernel}.`);
    const result = await engine.run(kernel, request.volumeId, request.parameters, request.options);
    const transfer = (kernel.transferables?.(result.output) ?? []) as Transferable[];
    return { response: { id, ok: true, result }, transfer };
  };

  // One request after the other: a volume is loaded before the run that follows it starts.
  let queue = Promise.resolve();
  scope.onmessage = ({ data: request }) => {
    queue = queue.then(async () => {
      try {
        const { response, transfer } = await answer(request);
        scope.postMessage(response, transfer);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        scope.postMessage({ id: request.id, ok: false, message }, []);
      }
    });
  };
}
