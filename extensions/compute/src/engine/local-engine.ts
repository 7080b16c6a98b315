import { assertVolume, type VoxelVolume } from '../volume.ts';
import { releaseFromGpu } from '../webgl2/shared-device.ts';
import { type Calibration, createCalibration } from './calibration.ts';
import { type Engine, UnknownVolumeError } from './engine.ts';
import { runKernel } from './kernel.ts';

/** Engine in the calling thread: for the command line, for tests, and inside the worker itself. */
export function createLocalEngine({ calibration = createCalibration() }: { calibration?: Calibration } = {}): Engine {
  const volumes = new Map<string, VoxelVolume>();
  const forget = (volumeId: string) => {
    const volume = volumes.get(volumeId);
    if (volume) releaseFromGpu(volume);
    volumes.delete(volumeId);
  };
  return {
    async loadVolume(volumeId, source) {
      const volume = source();
      assertVolume(volume);
      forget(volumeId);
      volumes.set(volumeId, volume);
    },
    async unloadVolume(volumeId) {
      forget(volumeId);
    },
    async run(kernel, volumeId, parameters, options) {
      const volume = volumes.get(volumeId);
      if (!volume) throw new UnknownVolumeError(volumeId);
      return runKernel(kernel, volume, parameters, options, calibration);
    },
    destroy() {
      for (const volumeId of volumes.keys()) forget(volumeId);
    },
  };
}
