/** The printed report. */

export type { PerfusionReport, PerfusionReportOptions } from './report.ts';
export { perfusionReportFileName, renderPerfusionReport } from './report.ts';
export type { PerfusionAcquisition } from './report-acquisition.ts';
export type { PicturedSlice } from './report-of-result.ts';
export { perfusionReportOf } from './report-of-result.ts';
