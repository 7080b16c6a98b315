import {
  type Block,
  type Column,
  drawLines,
  inParts,
  lineHeightMm,
  MUTED,
  oneLine,
  type PdfDocument,
  shrunk,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const LABEL: TextStyle = { sizePt: 8, color: MUTED };
const VALUE: TextStyle = { sizePt: 8 };
const ROW_GAP_MM = 0.75;
const SMALLEST_PT = 6.5;

export type Fact = readonly [label: string, value: string];

export interface FactLayout {
  readonly labelWidthMm?: number;
  /** Longer values are set smaller, then cut. */
  readonly mostLines?: number;
}

/** Label and value, one block per row; facts without a value are left out. A page may end after each row. */
export function factRows(
  doc: PdfDocument,
  facts: readonly Fact[],
  { leftMm, widthMm }: Column,
  { labelWidthMm = 20, mostLines }: FactLayout = {},
): Block[] {
  const valueWidth = widthMm - labelWidthMm;
  return facts.flatMap(([label, raw]) => {
    const value = raw.trim();
    if (value === '') return [];
    // Broken lines do not fill their width, so a text for two lines must be a little shorter than twice the width.
    const style =
      mostLines === undefined ? VALUE : shrunk(doc, value, valueWidth * (0.1 + 0.9 * mostLines), VALUE, SMALLEST_PT);
    const parts = inParts(wrapped(doc, value, valueWidth, style, mostLines));
    return parts.map((lines, part): Block => {
      const isLast = part === parts.length - 1;
      return {
        heightMm: Math.max(lineHeightMm(LABEL), lines.length * lineHeightMm(style)) + (isLast ? ROW_GAP_MM : 0),
        draw(top) {
          if (part === 0) drawLines(doc, [oneLine(doc, label, labelWidthMm, LABEL)], leftMm, top, LABEL);
          drawLines(doc, lines, leftMm + labelWidthMm, top, style);
        },
      };
    });
  });
}
