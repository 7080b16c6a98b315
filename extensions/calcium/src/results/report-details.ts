import type { jsPDF } from 'jspdf';
import { readableInstant } from './printable.ts';
import type { CalciumReport } from './report.ts';
import {
  type Block,
  type Column,
  drawFrame,
  drawLine,
  drawLines,
  drawRule,
  fillRect,
  lineHeightMm,
  MUTED,
  oneLine,
  type Rgb,
  type TextStyle,
  textWidthMm,
  wrapped,
} from './sheet.ts';

const HEADING: TextStyle = { sizePt: 8, bold: true, color: MUTED };
const BODY: TextStyle = { sizePt: 8 };
const FINE: TextStyle = { sizePt: 7, color: MUTED };
const STRONG: TextStyle = { sizePt: 8, bold: true };
const FINDING: TextStyle = { sizePt: 11, bold: true };
const WARNING: TextStyle = { sizePt: 8, color: [92, 45, 5] };
const WARNING_PAPER: Rgb = [255, 248, 235];
const WARNING_EDGE: Rgb = [201, 118, 19];
const MOST_CONVENTION_LINES = 10;
const LEAST_COMMENT_MM = 20;
/** Below this total the score varies much between two scans of one patient: reference/calcium.md section 5. */
const NOISY_BELOW = 100;

/** What the reader must know before using the number. Null when there is nothing to say. */
export function warningsBlock(
  doc: jsPDF,
  { warnings }: CalciumReport,
  column: Column,
  mostWarnings: number,
  linesEach: number,
): Block | null {
  if (warnings.length === 0) return null;
  const shown = warnings.length <= mostWarnings ? warnings : warnings.slice(0, mostWarnings - 1);
  const left = warnings.length - shown.length;
  const widthMm = column.widthMm - 10;
  const items = shown.map(warning => wrapped(doc, warning, widthMm, linesEach, WARNING));
  if (left > 0) items.push([`and ${left} more, listed in the viewer`]);
  const padding = 1.8;
  const heightMm = items.flat().length * lineHeightMm(WARNING) + 2 * padding;
  return {
    heightMm,
    draw(top) {
      fillRect(doc, column.leftMm, top, column.widthMm, heightMm, WARNING_PAPER);
      fillRect(doc, column.leftMm, top, 1, heightMm, WARNING_EDGE);
      let y = top + padding;
      for (const lines of items) {
        drawLines(doc, ['•'], column.leftMm + 3.4, y, WARNING);
        drawLines(doc, lines, column.leftMm + 6, y, WARNING);
        y += lines.length * lineHeightMm(WARNING);
      }
    },
  };
}

/** In place of key images where no lesion belongs to a vessel. */
export function nothingFoundBlock(doc: jsPDF, { total }: CalciumReport, column: Column): Block | null {
  if (total.lesions > 0) return null;
  const statement = 'The reader found no lesion in a coronary artery. There are no key images.';
  return {
    heightMm: lineHeightMm(FINDING) + lineHeightMm(BODY),
    draw(top) {
      drawLine(doc, 'No coronary calcium', column, top, FINDING);
      drawLine(doc, statement, column, top + lineHeightMm(FINDING), BODY);
    },
  };
}

/** Room for handwriting in the space that is left. Null where that is too little to write in. */
export function commentBlock(doc: jsPDF, column: Column, heightMm: number): Block | null {
  if (heightMm < LEAST_COMMENT_MM) return null;
  return {
    heightMm,
    draw(top) {
      drawLine(doc, 'Comment', column, top, HEADING);
      drawFrame(doc, column, top + lineHeightMm(HEADING) + 1, heightMm - lineHeightMm(HEADING) - 1);
    },
  };
}

