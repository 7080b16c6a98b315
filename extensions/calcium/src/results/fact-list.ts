import type { jsPDF } from 'jspdf';
import {
  type Block,
  type Column,
  drawLines,
  lineHeightMm,
  MUTED,
  oneLine,
  shrunk,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const LABEL: TextStyle = { sizePt: 8, color: MUTED };
const VALUE: TextStyle = { sizePt: 8 };
const ROW_GAP_MM = 0.75;
const SMALLEST_PT = 6.5;

/** The value of an identifying fact may always take two lines: a cut identifier identifies nobody. */
export type Fact = readonly [label: string, value: string, identifies?: true];

/** Label and value per row; facts without a value are left out. Long values are set smaller, then broken, then cut. */
export function factList(
  doc: jsPDF,
  facts: readonly Fact[],
  { leftMm, widthMm }: Column,
  mostLines: number,
  labelWidthMm = 20,
): Block {
  const valueWidth = widthMm - labelWidthMm;
  const known = facts.filter(([, value]) => value.trim() !== '');
  const rows = known.map(([label, raw, identifies]) => {
    const value = raw.trim();
    const lineCount = identifies ? 2 : mostLines;
    // Broken lines do not fill their width, so a text for two lines must be a little shorter than twice the width.
    const style = shrunk(doc, value, valueWidth * (lineCount === 1 ? 1 : 1.8), VALUE, SMALLEST_PT);
    const lines = wrapped(doc, value, valueWidth, lineCount, style);
    const height = Math.max(lineHeightMm(LABEL), lines.length * lineHeightMm(style)) + ROW_GAP_MM;
    return { label, lines, style, height };
  });
  return {
    heightMm: rows.reduce((sum, { height }) => sum + height, 0),
    draw(top) {
      let y = top;
      for (const { label, lines, style, height } of rows) {
        drawLines(doc, [oneLine(doc, label, labelWidthMm, LABEL)], leftMm, y, LABEL);
        drawLines(doc, lines, leftMm + labelWidthMm, y, style);
        y += height;
      }
    },
  };
}
