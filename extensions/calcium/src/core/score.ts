import { sliceFactor } from './convention.ts';
import type { LesionSet } from './lesions.ts';

/** Scores of a set of lesions. Unrounded; display code rounds. */
export interface Score {
  /** Agatston score, unit 1. */
  readonly agatston: number;
  /** Plain voxel count times voxel volume. */
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
    voxels += lesions.voxels[lesion]!;
    weightedPixels += lesions.weightedPixels[lesion]!;
    lesionSlices += lesions.components[lesion]!;
  }
  return { ...toScore(set, voxels, weightedPixels), lesions: count, lesionSlices };
}

/** Score of one lesion. */
export function scoreLesion(set: LesionSet, lesion: number): Score {
  const { lesions } = set;
  return {
    ...toScore(set, lesions.voxels[lesion]!, lesions.weightedPixels[lesion]!),
    lesions: 1,
    lesionSlices: lesions.components[lesion]!,
  };
}

function toScore({ spacingMm, convention }: LesionSet, voxels: number, weightedPixels: number) {
  const [dx, dy, incrementMm] = spacingMm;
  return {
    agatston: weightedPixels * dx * dy * sliceFactor(convention, incrementMm),
    volumeMm3: voxels * dx * dy * incrementMm,
  };
}
