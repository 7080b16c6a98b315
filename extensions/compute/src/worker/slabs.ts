import type { EngineRunOptions, Kernel, KernelResult } from '../engine/kernel.ts';
import type { LocalEngine } from '../engine/local-engine.ts';
import type { Request, Slab, SlabRun, WorkerResult } from '../engine/messages.ts';
import { isShared, type VoxelVolume } from '../volume.ts';

/** The worker's side of a computation that several workers share. */

/** Runs a kernel on a slab of a volume, or on a volume that is the slab. */
export async function slabOf<Parameters, Output>(
  engine: LocalEngine,
  kernel: Kernel<Parameters, Output>,
  volumeId: string,
  slab: SlabRun,
  parameters: Parameters,
  options: EngineRunOptions,
): Promise<KernelResult<Output>> {
  const { firstSlice, sliceCount, ofWhole } = slab;
  const own = kernel.slabs?.parametersFor?.(parameters, firstSlice, sliceCount) ?? parameters;
  if (!ofWhole) return engine.run(kernel, volumeId, own, options);
  return engine.runOn(kernel, slabView(engine.volume(volumeId), slab), own, options);
}

/** Voxels of a slab: moved as a copy, or seen by both workers in memory that they share from then on. */
export async function shareSlab(
  engine: LocalEngine,
  { volumeId, slab, how }: Extract<Request, { type: 'share' }>,
): Promise<{ readonly result: WorkerResult; readonly transfer?: ArrayBufferLike[] }> {
  if (how === 'copy' && !isShared(engine.volume(volumeId))) {
    const voxels = slabView(engine.volume(volumeId), slab).voxels.slice();
    return { result: { voxels }, transfer: [voxels.buffer] };
  }
  const volume = engine.volume(volumeId);
  if (!isShared(volume)) await engine.loadVolume(volumeId, () => inSharedMemory(volume));
  return { result: { voxels: slabView(engine.volume(volumeId), slab).voxels } };
}

function slabView({ voxels, dimensions }: VoxelVolume, { firstSlice, sliceCount }: Slab): VoxelVolume {
  const [nx, ny] = dimensions;
  const sliceLength = nx * ny;
  const first = firstSlice * sliceLength;
  return {
    voxels: voxels.subarray(first, first + sliceCount * sliceLength),
    dimensions: [nx, ny, sliceCount],
  };
}

function inSharedMemory({ voxels, dimensions }: VoxelVolume): VoxelVolume {
  const buffer = new SharedArrayBuffer(voxels.byteLength);
  const shared = voxels instanceof Int16Array ? new Int16Array(buffer) : new Float32Array(buffer);
  shared.set(voxels);
  return { voxels: shared, dimensions };
}
