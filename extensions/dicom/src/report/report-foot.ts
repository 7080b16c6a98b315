import { readableInstant } from './printable.ts';
import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  drawRule,
  lineHeightMm,
  MUTED,
  oneLine,
  type PdfDocument,
  stacked,
  type TextStyle,
  textWidthMm,
} from './sheet.ts';

/** What made a report, and when. */
export interface ReportOrigin {
  readonly software: { readonly name: string; readonly version: string };
  readonly createdAt: Date;
}

const FINE: TextStyle = { sizePt: 7, color: MUTED };
const STRONG: TextStyle = { sizePt: 8, bold: true };
const INTENDED_USE = 'Not for diagnostic use';

/** Foot of the first page: signature line above what every page has. */
export function firstFoot(doc: PdfDocument, origin: ReportOrigin, column: Column, pages: number): Block {
  return stacked([signature(doc, column), pageFoot(doc, origin, column, [1, pages])]);
}

/** Foot of every page: intended use, page, and what made the report and when. */
export function pageFoot(
  doc: PdfDocument,
  { software, createdAt }: ReportOrigin,
  column: Column,
  [page, pages]: readonly [number, number],
): Block {
  return {
    heightMm: 1.6 + lineHeightMm(STRONG),
    draw(top) {
      drawRule(doc, column, top);
      const y = top + 1.6;
      drawLine(doc, INTENDED_USE, column, y, STRONG);
      drawLines(doc, [`Page ${page} of ${pages}`], column.leftMm + column.widthMm / 2, y + 0.2, FINE, 'center');
      const rightMm = column.widthMm / 2 - 14;
      const right = { leftMm: column.leftMm + column.widthMm - rightMm, widthMm: rightMm };
      const created = `, created ${readableInstant(createdAt)}`;
      // The date is the part that must survive a long version string.
      const made = oneLine(
        doc,
        `${software.name} ${software.version}`,
        rightMm - textWidthMm(doc, created, FINE),
        FINE,
      );
      drawLine(doc, made + created, right, y + 0.2, FINE, 'right');
    },
  };
}

function signature(doc: PdfDocument, { leftMm, widthMm }: Column): Block {
  const fields = [
    { label: 'Reported by', share: 0.42 },
    { label: 'Signature', share: 0.34 },
    { label: 'Date', share: 0.24 },
  ];
  return {
    heightMm: 9,
    draw(top) {
      let x = leftMm;
      for (const { label, share } of fields) {
        const labelMm = textWidthMm(doc, label, FINE) + 2;
        const fieldMm = widthMm * share - (label === 'Date' ? 0 : 5);
        drawLine(doc, label, { leftMm: x, widthMm: labelMm }, top + 1.6, FINE);
        drawRule(doc, { leftMm: x + labelMm, widthMm: fieldMm - labelMm }, top + 4.6);
        x += widthMm * share;
      }
    },
  };
}
