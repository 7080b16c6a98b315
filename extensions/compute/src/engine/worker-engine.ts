import { assertVolume } from '../volume.ts';
import type { Engine, VolumeSource } from './engine.ts';
import type { KernelResult } from './kernel.ts';
import type { Request, Response } from './messages.ts';

/** What a request is before it gets its number. */
type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never;

interface Message {
  readonly request: Unnumbered<Request>;
  readonly transfer?: Transferable[];
}

interface Pending {
  /** Makes the message anew for every attempt: a volume that was moved to a worker is lost with it. */
  readonly message: () => Message;
  readonly resolve: (result: KernelResult<unknown> | undefined) => void;
  readonly reject: (error: Error) => void;
  attempts: number;
}

/** A request that a worker stopped under is tried once more; with that it cannot keep on stopping workers. */
const MAXIMUM_ATTEMPTS = 2;

/**
 * Engine in a worker: the page's main thread only sends and receives. When the worker dies, a new one is started as
 * soon as there is something to do, the resident volumes are read again from their sources, and what was under way is
 * run once more.
 */
export function createWorkerEngine(startWorker: () => Worker): Engine {
  /** Sources of the volumes that the worker has said it holds. */
  const resident = new Map<string, VolumeSource>();
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let destroyed = false;
  let worker: Worker | undefined = start();

  function start(): Worker {
    const started = startWorker();
    started.onmessage = ({ data }: MessageEvent<Response>) => settle(data);
    started.onerror = event => giveUp(started, event.message || 'the worker could not be loaded');
    started.onmessageerror = () => giveUp(started, 'a message could not be read');
    return started;
  }

  function settle(response: Response): void {
    const waiting = pending.get(response.id);
    if (!waiting) return;
    pending.delete(response.id);
    if (response.ok) waiting.resolve(response.result);
    else waiting.reject(new Error(response.message));
  }

  /** Ends a worker that stopped, and posts what was under way to a new one, in the same order. */
  function giveUp(stopped: Worker, reason: string): void {
    if (stopped !== worker) return; // a late report of a worker that was replaced already
    stopped.terminate();
    worker = undefined;
    const interrupted = [...pending.values()];
    pending.clear();
    const error = new Error(`The compute worker stopped again and again (${reason}). Reload the page to try again.`);
    for (const waiting of interrupted) {
      if (waiting.attempts < MAXIMUM_ATTEMPTS) post(waiting);
      else waiting.reject(error);
    }
  }

  /** The worker, a new one with the same volumes if the last one stopped. */
  function runningWorker(): Worker {
    if (worker) return worker;
    worker = start();
    for (const [volumeId, source] of resident) {
      // Not to be repeated by itself: it is made again for whatever request needs the next worker.
      const ignore = () => {};
      post({
        message: () => loadMessage(volumeId, source),
        resolve: ignore,
        reject: ignore,
        attempts: MAXIMUM_ATTEMPTS,
      });
    }
    return worker;
  }

  function post(waiting: Pending): void {
    waiting.attempts++;
    try {
      const { request, transfer = [] } = waiting.message();
      const id = nextId++;
      runningWorker().postMessage({ ...request, id }, transfer);
      pending.set(id, waiting);
    } catch (error) {
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function send(message: () => Message) {
    return new Promise<KernelResult<unknown> | undefined>((resolve, reject) => {
      if (destroyed) reject(new Error('The compute engine was closed.'));
      else post({ message, resolve, reject, attempts: 0 });
    });
  }

  return {
    async loadVolume(volumeId, source) {
      await send(() => loadMessage(volumeId, source));
      resident.set(volumeId, source);
    },
    async unloadVolume(volumeId) {
      await send(() => ({ request: { type: 'unload', volumeId } }));
      resident.delete(volumeId);
    },
    async run<Output>(
      kernel: { readonly name: string },
      volumeId: string,
      parameters: unknown,
      options = {},
    ): Promise<KernelResult<Output>> {
      const result = await send(() => ({
        request: { type: 'run', kernel: kernel.name, volumeId, parameters, options },
      }));
      return result as KernelResult<Output>;
    },
    destroy() {
      destroyed = true;
      worker?.terminate();
      worker = undefined;
      resident.clear();
      for (const { reject } of pending.values()) reject(new Error('The compute engine was closed.'));
      pending.clear();
    },
  };
}

function loadMessage(volumeId: string, source: VolumeSource): Message {
  const volume = source();
  assertVolume(volume);
  return { request: { type: 'load', volumeId, volume }, transfer: [volume.voxels.buffer as ArrayBuffer] };
}
