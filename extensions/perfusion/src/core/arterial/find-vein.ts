import { type Dimensions, largestComponent } from '../masks/components.ts';
import { quantile, valuesOf } from './quantile.ts';
import type { VoxelStatistics } from './voxel-statistics.ts';

/** The bolus is this much later in a vein than in the artery, at least. */
const LATER_S = 1;
/** Voxels of a vein have this part of the large areas, at least; the others lie at its border. */
const WHOLE_VEIN = 0.8;
/** One voxel in this many is taken to be a large vein at least. */
const LARGE_VEIN = 2000;

/**
 * Voxels of the largest vein, usually the superior sagittal sinus: of the voxels whose first moment is at least 1 s after the
 * artery's, those with at least 80 % of the largest area under the curve (the mean of which excludes one voxel in 2000), and of
 * these the largest component (26 neighbors).
 * @param arterialMoment first moment of the arterial curve over the first pass, in samples
 * @returns indices of voxels; none when nothing is later than the artery
 */
export function findVein(
  { voxels, area, firstMoment, peak }: VoxelStatistics,
  dimensions: Dimensions,
  intervalS: number,
  arterialMoment: number,
): Int32Array {
  const late: number[] = [];
  for (let entry = 0; entry < voxels.length; entry++) {
    const isLater = firstMoment[entry]! >= arterialMoment + LATER_S / intervalS;
    if (isLater && area[entry]! > 0 && peak[entry]! > 0) late.push(entry);
  }
  if (late.length === 0) return new Int32Array();
  const large = quantile(valuesOf(area, late), 1 - 1 / LARGE_VEIN);
  const mask = new Uint8Array(dimensions[0] * dimensions[1] * dimensions[2]);
  for (const entry of late) if (area[entry]! >= WHOLE_VEIN * large) mask[voxels[entry]!] = 1;
  const vein = largestComponent(mask, dimensions, 26);
  return voxels.filter(voxel => vein[voxel] === 1);
}
