/** Calcium scoring as pure functions: no DOM, no OHIF, no I/O. */

export type { SliceAcquisition, VolumeFacts } from './acquisition-facts.ts';
export { acquisitionFacts, recorded } from './acquisition-facts.ts';
export { arterialAgeYears } from './arterial-age.ts';
export type { CacDrs } from './cac-drs.ts';
export { cacDrsOf } from './cac-drs.ts';
export type { MeasuredEllipse } from './calibration-rois.ts';
export { calibrationFromRois, ellipseProblem, measureEllipse } from './calibration-rois.ts';
export type { Category } from './category.ts';
export { categoryOf, isVeryHigh } from './category.ts';
export type { Convention, MinimumLesion } from './convention.ts';
export {
  DEFAULT_CONVENTION,
  describeConvention,
  isLargeEnough,
  STANDARD_WEIGHT_EDGES_HU,
  sliceFactor,
  weightOf,
} from './convention.ts';
export { conventionInWords, thresholdsInWords } from './convention-in-words.ts';
export type {
  CutLine,
  Edit,
  FragmentTable,
  Label,
  LabeledLesions,
  PartTable,
  VesselScores,
  Voxel,
} from './editing/index.ts';
export {
  applyEdits,
  assignPart,
  brushStroke,
  cutAlong,
  editsAsPlain,
  editsFromPlain,
  labelEdits,
  lesionWarnings,
  partAt,
  partsAsLesions,
  scoreLabel,
  scoreParts,
  scoreVessels,
  vesselsOfParts,
  voxelOfPart,
  voxelsOfLabel,
  voxelsOfParts,
} from './editing/index.ts';
export type { GatingAttributes } from './gating.ts';
export { gatingOf } from './gating.ts';
export type { HuVolume } from './hu-volume.ts';
export { excludePadding, NO_VOXEL_HU } from './hu-volume.ts';
export type { Interpretation, Total, TotalInterpretation } from './interpretation.ts';
export { BELOW_WEIGHTS_NOTE, interpretScore, interpretTotal, isBelowWeights } from './interpretation.ts';
export { isLargeStructure, LARGE_STRUCTURE_MM3 } from './large-structures.ts';
export { canFindInSlabs, joinLesions } from './lesion-slabs.ts';
export type { ComponentTable, LesionSet, LesionTable } from './lesions.ts';
export { lesionsOfRuns } from './lesions.ts';
export type {
  CalibrationOrigin,
  CalibrationRoi,
  CalibrationRois,
  Mass,
  MassCalibration,
  MassSource,
} from './mass.ts';
export { calendarDay, describeMass, enteredCalibration, measuredCalibration, scoreMass } from './mass.ts';
export type { MesaAssessment, MesaInputs, MesaRace, PartialMesaInputs } from './mesa-risk.ts';
export {
  assessMesaRisk,
  CHOLESTEROL_MG_PER_DL_PER_MMOL_PER_L,
  cholesterolMgPerDl,
  MESA_AGES_YEARS,
  MESA_RACES,
  missingMesaInputs,
} from './mesa-risk.ts';
export type { PaddedVoxels } from './padding.ts';
export { addPadded, CALCIUM, countPadded } from './padding.ts';
export type { PercentilePerson, PercentileResult, ReferenceScore } from './percentile.ts';
export { percentileOf, percentileSource, provenanceOf, racesOf } from './percentile.ts';
export { HOFF_2001 } from './percentile-hoff-2001.ts';
export type { PercentileGroup, PercentileRow, PercentileTable, Sex } from './percentile-table.ts';
export { PERCENTILE_FORMAT, PercentileTableError, parsePercentileTable, SEXES } from './percentile-table.ts';
export type { Person, PersonAssessment } from './person.ts';
export { assessPerson, personWarnings, tableGroupOf } from './person.ts';
export { calibrationFromPlain, conventionFromPlain, regionFromPlain } from './plain-settings.ts';
export { plainList, plainNumber, plainObject } from './plain-values.ts';
export { isSharpKernel } from './reconstruction-kernel.ts';
export type { DiscRegion, HeartRegion, Region, RegionShape } from './region.ts';
export { shiftRegion, spansInRegion } from './region.ts';
export { LOW_SCORE_NOTE, lowScoreNote } from './repeatability.ts';
export { isEqualButForRounding } from './rounding.ts';
export type { Score } from './score.ts';
export { agatstonOf, scoreLesion, scoreLesions } from './score.ts';
export type { SlicedVolume } from './touched-lesions.ts';
export { lesionsOfSlice, touchedLesions } from './touched-lesions.ts';
export type { ChosenConvention, ThresholdChoice, VoltageFacts, VoltageThresholds } from './tube-voltage.ts';
export { conventionFor, STANDARD_KVP, thresholdReason, VOLTAGE_TABLE } from './tube-voltage.ts';
export type { Vessel } from './vessel.ts';
export { VESSELS } from './vessel.ts';
export { isotropicSamples, isotropicVoxelMm3, stepsPerGap } from './volume-isotropic.ts';
export type { VoxelRuns } from './voxel-runs.ts';
export { countVoxels, voxelAsRuns } from './voxel-runs.ts';
export type { AcquisitionFacts } from './warnings.ts';
export { scoringWarnings } from './warnings.ts';
