import { assertVolume, isShared, type VoxelVolume } from '../volume.ts';
import { joinSharedDevice, releaseFromGpu } from '../webgl2/shared-device.ts';
import { type Calibration, createCalibration } from './calibration.ts';
import { ENGINE_CLOSED, type Engine, UnknownVolumeError } from './engine.ts';
import type { EngineRunOptions, Kernel, KernelResult } from './kernel.ts';
import { assertRoomFor } from './limits.ts';
import { abortError } from './run-control.ts';
import { runKernel } from './run-kernel.ts';

/** An engine whose volumes can be looked at, as only the thread that holds them can. */
export interface LocalEngine extends Engine {
  /** @throws UnknownVolumeError */
  volume(volumeId: string): VoxelVolume;
  /** Runs on a resident volume or a view of a part of one. */
  runOn<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    part: VoxelVolume,
    parameters: Parameters,
    options: EngineRunOptions,
  ): Promise<KernelResult<Output>>;
}

/**
 * Engine in the calling thread: for the command line, for tests, and inside the worker itself. All engines of a thread share
 * one GPU device, which is closed with the last of them.
 */
export function createLocalEngine({
  calibration = createCalibration(),
}: {
  calibration?: Calibration;
} = {}): LocalEngine {
  const leaveDevice = joinSharedDevice();
  const volumes = new Map<string, VoxelVolume>();
  const underWay = new Set<AbortController>();
  let isClosed = false;
  const assertOpen = () => {
    if (isClosed) throw new Error(ENGINE_CLOSED);
  };
  const forget = (volumeId: string) => {
    const volume = volumes.get(volumeId);
    if (volume) releaseFromGpu(volume);
    volumes.delete(volumeId);
  };
  /** Bytes of all volumes, one perhaps left out. A part of shared memory belongs to whoever holds the whole of it. */
  const residentBytes = (without?: string) =>
    [...volumes].reduce((sum, [id, volume]) => {
      const isOurs = !isShared(volume) || volume.voxels.byteLength === volume.voxels.buffer.byteLength;
      return sum + (id !== without && isOurs ? volume.voxels.byteLength : 0);
    }, 0);
  const volumeOf = (volumeId: string): VoxelVolume => {
    const volume = volumes.get(volumeId);
    if (!volume) throw new UnknownVolumeError(volumeId);
    return volume;
  };
  const runOn: LocalEngine['runOn'] = async (kernel, volume, parameters, options) => {
    assertOpen();
    const run = new AbortController();
    const onAbort = () => run.abort();
    options.signal?.addEventListener('abort', onAbort);
    if (options.signal?.aborted) onAbort();
    underWay.add(run);
    // A device that is closed under a run would be made again by its next step, and nobody would close that one.
    const leaveDeviceAfterRun = joinSharedDevice();
    try {
      const { output, report } = await runKernel(
        kernel,
        volume,
        parameters,
        { ...options, signal: run.signal },
        calibration,
      );
      // The report counts the volume of the run; resident are all of them.
      const peakBytes = (report.peakBytes ?? 0) - volume.voxels.byteLength + residentBytes();
      return { output, report: { ...report, peakBytes } };
    } catch (error) {
      assertOpen();
      throw error;
    } finally {
      leaveDeviceAfterRun();
      underWay.delete(run);
      options.signal?.removeEventListener('abort', onAbort);
    }
  };
  return {
    volume: volumeOf,
    runOn,
    async loadVolume(volumeId, source, { signal } = {}) {
      assertOpen();
      if (signal?.aborted) throw abortError();
      const volume = source();
      assertVolume(volume);
      assertRoomFor(volume, residentBytes(volumeId));
      forget(volumeId);
      volumes.set(volumeId, volume);
    },
    async unloadVolume(volumeId) {
      assertOpen();
      forget(volumeId);
    },
    async run(kernel, volumeId, parameters, options = {}) {
      assertOpen();
      if (options.signal?.aborted) throw abortError();
      return runOn(kernel, volumeOf(volumeId), parameters, options);
    },
    destroy() {
      isClosed = true;
      for (const run of underWay) run.abort();
      for (const volumeId of volumes.keys()) forget(volumeId);
      leaveDevice();
    },
  };
}
