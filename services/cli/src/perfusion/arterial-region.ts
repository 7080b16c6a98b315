import { regionVoxels } from '@voxelwise/perfusion/core';
import { Refusal } from '../refusal.ts';
import { checkRegions, readRegionsFile, regionShape } from '../regions.ts';

const SHAPE = regionShape('MCA', 1);

/** Reads and parses the file of --aif; its entries are checked once the volume is known. */
export function readArterialRegions(path: string): Promise<unknown> {
  return readRegionsFile(path, '--aif', SHAPE);
}

/**
 * Voxels of the regions that a reader drew in an artery: those with their center inside a disc, the rim included.
 * @throws Refusal naming the entry and the field, or where no voxel lies inside.
 */
export function arterialVoxels(
  content: unknown,
  { dimensions, spacingMm: [dx, dy] }: { dimensions: readonly [number, number, number]; spacingMm: readonly number[] },
): number[] {
  const regions = checkRegions(content, dimensions, SHAPE);
  const voxels = new Set<number>();
  for (const {
    centre: [row, column],
    radiusMm,
    slices: [first, last],
  } of regions) {
    const disc = { kind: 'ellipse', centre: [column, row], radii: [radiusMm / dx!, radiusMm / dy!] } as const;
    for (let slice = first; slice <= last; slice++) {
      for (const voxel of regionVoxels(disc, slice, dimensions)) voxels.add(voxel);
    }
  }
  if (voxels.size > 0) return [...voxels].sort((a, b) => a - b);
  throw new Refusal(`No voxel has its center in the regions of --aif; make radiusMm larger than half a pixel.`);
}
