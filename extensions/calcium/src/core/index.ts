/** Calcium scoring as pure functions: no DOM, no OHIF, no I/O. */

export type { Assignment, Vessel, VoxelRuns } from './assignment.ts';
export { assignLesion, VESSELS, vesselsOfLesions, voxelsOfLesion } from './assignment.ts';
export type { Category } from './category.ts';
export { categoryOf } from './category.ts';
export type { Convention, MinimumLesion } from './convention.ts';
export {
  DEFAULT_CONVENTION,
  describeConvention,
  isLargeEnough,
  STANDARD_WEIGHT_EDGES_HU,
  sliceFactor,
  weightOf,
} from './convention.ts';
export type { GatingAttributes } from './gating.ts';
export { gatingOf } from './gating.ts';
export type { HuVolume } from './hu-volume.ts';
export { excludePadding, NO_VOXEL_HU } from './hu-volume.ts';
export type { ComponentTable, LesionSet, LesionTable } from './lesions.ts';
export { findLesions, lesionAt } from './lesions.ts';
export { isSharpKernel } from './reconstruction-kernel.ts';
export type { DiscRegion } from './region.ts';
export { maskInDisc } from './region.ts';
export type { Score } from './score.ts';
export { scoreLesion, scoreLesions } from './score.ts';
export type { ChosenConvention, ThresholdChoice, VoltageFacts, VoltageThresholds } from './tube-voltage.ts';
export { conventionFor, STANDARD_KVP, thresholdReason, VOLTAGE_TABLE } from './tube-voltage.ts';
export { isotropicSamples, isotropicVoxelMm3, stepsPerGap } from './volume-isotropic.ts';
export type { AcquisitionFacts } from './warnings.ts';
export { LARGE_STRUCTURE_MM3, lesionWarnings, scoringWarnings } from './warnings.ts';
