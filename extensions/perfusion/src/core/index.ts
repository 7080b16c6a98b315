/** Perfusion as pure functions: no DOM, no OHIF, no I/O. */

export type { ArterialInput } from './arterial/arterial-input.ts';
export { arterialInput } from './arterial/arterial-input.ts';
export { aifFromVoxels } from './arterial/chosen-artery.ts';
export { meanImage } from './arterial/frame-means.ts';
export { meanContrast } from './arterial/mean-contrast.ts';
export type { SurveyWarning, SurveyWarningCode } from './arterial/quality.ts';
export { arterialWarnings, venousWarnings } from './arterial/quality.ts';
export type { Survey, SurveyOptions } from './arterial/survey.ts';
export { SurveyError, survey, surveyInSteps } from './arterial/survey.ts';
export type { VesselCurve } from './arterial/vessel-curve.ts';
export { vesselCurve } from './arterial/vessel-curve.ts';
export { detectBaseline, NoBolusError, noiseOf } from './baseline/detect-baseline.ts';
export type { Baseline } from './contrast/contrast-of-curve.ts';
export { contrastOfCurve, LEAST_SIGNAL_RATIO } from './contrast/contrast-of-curve.ts';
export type { ContrastParameters } from './contrast/contrast-of-slice.ts';
export { contrastOfSlice } from './contrast/contrast-of-slice.ts';
export type { Smoothing, SmoothingWeights } from './contrast/smoothing.ts';
export { DEFAULT_SMOOTHING, NO_SMOOTHING, smoothingWeights } from './contrast/smoothing.ts';
export type {
  ArterialSpectrum,
  Deconvolver,
  FrequencyBin,
  LinearMethod,
  LucyRichardsonOptions,
  LucyRichardsonSystem,
  ResidueMatrix,
  TruncationLevel,
} from './deconvolution/index.ts';
export {
  ArterialInputError,
  arterialSpectrum,
  assertArterialInput,
  BACKGROUND,
  baselineVariance,
  circulantOf,
  columnOfBins,
  createDeconvolver,
  defaultMethod,
  defaultOscillationTarget,
  EXTRAPOLATION_FLOOR,
  GROUP_FRAMES,
  groupVariance,
  LEAST_START,
  LEAST_TIME_POINTS,
  lucyRichardson,
  lucyRichardsonSystem,
  noiseLevel,
  oscillationIndex,
  residueMatrix,
  truncationLevels,
} from './deconvolution/index.ts';
export type { DeconvolutionMethod, DeconvolutionMethodName } from './deconvolution-method.ts';
export { DECONVOLUTION_METHODS } from './deconvolution-method.ts';
export type { DynamicSignal, DynamicVolume } from './dynamic-volume.ts';
export { curveAt } from './dynamic-volume.ts';
export type { PerfusionMap, PerfusionMaps, PerfusionValues, TissueConstants } from './maps.ts';
export { ABSOLUTE_CONSTANTS, PERFUSION_MAPS, RELATIVE_CONSTANTS } from './maps.ts';
export type { Dimensions } from './masks/components.ts';
export type { Midline } from './masks/midline.ts';
export { findMidline, isBeyondMidline, mirrorLine } from './masks/midline.ts';
export type { CurveInput, CurveSettings } from './perfusion-values.ts';
export { NO_VALUES, perfusionValues, trapezoidSum } from './perfusion-values.ts';
export type { MapStatistics } from './regions/map-statistics.ts';
export { mapStatistics } from './regions/map-statistics.ts';
export type { MirrorLine, RegionShape } from './regions/region-voxels.ts';
export { mirroredVoxel, mirroredVoxels, regionVoxels } from './regions/region-voxels.ts';
export type { FlowReference } from './stroke/reference-flow.ts';
export { DEFAULT_FLOW_REFERENCE, referenceInWords } from './stroke/reference-flow.ts';
export type { StrokeInput, StrokeThresholds, StrokeVolumes } from './stroke/stroke-volumes.ts';
export { DEFAULT_STROKE_THRESHOLDS, STROKE_METHOD, strokeVolumes, TMAX_STEPS_S } from './stroke/stroke-volumes.ts';
export type { EqualIntervals, MeasuredSeries } from './time/equal-intervals.ts';
export { atEqualIntervals } from './time/equal-intervals.ts';
export { resampleCurve } from './time/resample-curve.ts';
export type { SampleTimes, TimeGrid } from './time/time-grid.ts';
export { timeGridOf } from './time/time-grid.ts';
