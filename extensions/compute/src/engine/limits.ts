import type { VoxelVolume } from '../volume.ts';
import { formatBytes } from '../webgl2/errors.ts';
import type { Kernel } from './kernel.ts';

/** One volume. Voxel indices are 32-bit integers in masks, runs and WebAssembly, and browsers differ past this size. */
export const VOLUME_LIMIT_BYTES = 2 ** 31;
/** All volumes of one engine. A browser ends a tab that holds much more. */
export const RESIDENT_LIMIT_BYTES = 2 ** 32;
/** What one run may take on the processor beside the volumes, where its kernel can tell. The GPU has limits of its own. */
export const RUN_LIMIT_BYTES = 2 ** 31;

/** A volume or a run needs more memory than it may have. Nothing was allocated for it. */
export class TooLargeError extends RangeError {
  override readonly name = 'TooLargeError';
}

/**
 * For whoever is about to make a volume: throws before anything is allocated.
 * @throws TooLargeError
 */
export function assertVolumeSize(dimensions: VoxelVolume['dimensions'], bytesPerVoxel: number): void {
  const [nx, ny, nz] = dimensions;
  const bytes = nx * ny * nz * bytesPerVoxel;
  if (bytes <= VOLUME_LIMIT_BYTES) return;
  throw new TooLargeError(
    `A volume of ${nx} x ${ny} x ${nz} voxels takes ${formatBytes(bytes)}, and the compute engine takes at most ${formatBytes(VOLUME_LIMIT_BYTES)} in one volume. Load fewer slices.`,
  );
}

/** @throws TooLargeError when the volume cannot be held beside those that are loaded */
export function assertRoomFor({ voxels, dimensions }: VoxelVolume, residentBytes: number): void {
  assertVolumeSize(dimensions, voxels.BYTES_PER_ELEMENT);
  if (residentBytes + voxels.byteLength <= RESIDENT_LIMIT_BYTES) return;
  throw new TooLargeError(
    `The volume takes ${formatBytes(voxels.byteLength)} beside ${formatBytes(residentBytes)} of other volumes, and the compute engine holds at most ${formatBytes(RESIDENT_LIMIT_BYTES)}. Close another series first.`,
  );
}

/** @throws TooLargeError when the kernel says that it would need more memory than a run may take */
export function assertRunSize<Parameters>(
  { name, neededBytes }: Pick<Kernel<Parameters, unknown>, 'name' | 'neededBytes'>,
  volume: Pick<VoxelVolume, 'dimensions'> & Partial<VoxelVolume>,
  parameters: Parameters,
): void {
  const bytes = neededBytes?.(volume, parameters) ?? 0;
  if (bytes <= RUN_LIMIT_BYTES) return;
  throw new TooLargeError(
    `${name} would take ${formatBytes(bytes)} of memory beside the volume, and a run may take at most ${formatBytes(RUN_LIMIT_BYTES)}. Compute fewer slices at once, or ask for less.`,
  );
}
