/** Voxel values that kernels read: integers as stored by most scanners, or Float32 where rescaling gave fractions. */
export type VoxelArray = Int16Array | Float32Array;

/** A scalar volume. Once an engine has it, its voxels do not change: copies of them may lie on the GPU. */
export interface VoxelVolume {
  /** x fastest, then y, then z: index = (z * ny + y) * nx + x. */
  readonly voxels: VoxelArray;
  /** Voxel counts [nx, ny, nz]. */
  readonly dimensions: readonly [number, number, number];
}

/** A volume of integers, as nearly all CT and MR volumes are. */
export type Int16Volume = VoxelVolume & { readonly voxels: Int16Array };

/** True for volumes that integer kernels can read. */
export function isInt16Volume(volume: VoxelVolume): volume is Int16Volume {
  return volume.voxels instanceof Int16Array;
}

/** True where several threads may see the voxels at once. Such memory is not moved to a worker but seen there too. */
export function isShared({ voxels: { buffer } }: VoxelVolume): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

/** Throws when the array does not hold exactly nx * ny * nz voxels, so that no kernel reads past its end. */
export function assertVolume({ voxels, dimensions }: VoxelVolume): void {
  const [nx, ny, nz] = dimensions;
  const wellFormed = [nx, ny, nz].every(n => Number.isInteger(n) && n > 0);
  if (!wellFormed || voxels.length !== nx * ny * nz) {
    throw new RangeError(`A volume of ${nx} x ${ny} x ${nz} voxels cannot have ${voxels.length} values.`);
  }
}
