import { type Dimensions, withoutSmallComponents } from '../masks/components.ts';

/**
 * A mask without islands and holes below a size: noise that falls on the wrong side of a threshold. Islands are components of 26
 * neighbors; holes are components of 6 neighbors of everything that is not in the mask, and only their tissue is filled.
 */
export function cleanedMask(
  mask: Uint8Array,
  tissue: Uint8Array,
  dimensions: Dimensions,
  leastVoxels: number,
): Uint8Array {
  if (leastVoxels <= 1) return mask;
  const cleaned = withoutSmallComponents(mask, dimensions, 26, leastVoxels);
  const background = new Uint8Array(mask.length);
  for (let voxel = 0; voxel < mask.length; voxel++) background[voxel] = 1 - cleaned[voxel]!;
  const outside = withoutSmallComponents(background, dimensions, 6, leastVoxels);
  for (let voxel = 0; voxel < mask.length; voxel++) {
    if (outside[voxel] === 0 && tissue[voxel] === 1) cleaned[voxel] = 1;
  }
  return cleaned;
}
