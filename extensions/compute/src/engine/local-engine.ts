import { assertVolume, type VoxelVolume } from '../volume.ts';
import { type Engine, UnknownVolumeError } from './engine.ts';
import { runKernel } from './kernel.ts';

/** Engine in the calling thread: for the command line, for tests, and inside the worker itself. */
export function createLocalEngine(): Engine {
  const volumes = new Map<string, VoxelVolume>();
  return {
    async loadVolume(volumeId, source) {
      const volume = source();
      assertVolume(volume);
      volumes.set(volumeId, volume);
    },
    async unloadVolume(volumeId) {
      volumes.delete(volumeId);
    },
    async run(kernel, volumeId, parameters, options) {
      const volume = volumes.get(volumeId);
      if (!volume) throw new UnknownVolumeError(volumeId);
      return runKernel(kernel, volume, parameters, options);
    },
    destroy() {
      volumes.clear();
    },
  };
}
