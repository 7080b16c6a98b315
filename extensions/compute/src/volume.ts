/** Voxel values that kernels read: integers as stored by most scanners, or Float32 where rescaling gave fractions. */
export type VoxelArray = Int16Array | Float32Array;

/** A scalar volume. */
export interface VoxelVolume {
  /** x fastest, then y, then z: index = (z * ny + y) * nx + x. */
  readonly voxels: VoxelArray;
  /** Voxel counts [nx, ny, nz]. */
  readonly dimensions: readonly [number, number, number];
}

/** Throws when the array does not hold exactly nx * ny * nz voxels, so that no kernel reads past its end. */
export function assertVolume({ voxels, dimensions }: VoxelVolume): void {
  const [nx, ny, nz] = dimensions;
  const wellFormed = [nx, ny, nz].every(n => Number.isInteger(n) && n > 0);
  if (!wellFormed || voxels.length !== nx * ny * nz) {
    throw new RangeError(`A volume of ${nx} x ${ny} x ${nz} voxels cannot have ${voxels.length} values.`);
  }
}
