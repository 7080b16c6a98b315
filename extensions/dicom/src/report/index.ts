/** Pages of printed reports, as they are put into Encapsulated PDFs. */

export type { Fact, FactLayout } from './fact-list.ts';
export { factRows } from './fact-list.ts';
export type { PageFiller, Placed, Section, Space } from './page-filler.ts';
export { pageFiller } from './page-filler.ts';
export type { PdfFile, PdfProperties } from './pdf-properties.ts';
export { downloadName, setPdfProperties } from './pdf-properties.ts';
export {
  printable,
  readableAge,
  readableDate,
  readableInstant,
  readablePersonName,
  readableSex,
  readableTime,
} from './printable.ts';
export type { PrintedSubject } from './printed-subject.ts';
export { printedSubjectOf } from './printed-subject.ts';
export { commentSection } from './report-comment.ts';
export type { ReportOrigin } from './report-foot.ts';
export type { PagedDocument, ReportFrame } from './report-frame.ts';
export { reportFrame } from './report-frame.ts';
export { factsBlock, joined, short, titleBlock, withUnit } from './report-header.ts';
export { warningsSection } from './report-warnings.ts';
export type { Block, Column, PdfDocument, TextStyle } from './sheet.ts';
export {
  drawLine,
  drawLines,
  drawRule,
  filledLines,
  fillRect,
  HAIRLINE,
  headed,
  heading,
  INK,
  lineHeightMm,
  MUTED,
  oneLine,
  paragraph,
  shrunk,
  stacked,
  textWidthMm,
  wrapped,
} from './sheet.ts';
export { textSection } from './text-section.ts';
