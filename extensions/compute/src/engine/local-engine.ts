import { assertVolume, isShared, type VoxelVolume } from '../volume.ts';
import { joinSharedDevice, releaseFromGpu } from '../webgl2/shared-device.ts';
import { type Calibration, createCalibration } from './calibration.ts';
import { type Engine, UnknownVolumeError } from './engine.ts';
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
    const { output, report } = await runKernel(kernel, volume, parameters, options, calibration);
    // The report counts the volume of the run; resident are all of them.
    const peakBytes = (report.peakBytes ?? 0) - volume.voxels.byteLength + residentBytes();
    return { output, report: { ...report, peakBytes } };
  };
  return {
    volume: volumeOf,
    runOn,
    async loadVolume(volumeId, source, { signal } = {}) {
      if (signal?.aborted) throw abortError();
      const volume = source();
      assertVolume(volume);
      assertRoomFor(volume, residentBytes(volumeId));
      forget(volumeId);
      volumes.set(volumeId, volume);
    },
    async unloadVolume(volumeId) {
      forget(volumeId);
    },
    async run(kernel, volumeId, parameters, options = {}) {
      if (options.signal?.aborted) throw abortError();
      return runOn(kernel, volumeOf(volumeId), parameters, options);
    },
    destroy() {
      for (const volumeId of volumes.keys()) forget(volumeId);
      leaveDevice();
    },
  };
}
