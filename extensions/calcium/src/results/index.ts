/** What leaves the calcium extension: key images, the report, DICOM objects. Pure, for browsers and Node. */

export * from './dicom/index.ts';

export type { KeyImage, KeyImageInput } from './key-image.ts';
export { keyImageOf, keySliceOf } from './key-image.ts';
export type { LabeledSeries } from './labeled-report.ts';
export { reportOf } from './labeled-report.ts';
export type { CalciumReport, ReportOptions } from './report.ts';
export { renderCalciumReport, reportFileName } from './report.ts';
export { CANDIDATE_COLOR, rgbOf, VESSEL_COLORS } from './vessel-colors.ts';
