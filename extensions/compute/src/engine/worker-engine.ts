import { assertVolume } from '../volume.ts';
import type { Engine, VolumeSource } from './engine.ts';
import type { KernelResult } from './kernel.ts';
import type { Request, Response } from './messages.ts';

/** What a request is before it gets its number. */
type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never;

interface Pending {
  readonly request: Unnumbered<Request>;
  readonly resolve: (result: KernelResult<unknown> | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A worker that stops this often without answering once in between is given up. */
const MAXIMUM_STOPS_IN_A_ROW = 2;

/**
 * Engine in a worker: the page's main thread only sends and receives. When the worker dies, a new one is started, the
 * resident volumes are read again from their sources, and what was under way is run once more.
 */
export function createWorkerEngine(startWorker: () => Worker): Engine {
  const sources = new Map<string, VolumeSource>();
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let destroyed = false;
  let stopsInARow = 0;
  let worker = start();

  function start(): Worker {
    const started = startWorker();
    started.onmessage = ({ data }: MessageEvent<Response>) => settle(data);
    started.onerror = event => replaceWorker(event.message || 'the worker could not be loaded');
    started.onmessageerror = () => replaceWorker('a message could not be read');
    return started;
  }

  function settle(response: Response): void {
    stopsInARow = 0;
    const waiting = pending.get(response.id);
    if (!waiting) return;
    pending.delete(response.id);
    if (response.ok) waiting.resolve(response.result);
    else waiting.reject(new Error(response.message));
  }

  function replaceWorker(reason: string): void {
    worker.terminate();
    if (destroyed) return;
    const interrupted = [...pending.values()];
    pending.clear();
    worker = start();
    if (++stopsInARow >= MAXIMUM_STOPS_IN_A_ROW) {
      stopsInARow = 0;
      sources.clear();
      const error = new Error(`The compute worker stopped again and again (${reason}). Reload the page to try again.`);
      for (const { reject } of interrupted) reject(error);
      return;
    }
    // Volumes first, so that they are resident again before the runs that need them.
    for (const [volumeId, source] of sources) {
      const loads = interrupted.filter(({ request }) => request.type === 'load' && request.volumeId === volumeId);
      sendVolume(volumeId, source).then(
        () => loads.forEach(load => void load.resolve(undefined)),
        error => loads.forEach(load => void load.reject(error)),
      );
    }
    for (const waiting of interrupted) if (waiting.request.type !== 'load') post(waiting, []);
  }

  function post(waiting: Pending, transfer: Transferable[]): void {
    const id = nextId++;
    pending.set(id, waiting);
    worker.postMessage({ ...waiting.request, id }, transfer);
  }

  function send(request: Unnumbered<Request>, transfer: Transferable[] = []) {
    return new Promise<KernelResult<unknown> | undefined>((resolve, reject) => {
      if (destroyed) reject(new Error('The compute engine was closed.'));
      else post({ request, resolve, reject }, transfer);
    });
  }

  async function sendVolume(volumeId: string, source: VolumeSource): Promise<void> {
    const volume = source();
    assertVolume(volume);
    await send({ type: 'load', volumeId, volume }, [volume.voxels.buffer as ArrayBuffer]);
  }

  return {
    async loadVolume(volumeId, source) {
      sources.set(volumeId, source);
      await sendVolume(volumeId, source);
    },
    async unloadVolume(volumeId) {
      sources.delete(volumeId);
      await send({ type: 'unload', volumeId });
    },
    async run<Output>(
      kernel: { readonly name: string },
      volumeId: string,
      parameters: unknown,
      options = {},
    ): Promise<KernelResult<Output>> {
      const result = await send({ type: 'run', kernel: kernel.name, volumeId, parameters, options });
      return result as KernelResult<Output>;
    },
    destroy() {
      destroyed = true;
      worker.terminate();
      sources.clear();
      for (const { reject } of pending.values()) reject(new Error('The compute engine was closed.'));
      pending.clear();
    },
  };
}