/** How the numbers were made: the convention in two columns, the computation, and the series they belong to. */
export function conventionBlock(doc: jsPDF, report: CalciumReport, column: Column, linesEach: number): Block {
  const { conventionInWords, compute, study, acquisition } = report;
  const gap = 9;
  const half = (column.widthMm - gap) / 2;
  const items = conventionInWords
    .slice(0, MOST_CONVENTION_LINES)
    .map(line => wrapped(doc, line, half, linesEach, BODY));
  const inLeft = Math.ceil(items.length / 2);
  const columns = [items.slice(0, inLeft).flat(), items.slice(inLeft).flat()];
  const listHeight = Math.max(...columns.map(lines => lines.length)) * lineHeightMm(BODY);

  const computed = [`Computed by ${compute.producer} in ${milliseconds(compute.milliseconds)}`, ...compute.notes];
  const fine = [
    ...wrapped(doc, computed.join('; '), column.widthMm, linesEach, FINE),
    ...identifier(doc, 'Series', acquisition.seriesInstanceUid, column),
    ...identifier(doc, 'Study', study.instanceUid, column),
  ];
  const headingHeight = lineHeightMm(HEADING) + 1;
  return {
    heightMm: headingHeight + listHeight + 1.2 + fine.length * lineHeightMm(FINE),
    draw(top) {
      drawLine(doc, 'Convention', column, top, HEADING);
      columns.forEach((lines, index) => {
        drawLines(doc, lines, column.leftMm + index * (half + gap), top + headingHeight, BODY);
      });
      drawLines(doc, fine, column.leftMm, top + headingHeight + listHeight + 1.2, FINE);
    },
  };
}

/** Signature line, intended use, the caution about low scores, and what made this page and when. */
export function footerBlock(doc: jsPDF, report: CalciumReport, column: Column): Block {
  const { software, createdAt, total } = report;
  const caution =
    total.agatston > 0 && total.agatston < NOISY_BELOW
      ? 'Scores below 100 are physically noisy: a repeated scan of the same patient can differ markedly.'
      : '';
  const made = `${software.name} ${software.version}`;
  const signatureMm = 9;
  const cautionMm = caution ? lineHeightMm(BODY) + 0.4 : 0;
  return {
    heightMm: signatureMm + 2 + cautionMm + lineHeightMm(STRONG),
    draw(top) {
      drawSignature(doc, column, top);
      let y = top + signatureMm;
      drawRule(doc, column, y);
      y += 1.6;
      if (caution) drawLine(doc, caution, column, y, BODY);
      y += cautionMm;
      const intended = 'Not for diagnostic use';
      drawLine(doc, intended, column, y, STRONG);
      const used = textWidthMm(doc, intended, STRONG) + 6;
      const rest = { leftMm: column.leftMm + used, widthMm: column.widthMm - used };
      const created = `, created ${readableInstant(createdAt)}`;
      // The date is the part that must survive a long version string.
      const createdMm = textWidthMm(doc, created, FINE);
      const line = oneLine(doc, made, rest.widthMm - createdMm, FINE) + created;
      drawLine(doc, line, rest, y + 0.2, FINE, 'right');
    },
  };
}

function drawSignature(doc: jsPDF, { leftMm, widthMm }: Column, top: number): void {
  const fields = [
    { label: 'Reported by', share: 0.42 },
    { label: 'Signature', share: 0.34 },
    { label: 'Date', share: 0.24 },
  ];
  let x = leftMm;
  for (const { label, share } of fields) {
    const labelMm = textWidthMm(doc, label, FINE) + 2;
    const fieldMm = widthMm * share - (label === 'Date' ? 0 : 5);
    drawLine(doc, label, { leftMm: x, widthMm: labelMm }, top + 1.6, FINE);
    drawRule(doc, { leftMm: x + labelMm, widthMm: fieldMm - labelMm }, top + 4.6);
    x += widthMm * share;
  }
}

function identifier(doc: jsPDF, label: string, uid: string, { widthMm }: Column): string[] {
  return uid ? [oneLine(doc, `${label} ${uid}`, widthMm, FINE)] : [];
}

function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
