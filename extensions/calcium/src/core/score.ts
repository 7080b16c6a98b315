import { sliceFactor } from './convention.ts';
import type { LesionSet } from './lesions.ts';
import { isotropicVoxelMm3 } from './volume-isotropic.ts';

/** Scores of a set of lesions. Unrounded; display code rounds. */
export interface Score {
  /** Agatston score, unit 1. */
  readonly agatston: number;
  /** By the convention's volume method: voxels, or isotropic voxels, times their volume. */
  readonly volumeMm3: number;
  /** Lesions, joined across slices. */
  readonly lesions: number;
  /** 2D components that were scored. */
  readonly lesionSlices: number;
}

/**
 * Score of the lesions for which include is true.
 * Agatston = (increment / 3 mm) * sum over components of area * weight(peak HU in that slice).
 * Pixels are summed as integers before any multiplication, so the scores of parts add up to the score of the whole.
 */
export function scoreLesions(set: LesionSet, include: (lesion: number) => boolean = () => true): Score {
  const { lesions } = set;
  let voxels = 0;
  let weightedPixels = 0;
  let count = 0;
  let lesionSlices = 0;
  for (let lesion = 0; lesion < lesions.count; lesion++) {
    if (!include(lesion)) continue;
    count++;
    voxels += volumeVoxels(set, lesion);
    weightedPixels += lesions.weightedPixels[lesion]!;
    lesionSlices += lesions.components[lesion]!;
  }
  return { ...toScore(set, voxels, weightedPixels), lesions: count, lesionSlices };
}

/** Score of one lesion. */
export function scoreLesion(set: LesionSet, lesion: number): Score {
  const { lesions } = set;
  return {
    ...toScore(set, volumeVoxels(set, lesion), lesions.weightedPixels[lesion]!),
    lesions: 1,
    lesionSlices: lesions.components[lesion]!,
  };
}

/** Agatston score of a sum of pixels times weights: times pixel area and slice factor. */
export function agatstonOf(
  weightedPixels: number,
  { spacingMm: [dx, dy, incrementMm], convention }: Pick<LesionSet, 'spacingMm' | 'convention'>,
): number {
  return weightedPixels * dx * dy * sliceFactor(convention, incrementMm);
}

/** The lesion's count of the voxels that its volume is made of. */
function volumeVoxels({ lesions }: LesionSet, lesion: number): number {
  return (lesions.isotropicVoxels ?? lesions.voxels)[lesion]!;
}

function toScore(set: LesionSet, voxels: number, weightedPixels: number) {
  const { spacingMm, lesions } = set;
  const [dx, dy, incrementMm] = spacingMm;
  const voxelMm3 = lesions.isotropicVoxels ? isotropicVoxelMm3(spacingMm) : dx * dy * incrementMm;
  return {
    agatston: agatstonOf(weightedPixels, set),
    volumeMm3: voxels * voxelMm3,
  };
}
