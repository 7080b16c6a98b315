/** Calcium scoring as pure functions: no DOM, no OHIF, no I/O. */

export type { Assignment, Vessel, VoxelRuns } from './assignment.ts';
export { assignLesion, VESSELS, vesselsOfLesions, voxelsOfLesion } from './assignment.ts';
export type { Category } from './category.ts';
export { categoryOf } from './category.ts';
export type { Convention, MinimumLesion } from './convention.ts';
export { DEFAULT_CONVENTION, describeConvention, isLargeEnough, sliceFactor, weightOf } from './convention.ts';
export type { HuVolume } from './hu-volume.ts';
export { excludePadding, NO_VOXEL_HU } from './hu-volume.ts';
export type { ComponentTable, LesionSet, LesionTable } from './lesions.ts';
export { findLesions, lesionAt } from './lesions.ts';
export type { DiscRegion } from './region.ts';
export { maskInDisc } from './region.ts';
export type { Score } from './score.ts';
export { scoreLesion, scoreLesions } from './score.ts';
export type { AcquisitionFacts } from './warnings.ts';
export { LARGE_STRUCTURE_MM3, lesionWarnings, scoringWarnings } from './warnings.ts';
