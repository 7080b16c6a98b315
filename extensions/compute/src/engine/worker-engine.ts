import { assertVolume, isShared, type VoxelVolume } from '../volume.ts';
import { assertGpuMemory } from '../webgl2/memory-budget.ts';
import type { GpuMemoryLimits } from '../webgl2/shared-device.ts';
import { ENGINE_CLOSED, type Engine, UnknownVolumeError, type VolumeSource } from './engine.ts';
import { ExtraWorkers } from './extra-workers.ts';
import type { Kernel, KernelResult, RunOptions } from './kernel.ts';
import { assertRoomFor, assertRunSize } from './limits.ts';
import { messageOf } from './message-of.ts';
import type { WorkerRunOptions } from './messages.ts';
import { PageGpu } from './page-gpu.ts';
import { abortError, risingProgress, untilAborted } from './run-control.ts';
import { assertWorkers, defaultWorkers } from './slabs.ts';
import { SplitDecision } from './split-decision.ts';
import { type ResidentVolume, splitRun } from './split-run.ts';
import { StoppedProducers } from './stopped-producers.ts';
import {
  type Attempt,
  createWorkerLink,
  DEFAULT_PATIENCE,
  type MakeMessage,
  type Message,
  type Patience,
  type Stop,
  WorkerStoppedError,
} from './worker-link.ts';

export interface WorkerEngineOptions {
  /** At most so many workers, a whole number. Default: two where the machine has a third core for the page, otherwise one. */
  readonly workers?: number;
  /** Default: when it pays. 'always' is for tests and benchmarks. */
  readonly split?: 'when it pays' | 'always';
  readonly patience?: Partial<Patience>;
  /**
   * Bytes of textures and buffers that each thread's GPU device keeps for reuse (default 1 GiB), and that one operation may
   * have at most (default 2 GiB). A run that needs more is computed without the GPU.
   */
  readonly gpuMemory?: GpuMemoryLimits;
}

/** Workers that may stop under one request: with that a request cannot keep on stopping workers. */
const ATTEMPTS = 2;

/** A volume of one call of loadVolume. */
interface Held extends ResidentVolume {
  readonly source: VolumeSource;
  /** Known as soon as the source was read. */
  dimensions: VoxelVolume['dimensions'];
  bytes: number;
  /** The worker has said that it holds it. */
  loaded: boolean;
  /** What the worker holds under the id until then. */
  before?: Held | undefined;
  /** Why the source did not give it again for a new worker. */
  unreadable?: string;
}

/**
 * Engine in workers: the page's main thread only sends and receives. The first worker holds the volumes and does
 * everything; others help it with slabs of large volumes, where a kernel can be split and it pays. When a worker dies,
 * hangs or does not heed a cancellation, a new one is started as soon as there is something to do, the resident volumes are
 * read again from their sources, and what was under way is run once more.
 */
