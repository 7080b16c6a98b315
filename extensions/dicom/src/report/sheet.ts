import type { Rgb } from '../results/cielab.ts';
import { printable } from './printable.ts';

/** Drawing on a PDF page in millimetres from its upper left corner, in text that always fits. */

/** What is used of a PDF that is being made: jsPDF's document in millimetres. */
export interface PdfDocument {
  setFont(name: string, style: string): unknown;
  setFontSize(sizePt: number): unknown;
  setTextColor(red: number, green: number, blue: number): unknown;
  setDrawColor(red: number, green: number, blue: number): unknown;
  setFillColor(red: number, green: number, blue: number): unknown;
  setLineWidth(mm: number): unknown;
  getTextWidth(text: string): number;
  splitTextToSize(text: string, widthMm: number): string[];
  text(text: string, xMm: number, yMm: number): unknown;
  line(fromXMm: number, fromYMm: number, toXMm: number, toYMm: number): unknown;
  rect(xMm: number, yMm: number, widthMm: number, heightMm: number, style: string): unknown;
}

export const INK: Rgb = [17, 24, 39];
export const MUTED: Rgb = [98, 106, 120];
export const HAIRLINE: Rgb = [209, 213, 219];

export interface TextStyle {
  readonly sizePt: number;
  readonly bold?: boolean;
  readonly color?: Rgb;
}

/** A part of the page that knows its height before it is drawn. */
export interface Block {
  readonly heightMm: number;
  draw(topMm: number): void;
}

/** Blocks one below the other, as one that no page may end in. */
export function stacked(blocks: readonly Block[], gapMm = 0): Block {
  return {
    heightMm: blocks.reduce((sum, { heightMm }) => sum + heightMm, 0) + gapMm * Math.max(0, blocks.length - 1),
    draw(top) {
      let y = top;
      for (const block of blocks) {
        block.draw(y);
        y += block.heightMm + gapMm;
      }
    },
  };
}

/** The column that a block may use. */
export interface Column {
  readonly leftMm: number;
  readonly widthMm: number;
}

const MM_PER_PT = 25.4 / 72;
const LEADING = 1.28;
/** Baseline of Helvetica below the top of a line, in line heights. */
const BASELINE = 0.76;
const ELLIPSIS = '…';
/** jsPDF's table of character widths is rounded; real lines come out up to this much longer. */
const WIDTH_SLACK = 1.012;

export function lineHeightMm({ sizePt }: TextStyle): number {
  return sizePt * MM_PER_PT * LEADING;
}

function use(doc: PdfDocument, { sizePt, bold, color = INK }: TextStyle): void {
  doc.setFont('helvetica', bold ? 'bold' : 'normal');
  doc.setFontSize(sizePt);
  doc.setTextColor(color[0], color[1], color[2]);
}

/** Width in mm of one line of printable text. */
export function textWidthMm(doc: PdfDocument, text: string, style: TextStyle): number {
  use(doc, style);
  return doc.getTextWidth(text) * WIDTH_SLACK;
}

/** The text as one line of at most this width; what does not fit becomes an ellipsis. */
export function oneLine(doc: PdfDocument, raw: string, widthMm: number, style: TextStyle): string {
  const text = printable(raw);
  if (textWidthMm(doc, text, style) <= widthMm) return text;
  const characters = [...text];
  let fits = 0;
  let tooMany = characters.length;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    const width = textWidthMm(doc, characters.slice(0, middle).join('') + ELLIPSIS, style);
    if (width <= widthMm) fits = middle;
    else tooMany = middle;
  }
  return characters.slice(0, fits).join('').trimEnd() + ELLIPSIS;
}

/** The text broken into lines; where only so many are allowed, the last one ends in an ellipsis for what is left over. */
export function wrapped(
  doc: PdfDocument,
  raw: string,
  widthMm: number,
  style: TextStyle,
  mostLines = Number.POSITIVE_INFINITY,
): string[] {
  if (mostLines === 1) return [oneLine(doc, raw, widthMm, style)];
  use(doc, style);
  const lines: string[] = doc.splitTextToSize(printable(raw), widthMm / WIDTH_SLACK);
  if (lines.length <= mostLines) return lines;
  const rest = lines.slice(mostLines - 1).join(' ');
  return [...lines.slice(0, mostLines - 1), oneLine(doc, rest, widthMm, style)];
}

