import type { VoxelVolume } from '@voxelwise/compute/twins';

/** A CT volume in Hounsfield units on a regular, axial grid. */
export interface HuVolume extends VoxelVolume {
  /** [column spacing, row spacing, slice increment] in mm; the increment is the distance between slice centres. */
  readonly spacingMm: readonly [number, number, number];
}

/** Value that stands for "no measurement here". Below every threshold that the interface offers. */
export const NO_VOXEL_HU = -32768;

/** In-place: voxels whose value lies in [lowestHu, highestHu] are padding and become NO_VOXEL_HU. */
export function excludePadding(voxels: HuVolume['voxels'], lowestHu: number, highestHu: number): void {
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    const value = voxels[voxel]!;
    if (value >= lowestHu && value <= highestHu) voxels[voxel] = NO_VOXEL_HU;
  }
}
