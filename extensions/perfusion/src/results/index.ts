/** What leaves the perfusion extension: pictures, the report, DICOM objects. Pure, for browsers and Node. */

export * from './color-map/index.ts';
export type { RuledNumber } from './convention-in-words.ts';
export {
  conventionInWords,
  isBiasedByDelay,
  methodInWords,
  methodName,
  strokeNumbers,
  strokeRulesInWords,
} from './convention-in-words.ts';
export * from './dicom/index.ts';
export type {
  MapStatistics,
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
export * from './report/index.ts';
export { CURVE_COLORS, rgbOf, STROKE_COLORS } from './result-colors.ts';