export function createWorkerEngine(
  startWorker: () => Worker,
  { workers = defaultWorkers(), split, patience: given, gpuMemory }: WorkerEngineOptions = {},
): Engine {
  assertWorkers(workers);
  assertGpuMemory(gpuMemory ?? {});
  const patience = { ...DEFAULT_PATIENCE, ...given };
  const greeting = gpuMemory && ((): Message => ({ request: { type: 'configure', gpuMemory } }));
  const volumes = new Map<string, Held>();
  let versions = 0;
  const main = createWorkerLink({
    startWorker,
    patience,
    attempts: ATTEMPTS,
    restore() {
      if (greeting) main.post(greeting);
      // Not to be repeated by itself: it is made again for whatever request needs the next worker.
      for (const [volumeId, newest] of volumes) {
        // Runs that came before the newest volume was loaded are still to see the one before.
        let held: Held | undefined = newest;
        while (held && !held.loaded) held = held.before;
        const last = held;
        if (last) main.post(() => loadAgainMessage(volumeId, last));
      }
    },
  });
  if (greeting) main.post(greeting);
  const extras = new ExtraWorkers({ main, startWorker, patience, count: workers - 1, greeting });
  const pageGpu = new PageGpu({
    refusalInWorkers: async () => (await main.send(() => ({ request: { type: 'refusal' } }))).refusal ?? null,
    gpuMemory,
  });
  const decision = new SplitDecision(split === 'always');
  const stopped = new StoppedProducers();

  function loadMessage(volumeId: string, held: Held): Message {
    const volume = held.source();
    assertVolume(volume);
    const others = [...volumes].filter(([id]) => id !== volumeId);
    assertRoomFor(
      volume,
      others.reduce((sum, [, { bytes }]) => sum + bytes, 0),
    );
    held.dimensions = volume.dimensions;
    held.bytes = volume.voxels.byteLength;
    const transfer = isShared(volume) ? [] : [volume.voxels.buffer as ArrayBuffer];
    return { request: { type: 'load', volumeId, volume }, transfer };
  }

  function loadAgainMessage(volumeId: string, held: Held): Message {
    delete held.unreadable;
    try {
      return loadMessage(volumeId, held);
    } catch (error) {
      held.unreadable = messageOf(error);
      throw error;
    }
  }

  /** What a worker is told of the options. */
  function told({ name }: { readonly name: string }, { producer, prefer }: RunOptions): WorkerRunOptions {
    const distrusted = stopped.of(name);
    return { ...(producer && { producer }), ...(prefer && { prefer }), ...(distrusted.length > 0 && { distrusted }) };
  }

  /** @param earlier a worker has stopped under this run already, when it was split */
  async function runAlone<Output>(
    kernel: { readonly name: string },
    volumeId: string,
    parameters: unknown,
    options: RunOptions,
    earlier?: Attempt,
  ): Promise<KernelResult<Output>> {
    const { signal, onProgress, producer } = options;
    const message: MakeMessage = ({ stopped: stop }) => {
      if (stop) stopped.learn(kernel.name, stop);
      // What stopped a worker may stop the next one, too. The twin is the plainest of all producers.
      const asked = stop && !producer ? ({ prefer: 'ts' } as const) : told(kernel, options);
      return { request: { type: 'run', kernel: kernel.name, volumeId, parameters, options: asked } };
    };
    const sendOptions = { ...(signal && { signal }), ...(onProgress && { onProgress }), ...(earlier && { earlier }) };
    try {
      const { output, report, stopped: stop } = await main.send(message, sendOptions);
      const held = volumes.get(volumeId);
      if (held && !stop && !earlier) {
        // The worker's own time: waiting, compiling and timing producers would be taken for a slow kernel.
        decision.observe(kernel.name, options, 1, held.bytes, report!.milliseconds, report!.producer);
      }
      const news = stop ? [ranAgain(stop)] : [];
      return { output: output as Output, report: { ...report!, workers: 1, notes: [...news, ...report!.notes] } };
    } catch (error) {
      if (error instanceof WorkerStoppedError) stopped.learn(kernel.name, error.stop);
      const unreadable = error instanceof UnknownVolumeError && volumes.get(volumeId)?.unreadable;
      throw unreadable ? new Error(couldNotReadAgain(volumeId, unreadable)) : error;
    }
  }

  /** Splits the run where that may pay; whatever goes wrong then, one worker does it all. */
  async function runSomehow<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volumeId: string,
    parameters: Parameters,
    options: RunOptions,
  ): Promise<KernelResult<Output>> {
    const held = volumes.get(volumeId);
    if (held) assertRunSize(kernel, held, parameters);
    const slabOptions =
      held?.loaded && extras.areUsable && held.dimensions[2] > 1
        ? decision.decide(kernel, held.bytes, parameters, options)
        : null;
    if (!held || !slabOptions) return runAlone(kernel, volumeId, parameters, options);
    const isCurrent = () => volumes.get(volumeId) === held;
    const asked = told(kernel, { ...options, ...slabOptions });
    const job = { kernel, volumeId, volume: held, isCurrent, parameters, options, asked };
    try {
      const { result, wasReady } = await untilAborted(splitRun(job, main, extras), options.signal);
      const { milliseconds, workers: ran = 1, producer } = result.report;
      if (wasReady) decision.observe(kernel.name, options, ran, held.bytes, milliseconds, producer);
      return result;
    } catch (error) {
      if (options.signal?.aborted) throw abortError();
      if (!(error instanceof WorkerStoppedError)) return runInstead(error);
      stopped.learn(kernel.name, error.stop);
      // When it was the first worker, its note says so; the others are not needed for what follows.
      return error.isFirst
        ? runAlone<Output>(kernel, volumeId, parameters, options, { stopped: error.stop })
        : runInstead(error, {});
    }

    async function runInstead(error: unknown, earlier?: Attempt): Promise<KernelResult<Output>> {
      const { output, report } = await runAlone<Output>(kernel, volumeId, parameters, options, earlier);
      return { output, report: { ...report, notes: [...report.notes, `computed by one worker: ${messageOf(error)}`] } };
    }
  }

  /** In workers, or on the page where WebGL2 was asked for and workers have none. */
  async function runAnywhere<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volumeId: string,
    parameters: Parameters,
    options: RunOptions,
  ): Promise<KernelResult<Output>> {
    const held = volumes.get(volumeId);
    // Nothing is waited for without need: what is asked for next must not overtake this.
    if (!held?.loaded || !pageGpu.mayConcern(kernel, options)) return runSomehow(kernel, volumeId, parameters, options);
    const page = await pageGpu.run(kernel, volumeId, held, parameters, options);
    if (page && 'result' in page) return page.result;
    const { output, report } = await runSomehow(kernel, volumeId, parameters, options);
    return { output, report: page ? { ...report, notes: [page.note, ...report.notes] } : report };
  }

  return {
    async loadVolume(volumeId, source, { signal } = {}) {
      if (signal?.aborted) throw abortError();
      const before = volumes.get(volumeId);
      const key = `${volumeId}/${versions++}`;
      const held: Held = { key, source, dimensions: [0, 0, 0], bytes: 0, loaded: false, before };
      const message = () => {
        const load = loadMessage(volumeId, held);
        volumes.set(volumeId, held); // from now on the volume of this id
        return load;
      };
      try {
        await main.send(message, { ...(signal && { signal }) });
        held.loaded = true;
        held.before = undefined;
      } catch (error) {
        if (volumes.get(volumeId) === held) {
          volumes.delete(volumeId);
          if (signal?.aborted) main.post(() => ({ request: { type: 'unload', volumeId } }));
          else if (before) volumes.set(volumeId, before);
        }
        throw error;
      } finally {
        if (before && volumes.get(volumeId) !== before) {
          extras.forget(before.key);
          pageGpu.forget(volumeId);
        }
      }
    },
    async unloadVolume(volumeId) {
      const held = volumes.get(volumeId);
      await main.send(() => ({ request: { type: 'unload', volumeId } }));
      if (!held) return;
      extras.forget(held.key);
      pageGpu.forget(volumeId);
      if (volumes.get(volumeId) === held) volumes.delete(volumeId);
    },
    async run(kernel, volumeId, parameters, options = {}) {
      const { signal, onProgress } = options;
      const asked = { ...options, ...(onProgress && { onProgress: risingProgress(onProgress) }) };
      const result = await runAnywhere(kernel, volumeId, parameters, asked);
      // It may have been cancelled between its answer and now.
      if (signal?.aborted) throw abortError();
      return result;
    },
    destroy() {
      const closed = new Error(ENGINE_CLOSED);
      pageGpu.destroy();
      main.destroy(closed);
      extras.destroy(closed);
      volumes.clear();
    },
  };
}

const couldNotReadAgain = (volumeId: string, reason: string) =>
  `The compute worker was replaced, and the volume ${volumeId} could not be read again: ${reason}`;

/** A note of a report. Who shows notes to readers knows this sentence by its beginning. */
function ranAgain({ reason, producer }: Stop): string {
  return `run again in a new worker, because the first one stopped${producer ? ` while ${producer} ran` : ''}: ${reason}`;
}
