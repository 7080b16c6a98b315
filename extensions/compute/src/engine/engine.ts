import type { VoxelVolume } from '../volume.ts';
import type { Kernel, KernelResult, RunOptions } from './kernel.ts';

/**
 * Reads a volume for the engine. It is called again when a worker has to be replaced, so it must give the same voxels
 * each time; the array it returns may be moved to the worker and must not be used afterwards.
 */
export type VolumeSource = () => VoxelVolume;

export interface LoadOptions {
  /** Cancels the loading: it is rejected with an AbortError, and nothing is resident under the id afterwards. */
  readonly signal?: AbortSignal;
}

/** Runs kernels on volumes that it keeps resident. */
export interface Engine {
  /**
   * Makes a volume resident under an id; a volume already resident under that id is replaced.
   * @throws TooLargeError when there is no room for it; nothing changes then
   * @throws AbortError when it was cancelled
   */
  loadVolume(volumeId: string, source: VolumeSource, options?: LoadOptions): Promise<void>;
  unloadVolume(volumeId: string): Promise<void>;
  /**
   * @throws UnknownVolumeError, TooLargeError
   * @throws AbortError soon after the run was cancelled
   */
  run<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volumeId: string,
    parameters: Parameters,
    options?: RunOptions,
  ): Promise<KernelResult<Output>>;
  /** Ends the worker and frees every volume. Runs under way are rejected, and so is everything that is asked later. */
  destroy(): void;
}

/** What every call is rejected with after destroy, and every run that was under way. */
export const ENGINE_CLOSED = 'The compute engine was closed.';

/** A run named a volume that is not resident. */
export class UnknownVolumeError extends Error {
  override readonly name = 'UnknownVolumeError';
  readonly volumeId: string;

  constructor(volumeId: string) {
    super(`The volume ${volumeId} is not loaded in the compute engine.`);
    this.volumeId = volumeId;
  }
}
