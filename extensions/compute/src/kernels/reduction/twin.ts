import type { VoxelVolume } from '../../volume.ts';

export interface Reduction {
  /** In float64: exact for integers. */
  readonly sum: number;
  readonly maximum: number;
}

/** Of no voxels. */
export const NOTHING: Reduction = { sum: 0, maximum: Number.NEGATIVE_INFINITY };

/**
 * Sum and largest value of all voxels, which must be finite.
 * @param before of voxels that come before these; they are added first
 */
export function reduceVolume({ voxels }: VoxelVolume, before = NOTHING): Reduction {
  let { sum, maximum } = before;
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    const value = voxels[voxel]!;
    sum += value;
    if (value > maximum) maximum = value;
  }
  return { sum, maximum };
}
