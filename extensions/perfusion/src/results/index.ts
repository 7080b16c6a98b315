/** What leaves the perfusion extension: pictures, the report, DICOM objects. Pure, for browsers and Node. */

export * from './color-map/index.ts';
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