/** Joins parts into lines, so that a line never ends within a part while there are lines left. */
export function filledLines(
  doc: PdfDocument,
  parts: readonly string[],
  widthMm: number,
  style: TextStyle,
  { mostLines = Number.POSITIVE_INFINITY, separator = ', ' } = {},
): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const joined = lines.length > 0 ? `${lines.at(-1)}${separator}${part}` : part;
    const isFull = lines.length >= mostLines;
    if (lines.length > 0 && (isFull || textWidthMm(doc, joined, style) <= widthMm)) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return mostLines === Number.POSITIVE_INFINITY ? lines : lines.map(line => oneLine(doc, line, widthMm, style));
}

/** Lines of one paragraph as one block; of an endless one as several, so that a page may end in it. */
export function paragraph(doc: PdfDocument, raw: string, { leftMm, widthMm }: Column, style: TextStyle): Block[] {
  return inParts(wrapped(doc, raw, widthMm, style)).map(lines => ({
    heightMm: lines.length * lineHeightMm(style),
    draw: top => drawLines(doc, lines, leftMm, top, style),
  }));
}

/** No paragraph that means something is as long as this. */
const MOST_LINES_TOGETHER = 12;

export function inParts(lines: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < lines.length; start += MOST_LINES_TOGETHER) {
    parts.push(lines.slice(start, start + MOST_LINES_TOGETHER));
  }
  return parts;
}

/** The style, made smaller down to the given size until the text fits on one line. */
export function shrunk(doc: PdfDocument, raw: string, widthMm: number, style: TextStyle, leastPt: number): TextStyle {
  const width = textWidthMm(doc, printable(raw), style);
  return width <= widthMm ? style : { ...style, sizePt: Math.max(leastPt, (style.sizePt * widthMm * 0.998) / width) };
}

const HEADING: TextStyle = { sizePt: 8, bold: true, color: MUTED };

export function heading(doc: PdfDocument, text: string, column: Column): Block {
  return { heightMm: lineHeightMm(HEADING) + 0.9, draw: top => drawLine(doc, text, column, top, HEADING) };
}

/** Blocks under a heading, which never is the last line of a page. */
export function headed(doc: PdfDocument, text: string, [first, ...rest]: readonly Block[], column: Column): Block[] {
  return first ? [stacked([heading(doc, text, column), first]), ...rest] : [];
}

/** How much of its width a line starts left of its anchor. */
const SHIFT = { left: 0, center: 0.5, right: 1 } as const;

/** Draws lines, the first one's top at topMm. With align "right", xMm is their right edge. */
export function drawLines(
  doc: PdfDocument,
  lines: readonly string[],
  xMm: number,
  topMm: number,
  style: TextStyle,
  align: 'left' | 'center' | 'right' = 'left',
): void {
  use(doc, style);
  const lineHeight = lineHeightMm(style);
  lines.forEach((line, index) => {
    const leftMm = xMm - textWidthMm(doc, line, style) * SHIFT[align];
    doc.text(line, leftMm, topMm + (index + BASELINE) * lineHeight);
  });
}

/** Draws one line, cut to the width. */
export function drawLine(
  doc: PdfDocument,
  raw: string,
  { leftMm, widthMm }: Column,
  topMm: number,
  style: TextStyle,
  align: 'left' | 'right' = 'left',
): void {
  const xMm = align === 'left' ? leftMm : leftMm + widthMm;
  drawLines(doc, [oneLine(doc, raw, widthMm, style)], xMm, topMm, style, align);
}

export function drawRule(
  doc: PdfDocument,
  { leftMm, widthMm }: Column,
  yMm: number,
  color: Rgb = HAIRLINE,
  mm = 0.2,
): void {
  doc.setDrawColor(color[0], color[1], color[2]);
  doc.setLineWidth(mm);
  doc.line(leftMm, yMm, leftMm + widthMm, yMm);
}

export function drawFrame(doc: PdfDocument, { leftMm, widthMm }: Column, topMm: number, heightMm: number): void {
  doc.setDrawColor(HAIRLINE[0], HAIRLINE[1], HAIRLINE[2]);
  doc.setLineWidth(0.2);
  doc.rect(leftMm, topMm, widthMm, heightMm, 'S');
}

export function fillRect(doc: PdfDocument, x: number, y: number, width: number, height: number, color: Rgb): void {
  doc.setFillColor(color[0], color[1], color[2]);
  doc.rect(x, y, width, height, 'F');
}
