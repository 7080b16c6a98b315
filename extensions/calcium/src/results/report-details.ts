import type { jsPDF } from 'jspdf';
import type { KeyImage } from './key-image.ts';
import { encodePng } from './png.ts';
import { readableInstant } from './printable.ts';
import type { CalciumReport } from './report.ts';
import {
  type Block,
  type Column,
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
import { rgbOf, VESSEL_COLORS } from './vessel-colors.ts';

const HEADING: TextStyle = { sizePt: 8, bold: true, color: MUTED };
const BODY: TextStyle = { sizePt: 8 };
const FINE: TextStyle = { sizePt: 7, color: MUTED };
const STRONG: TextStyle = { sizePt: 8, bold: true };
const WARNING: TextStyle = { sizePt: 8, color: [92, 45, 5] };
const WARNING_PAPER: Rgb = [255, 248, 235];
const WARNING_EDGE: Rgb = [201, 118, 19];
const MOST_WARNINGS = 8;
const MOST_CONVENTION_LINES = 10;
const CAPTION_LINES = 2;
const IMAGE_GAP_MM = 4;
const LARGEST_IMAGE_MM = 72;
const CAPTION_MM = 1.2 + lineHeightMm(STRONG) + CAPTION_LINES * lineHeightMm(FINE);
/** Below this total the score varies much between two scans of one patient: reference/calcium.md section 5. */
const NOISY_BELOW = 100;

/** What the reader must know before using the number. Null when there is nothing to say. */
export function warningsBlock(
  doc: jsPDF,
  { warnings }: CalciumReport,
  column: Column,
  linesEach: number,
): Block | null {
  if (warnings.length === 0) return null;
  const shown = warnings.length <= MOST_WARNINGS ? warnings : warnings.slice(0, MOST_WARNINGS - 1);
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

/** Side in mm of each key image when there is this much height for them. */
export function keyImageSideMm(count: number, { widthMm }: Column, heightMm: number): number {
  return Math.min((widthMm - IMAGE_GAP_MM * (count - 1)) / count, heightMm - CAPTION_MM, LARGEST_IMAGE_MM);
}

/** One row of key images with a colour chip, the vessel and the caption below each. */
export function keyImagesBlock(
  doc: jsPDF,
  images: readonly KeyImage[],
  column: Column,
  availableMm: number,
): Block | null {
  if (images.length === 0) return null;
  const side = keyImageSideMm(images.length, column, availableMm);
  return {
    heightMm: side + CAPTION_MM,
    draw(top) {
      images.forEach((image, index) => {
        const leftMm = column.leftMm + index * (side + IMAGE_GAP_MM);
        doc.addImage(encodePng(image), 'PNG', leftMm, top, side, side, `key-image-${index}`, 'MEDIUM');
        const captionTop = top + side + 1.2;
        fillRect(doc, leftMm, captionTop + 0.5, 2.4, 2.4, rgbOf(VESSEL_COLORS[image.vessel]));
        drawLine(doc, image.vessel, { leftMm: leftMm + 3.6, widthMm: side - 3.6 }, captionTop, STRONG);
        const lines = wrapped(doc, image.caption, side, CAPTION_LINES, FINE);
        drawLines(doc, lines, leftMm, captionTop + lineHeightMm(STRONG), FINE);
      });
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
    oneLine(doc, `Series ${acquisition.seriesInstanceUid || '–'}`, column.widthMm, FINE),
    oneLine(doc, `Study ${study.instanceUid || '–'}`, column.widthMm, FINE),
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
  const { software, compute, createdAt, total } = report;
  const caution =
    total.agatston < NOISY_BELOW
      ? 'Scores below 100 are physically noisy: a repeated scan of the same patient can differ markedly.'
      : '';
  const made = `${software.name} ${software.version}, compute producer ${compute.producer}`;
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

function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
