import type { VoxelVolume } from '../volume.ts';
import { configureSharedDevice, type GpuMemoryLimits, sharedDeviceRefusal } from '../webgl2/shared-device.ts';
import type { VolumeSource } from './engine.ts';
import type { Kernel, KernelResult, RunOptions } from './kernel.ts';
import { createLocalEngine, type LocalEngine } from './local-engine.ts';
import { messageOf } from './message-of.ts';
import { untilAborted } from './run-control.ts';

/** A volume as the page knows it. Another one under the same id is another object. */
export interface KnownVolume {
  readonly source: VolumeSource;
}

/** What came of a run that asked for WebGL2: a result, or why there is none and the workers should do it. */
export type OnPage<Output> = { readonly result: KernelResult<Output> } | { readonly note: string } | null;

interface Options {
  /** Why workers can have no WebGL2, or null. */
  readonly refusalInWorkers: () => Promise<string | null>;
  readonly gpuMemory: GpuMemoryLimits | undefined;
}

/**
 * WebGL2 on the page's own thread, for browsers whose workers have none (docs/decisions/0008): only for runs that ask for it, as
 * the page stands still while it uploads. It reads volumes again from their sources, and keeps them until they are unloaded.
 */
export class PageGpu {
  private readonly options: Options;
  private workersHaveIt = false;
  private refusal: Promise<string | null> | undefined;
  private engine: LocalEngine | undefined;
  private isClosed = false;
  private readonly loaded = new Map<string, KnownVolume>();

  constructor(options: Options) {
    this.options = options;
  }

  /** Whether a run could be the page's affair: WebGL2 is asked for, and workers are not known to have it. */
  mayConcern<Parameters, Output>({ producers }: Kernel<Parameters, Output>, { producer, prefer }: RunOptions): boolean {
    const isAsked = producer === 'webgl2' || (prefer === 'webgl2' && producer === undefined);
    return isAsked && producers.webgl2 !== undefined && typeof document !== 'undefined' && !this.workersHaveIt;
  }

  /**
   * @returns null where it turns out that workers have WebGL2, or the page has not
   * @throws what a forced producer throws; AbortError
   */
  async run<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volumeId: string,
    volume: KnownVolume,
    parameters: Parameters,
    { producer, signal, onProgress }: RunOptions,
  ): Promise<OnPage<Output>> {
    const refusal = await untilAborted(this.refusalInWorkers(), signal);
    this.workersHaveIt = refusal === null;
    if (refusal === null) return null;
    try {
      const engine = this.ownEngine();
      if (!engine) return null;
      await this.load(engine, volumeId, volume);
      const { output, report } = await engine.run(kernel, volumeId, parameters, {
        producer: 'webgl2',
        ...(signal && { signal }),
        ...(onProgress && { onProgress }),
      });
      const note = `computed on the page's own thread, because workers have no WebGL2 here: ${refusal}`;
      return { result: { output, report: { ...report, notes: [...report.notes, note] } } };
    } catch (error) {
      if (producer === 'webgl2' || signal?.aborted) throw error;
      return { note: `webgl2 failed: ${messageOf(error)}` };
    }
  }

  forget(volumeId: string): void {
    if (this.loaded.delete(volumeId)) void this.engine?.unloadVolume(volumeId);
  }

  destroy(): void {
    this.isClosed = true;
    this.engine?.destroy();
    this.engine = undefined;
    this.loaded.clear();
  }

  private refusalInWorkers(): Promise<string | null> {
    this.refusal ??= this.options.refusalInWorkers().catch((error: unknown) => {
      this.refusal = undefined; // the worker stopped; the next one is asked again
      throw error;
    });
    return this.refusal;
  }

  /** Undefined where the page has no WebGL2 either: then no volume is read for nothing. Nor is one after the end. */
  private ownEngine(): LocalEngine | undefined {
    if (this.engine || this.isClosed) return this.engine;
    const { gpuMemory } = this.options;
    if (gpuMemory) configureSharedDevice(gpuMemory);
    if (sharedDeviceRefusal() !== null) return undefined;
    this.engine = createLocalEngine();
    return this.engine;
  }

  private async load(engine: LocalEngine, volumeId: string, volume: KnownVolume): Promise<void> {
    if (this.loaded.get(volumeId) === volume) return;
    await engine.loadVolume(volumeId, (): VoxelVolume => volume.source());
    this.loaded.set(volumeId, volume);
  }
}
