/** Results as DICOM objects, and back. */

export type { PlainRecord, PlainResult } from './plain-result.ts';
export type { StoredMap } from './read-maps.ts';
export { readPerfusionMap } from './read-maps.ts';
export type { PerfusionFiles } from './read-objects.ts';
export { readPerfusionObjects } from './read-objects.ts';
export type { StoredPerfusionReport } from './read-report.ts';
export { isPerfusionReport, isReportOf, readPerfusionReport } from './read-report.ts';
export type { StoredPerfusionSegmentation } from './read-segmentation.ts';
export { readPerfusionSegmentation } from './read-segmentation.ts';
export type { PerfusionObjects, PerfusionObjectsOptions } from './result-objects.ts';
export { perfusionResultObjects, storablePerfusionObjects } from './result-objects.ts';
export type { SegmentName } from './write-segmentation.ts';
