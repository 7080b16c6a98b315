import type { MassSource } from './mass.ts';

/** Calcifications of coronary arteries stay well under this; what is larger is nearly always bone, or has merged with it. */
export const LARGE_STRUCTURE_MM3 = 3000;

/** Volume of a lesion's voxels, which is not its volume score where that is interpolated. */
export function voxelVolumeMm3({ spacingMm: [dx, dy, incrementMm], lesions }: MassSource, lesion: number): number {
  return lesions.voxels[lesion]! * dx * dy * incrementMm;
}

/** Whether a lesion is too large for coronary calcium: what is folded away in a list is what is warned of. */
export function isLargeStructure(source: MassSource, lesion: number): boolean {
  return voxelVolumeMm3(source, lesion) > LARGE_STRUCTURE_MM3;
}
