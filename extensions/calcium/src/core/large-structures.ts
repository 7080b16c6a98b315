import type { MassSource } from './mass.ts';

/** Calcifications of coronary arteries stay well under this; what is larger is nearly always bone, or has merged with it. */
export const LARGE_STRUCTURE_MM3 = 3000;

/** Volume of voxels, which is not the volume score where that is interpolated. */
export function voxelVolumeMm3([dx, dy, incrementMm]: MassSource['spacingMm'], voxels: number): number {
  return voxels * dx * dy * incrementMm;
}

/** Whether a lesion is too large for coronary calcium: what is folded away in a list is what is warned of. */
export function isLargeStructure({ spacingMm, lesions }: MassSource, lesion: number): boolean {
  return voxelVolumeMm3(spacingMm, lesions.voxels[lesion]!) > LARGE_STRUCTURE_MM3;
}
