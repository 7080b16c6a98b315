/** What leaves the calcium extension: key images and the report. Pure, for browsers and Node. */

export type { KeyImage, KeyImageInput } from './key-image.ts';
export { keyImageOf, keySliceOf } from './key-image.ts';
export type { CalciumReport, ReportOptions } from './report.ts';
export { renderCalciumReport, reportFileName } from './report.ts';
export { CANDIDATE_COLOR, rgbOf, VESSEL_COLORS } from './vessel-colors.ts';
