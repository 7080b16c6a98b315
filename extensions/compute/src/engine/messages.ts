import type { VoxelArray, VoxelVolume } from '../volume.ts';
import type { GpuMemoryLimits } from '../webgl2/shared-device.ts';
import type { EngineRunOptions, KernelResult, Producer, SlabOutput } from './kernel.ts';

/** Whole slices of a volume. */
export interface Slab {
  readonly firstSlice: number;
  readonly sliceCount: number;
}

/** The options that a worker is told; a signal becomes a cancel message, progress comes back as notices. */
export type WorkerRunOptions = Pick<EngineRunOptions, 'producer' | 'prefer' | 'distrusted'>;

/** From the page to a worker. Each is answered once, with the same id; `cancel` is not answered itself. */
export type Request = { readonly id: number } & (
  | { readonly type: 'load'; readonly volumeId: string; readonly volume: VoxelVolume }
  | { readonly type: 'unload'; readonly volumeId: string }
  /** How much memory the worker's GPU device may take. */
  | { readonly type: 'configure'; readonly gpuMemory: GpuMemoryLimits }
  /** Why the worker can have no WebGL2. */
  | { readonly type: 'refusal' }
  | {
      readonly type: 'run';
      readonly kernel: string;
      readonly volumeId: string;
      readonly parameters: unknown;
      readonly options: WorkerRunOptions;
      readonly slab?: SlabRun;
    }
  /** Merges a slab's output that this worker kept with those of others. */
  | {
      readonly type: 'merge';
      readonly kernel: string;
      readonly kept: string;
      readonly others: readonly SlabOutput<unknown>[];
      readonly dimensions: VoxelVolume['dimensions'];
      readonly parameters: unknown;
    }
  /** The output that was kept is not wanted any more. */
  | { readonly type: 'drop'; readonly kept: string }
  /** Voxels of a slab, for another worker. */
  | { readonly type: 'share'; readonly volumeId: string; readonly slab: Slab; readonly how: 'copy' | 'shared memory' }
  | { readonly type: 'cancel' }
);

/** A run on a slab. Its parameters are those of the whole volume. */
export interface SlabRun extends Slab {
  /** The worker holds the whole volume and takes the slab out of it; otherwise the slab is all that it holds. */
  readonly ofWhole: boolean;
  /** Under this name the worker keeps the output for a merge, and answers without it. */
  readonly keepAs?: string;
}

/** What a worker gives back: of a run, of a merge, or the voxels or the refusal that were asked for. */
export interface WorkerResult extends Partial<KernelResult<unknown>> {
  readonly voxels?: VoxelArray;
  readonly refusal?: string | null;
}

/** Number of the notice by which a worker says that its file is loaded. */
export const READY_ID = 0;

/**
 * From a worker to the page: one notice that it is ready; then for each request any number of notices and the answer.
 * Every message shows that the worker lives.
 */
export type Response = { readonly id: number } & (
  | { readonly notice: 'ready' }
  | { readonly notice: 'begun' }
  | { readonly notice: 'running'; readonly producer: Producer }
  | { readonly notice: 'progress'; readonly fraction: number }
  | { readonly ok: true; readonly result?: WorkerResult }
  | { readonly ok: false; readonly message: string; readonly kind?: FailureKind }
);

/** Failures that callers tell apart by the type of the error. */
export type FailureKind = 'too large' | { readonly unknownVolumeId: string };
