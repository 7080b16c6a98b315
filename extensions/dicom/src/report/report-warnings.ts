import type { Rgb } from '../results/cielab.ts';
import type { Section } from './page-filler.ts';
import {
  type Block,
  type Column,
  drawLines,
  fillRect,
  inParts,
  lineHeightMm,
  type PdfDocument,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const WARNING: TextStyle = { sizePt: 8, color: [92, 45, 5] };
const WARNING_PAPER: Rgb = [255, 248, 235];
const WARNING_EDGE: Rgb = [201, 118, 19];
const WARNING_PADDING_MM = 1.8;

/** What the reader must know before using the number, every sentence whole. Empty when there is nothing to say. */
export function warningsSection(doc: PdfDocument, warnings: readonly string[], column: Column): Section {
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
