import type { jsPDF } from 'jspdf';
import type { CalciumReport } from './report.ts';
import type { Section } from './report-pages.ts';
import {
  type Block,
  type Column,
  drawFrame,
  drawLine,
  drawLines,
  fillRect,
  heading,
  inParts,
  lineHeightMm,
  type Rgb,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const BODY: TextStyle = { sizePt: 8 };
const FINDING: TextStyle = { sizePt: 11, bold: true };
const WARNING: TextStyle = { sizePt: 8, color: [92, 45, 5] };
const WARNING_PAPER: Rgb = [255, 248, 235];
const WARNING_EDGE: Rgb = [201, 118, 19];
const WARNING_PADDING_MM = 1.8;
const LEAST_COMMENT_MM = 20;

/** What the reader must know before using the number, every sentence whole. Empty when there is nothing to say. */
export function warningsSection(doc: jsPDF, { warnings }: CalciumReport, column: Column): Section {
  const parts = warnings.flatMap(warning =>
    inParts(wrapped(doc, warning, column.widthMm - 10, WARNING)).map((lines, part) => ({
      lines,
      hasBullet: part === 0,
    })),
  );
  return parts.map(({ lines, hasBullet }, index): Block => {
    const above = index === 0 ? WARNING_PADDING_MM : 0;
    const below = index === parts.length - 1 ? WARNING_PADDING_MM : 0;
    const heightMm = above + lines.length * lineHeightMm(WARNING) + below;
    return {
      heightMm,
      draw(top) {
        fillRect(doc, column.leftMm, top, column.widthMm, heightMm, WARNING_PAPER);
        fillRect(doc, column.leftMm, top, 1, heightMm, WARNING_EDGE);
        if (hasBullet) drawLines(doc, ['•'], column.leftMm + 3.4, top + above, WARNING);
        drawLines(doc, lines, column.leftMm + 6, top + above, WARNING);
      },
    };
  });
}

/** In place of key images where no lesion belongs to a vessel. Empty where one does. */
export function nothingFoundSection(doc: jsPDF, { total }: CalciumReport, column: Column): Section {
  if (total.lesions > 0) return [];
  const statement = 'No lesion is assigned to a coronary artery. There are no key images.';
  return [
    {
      heightMm: lineHeightMm(FINDING) + lineHeightMm(BODY),
      draw(top) {
        drawLine(doc, 'No coronary calcium', column, top, FINDING);
        drawLine(doc, statement, column, top + lineHeightMm(FINDING), BODY);
      },
    },
  ];
}

/** Room for handwriting in the space that is left. Empty where that is too little to write in. */
export function commentSection(doc: jsPDF, column: Column, heightMm: number): Section {
  if (heightMm < LEAST_COMMENT_MM) return [];
  const title = heading(doc, 'Comment', column);
  return [
    {
      heightMm,
      draw(top) {
        title.draw(top);
        drawFrame(doc, column, top + title.heightMm, heightMm - title.heightMm);
      },
    },
  ];
}
