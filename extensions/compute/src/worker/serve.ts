import { createCalibration } from '../engine/calibration.ts';
import { indexedDbCalibrationStore } from '../engine/calibration-store.ts';
import { UnknownVolumeError } from '../engine/engine.ts';
import type { AnyKernel, Producer } from '../engine/kernel.ts';
import { TooLargeError } from '../engine/limits.ts';
import { createLocalEngine } from '../engine/local-engine.ts';
import { messageOf } from '../engine/message-of.ts';
import { type FailureKind, READY_ID, type Request, type Response, type WorkerResult } from '../engine/messages.ts';
import { abortError, nextTask } from '../engine/run-control.ts';
import { configureSharedDevice, sharedDeviceRefusal } from '../webgl2/shared-device.ts';
import { shareSlab, slabOf } from './slabs.ts';

/** The two things the worker's side needs of its global scope. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Response, transfer: Transferable[]): void;
}

interface Answer {
  readonly result?: WorkerResult;
  readonly transfer?: ArrayBufferLike[];
}

/** Answers the page's requests with these kernels. Called once, at the top of an extension's worker file. */
export function serveKernels(kernels: readonly AnyKernel[], scope = self as unknown as WorkerScope): void {
  const byName = new Map(kernels.map(kernel => [kernel.name, kernel]));
  const engine = createLocalEngine({ calibration: createCalibration({ store: indexedDbCalibrationStore() }) });
  /** Outputs of slabs that wait for those of other workers. */
  const kept = new Map<string, unknown>();

  const kernelNamed = (name: string): AnyKernel => {
    const kernel = byName.get(name);
    if (!kernel) throw new Error(`This worker has no kernel named ${name}.`);
    return kernel;
  };

  const runRequest = async (request: Extract<Request, { type: 'run' }>, signal: AbortSignal): Promise<Answer> => {
    const { id, volumeId, slab } = request;
    const kernel = kernelNamed(request.kernel);
    const onProgress = (fraction: number) => scope.postMessage({ id, notice: 'progress', fraction }, []);
    let running: Producer | undefined;
    const onProducer = (producer: Producer) => {
      if (producer !== running) scope.postMessage({ id, notice: 'running', producer }, []);
      running = producer;
    };
    const options = { ...request.options, signal, onProgress, onProducer };
    if (!slab) {
      const result = await engine.run(kernel, volumeId, request.parameters, options);
      return { result, transfer: kernel.transferables?.(result.output) };
    }
    const { output, report } = await slabOf(engine, kernel, volumeId, slab, request.parameters, options);
    if (slab.keepAs === undefined) return { result: { output, report }, transfer: kernel.transferables?.(output) };
    kept.set(slab.keepAs, output);
    return { result: { report } };
  };

  const answer = async (request: Request, signal: AbortSignal): Promise<Answer> => {
    switch (request.type) {
      case 'load':
        await engine.loadVolume(request.volumeId, () => request.volume);
        return {};
      case 'unload':
        await engine.unloadVolume(request.volumeId);
        return {};
      case 'configure':
        configureSharedDevice(request.gpuMemory);
        return {};
      case 'refusal':
        return { result: { refusal: sharedDeviceRefusal() } };
      case 'share':
        return shareSlab(engine, request);
      case 'run':
        return runRequest(request, signal);
      case 'merge': {
        const kernel = kernelNamed(request.kernel);
        if (!kernel.slabs || !kept.has(request.kept)) throw new Error('A part of the answer is missing.');
        const parts = [{ output: kept.get(request.kept), firstSlice: 0 }, ...request.others];
        kept.delete(request.kept);
        const output: unknown = kernel.slabs.merge(parts, request, request.parameters);
        return { result: { output }, transfer: kernel.transferables?.(output) };
      }
      case 'drop':
        kept.delete(request.kept);
        return {};
      case 'cancel':
        return {};
    }
  };

  const controllers = new Map<number, AbortController>();
  // One request after the other: a volume is loaded before the run that follows it starts.
  let queue = Promise.resolve();
  scope.onmessage = ({ data: request }) => {
    const { id } = request;
    if (request.type === 'cancel') {
      controllers.get(id)?.abort();
      return;
    }
    const controller = new AbortController();
    controllers.set(id, controller);
    queue = queue.then(async () => {
      await nextTask(); // hears what was cancelled meanwhile
      try {
        if (controller.signal.aborted) throw abortError();
        scope.postMessage({ id, notice: 'begun' }, []);
        const { result, transfer = [] } = await answer(request, controller.signal);
        scope.postMessage({ id, ok: true, ...(result && { result }) }, transfer as Transferable[]);
      } catch (error) {
        const kind = failureKindOf(error);
        scope.postMessage({ id, ok: false, message: messageOf(error), ...(kind && { kind }) }, []);
      } finally {
        controllers.delete(id);
      }
    });
  };
  scope.postMessage({ id: READY_ID, notice: 'ready' }, []);
}

function failureKindOf(error: unknown): FailureKind | undefined {
  if (error instanceof TooLargeError) return 'too large';
  return error instanceof UnknownVolumeError ? { unknownVolumeId: error.volumeId } : undefined;
}
