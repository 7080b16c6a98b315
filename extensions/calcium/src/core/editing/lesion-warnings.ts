import { LARGE_STRUCTURE_MM3, voxelVolumeMm3 } from '../large-structures.ts';
import { VESSELS } from '../vessel.ts';
import type { LabeledLesions } from './labeled-lesions.ts';
import { vesselsOfParts } from './parts-as-lesions.ts';

/**
 * One sentence for every lesion of which vessels have more than coronary calcium measures. What they share counts together: a
 * bone is none the smaller for having been divided.
 */
export function lesionWarnings(labeled: LabeledLesions): string[] {
  const { set, parts } = labeled;
  const vesselOfPart = vesselsOfParts(labeled);
  const voxelsOfLesion = new Map<number, number>();
  for (const [part, vessel] of vesselOfPart.entries()) {
    const lesion = parts.lesion[part]!;
    if (vessel) voxelsOfLesion.set(lesion, (voxelsOfLesion.get(lesion) ?? 0) + parts.voxels[part]!);
  }
  return [...voxelsOfLesion].flatMap(([lesion, voxels]) => {
    const volumeMm3 = voxelVolumeMm3(set.spacingMm, voxels);
    if (volumeMm3 <= LARGE_STRUCTURE_MM3) return [];
    const vessels = VESSELS.filter(vessel =>
      vesselOfPart.some((other, part) => other === vessel && parts.lesion[part] === lesion),
    );
    return `A lesion assigned to ${vessels.join(' and ')} measures ${Math.round(volumeMm3)} mm³, more than coronary calcium does: it is bone, or has merged with other tissue at this threshold.`;
  });
}
