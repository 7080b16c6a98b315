import type { VoxelVolume } from '../volume.ts';
import { gpuMemory } from '../webgl2/shared-device.ts';
import type { Kernel, RunMeasurement } from './kernel.ts';

/**
 * Memory of a run, as far as the engine knows it. Counted are, in bytes:
 * - on the processor: the volume that was run (an engine adds the other volumes that it holds), every buffer reachable
 *   from the output, what the producer says it made beside it (`workBytes`), and what the kernel's producers keep in
 *   this thread (`heldBytes`, WebAssembly memory);
 * - on the GPU: textures and buffers of this thread's device, in use, resident or pooled, at their highest.
 * Not counted: code, compiled shaders, objects without buffers, copies that a browser makes on its own account. With
 * several workers it is the sum over workers, as if their peaks came at the same time.
 */
export interface PeakMemory {
  readonly peakBytes: number;
  readonly gpuPeakBytes: number;
}

interface MemoryWatch {
  peak<Parameters, Output>(
    kernel: Kernel<Parameters, Output>,
    volume: VoxelVolume,
    output: Output,
    measurement: RunMeasurement,
  ): PeakMemory;
}

/** Starts counting for a run. */
export function watchMemory(): MemoryWatch {
  gpuMemory()?.startPeak();
  return {
    peak({ producers }, volume, output, { workBytes = 0 }) {
      const gpuPeakBytes = gpuMemory()?.peakBytes ?? 0;
      const heldBytes = Object.values(producers).reduce((sum, producer) => sum + (producer?.heldBytes?.() ?? 0), 0);
      const peakBytes = volume.voxels.byteLength + bufferBytes(output) + workBytes + heldBytes + gpuPeakBytes;
      return { peakBytes, gpuPeakBytes };
    },
  };
}

/** Bytes of all buffers in a value, each counted once. */
export function bufferBytes(value: unknown): number {
  const buffers = new Set<ArrayBufferLike>();
  const seen = new Set<object>();
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (ArrayBuffer.isView(part)) buffers.add(part.buffer);
    else for (const inner of Object.values(part)) collect(inner);
  };
  collect(value);
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
