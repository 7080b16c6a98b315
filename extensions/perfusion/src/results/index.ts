/** What leaves the perfusion extension: pictures, the report, DICOM objects. Pure, for browsers and Node. */

export * from './color-map/index.ts';
export type { RuledNumber } from './convention-in-words.ts';
export {
  conventionInWords,
  delayWarnings,
  isBiasedByDelay,
  isDeconvolved,
  mapMethodInWords,
  methodInWords,
  methodName,
  strokeNumbers,
  strokeRulesInWords,
} from './convention-in-words.ts';
export * from './dicom/index.ts';
export type {
  PerfusionDisplay,
  PerfusionResult,
  PerfusionSettings,
  RegionStatistics,
  ResultCurve,
  ResultCurves,
  StrokeResult,
  StrokeRules,
  VesselChoice,
} from './perfusion-result.ts';
export type { EdgeLabels } from './picture/edge-labels.ts';
export { edgeLabels } from './picture/edge-labels.ts';
export { keySliceOf } from './picture/slice-picture.ts';
export * from './png/index.ts';
export * from './report/index.ts';
export { CURVE_COLORS, rgbOf, STROKE_COLORS, STROKE_COLORS_ON_DARK } from './result-colors.ts';
export { strokeResultOf } from './stroke-result.ts';
