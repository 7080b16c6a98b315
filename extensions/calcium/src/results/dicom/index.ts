/** Calcium results as DICOM objects, and back. */

export type { CalciumObjects, CalciumObjectsOptions, CalciumResult, CalciumScores } from './calcium-seg-sr.ts';
export { writeCalciumObjects } from './calcium-seg-sr.ts';
export type { StoredCalciumReport } from './read-calcium-objects.ts';
export { isCalciumReport, readCalciumReport, readCalciumSegmentation } from './read-calcium-objects.ts';
export type { ResultObjects } from './result-objects.ts';
export { resultOf, writeReportPdf, writeResultObjects } from './result-objects.ts';
export { vesselOfSegment } from './vessel-of-segment.ts';
