import { encode } from 'fast-png';
import type { jsPDF } from 'jspdf';
import type { KeyImage } from './key-image.ts';
import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  fillRect,
  lineHeightMm,
  MUTED,
  oneLine,
  type TextStyle,
  textWidthMm,
} from './sheet.ts';
import { rgbOf, VESSEL_COLORS } from './vessel-colors.ts';

const VESSEL: TextStyle = { sizePt: 8, bold: true };
const CAPTION: TextStyle = { sizePt: 7, color: MUTED };
const LINES_BELOW = 2;
const CAPTION_BELOW_MM = 1.2 + lineHeightMm(VESSEL) + LINES_BELOW * lineHeightMm(CAPTION);
/** Width of a caption that stands beside its image, with the space between them. */
const CAPTION_BESIDE_MM = 31;
const CAPTION_INDENT_MM = 2.5;
const GAP_MM = 4;
/** A picture of 100 mm of the patient need not be larger than life. */
const LARGEST_SIDE_MM = 100;
/** Captions below their images read best; beside them is for images that become this much larger by it. */
const WORTH_MOVING_CAPTIONS = 1.1;

/** How key images share a space. */
interface Arrangement {
  readonly columns: number;
  readonly rows: number;
  readonly sideMm: number;
  readonly captions: 'below' | 'beside';
}

/** The arrangement with the largest images: one row with captions below, or up to two a row with captions beside. */
export function arrangeKeyImages(count: number, { widthMm }: Pick<Column, 'widthMm'>, heightMm: number): Arrangement {
  const cellMm = (columns: number) => (widthMm - GAP_MM * (columns - 1)) / columns;
  const side = (...limitsMm: number[]) => Math.max(0, Math.min(...limitsMm, LARGEST_SIDE_MM));
  const row = side(cellMm(count), heightMm - CAPTION_BELOW_MM);
  const columns = Math.min(count, 2);
  const rows = Math.ceil(count / columns);
  const grid = side(cellMm(columns) - CAPTION_BESIDE_MM, (heightMm - GAP_MM * (rows - 1)) / rows);
  return grid > row * WORTH_MOVING_CAPTIONS
    ? { columns, rows, sideMm: grid, captions: 'beside' }
    : { columns: count, rows: 1, sideMm: row, captions: 'below' };
}

/** The key images, each with a colour chip, its vessel and its caption. Null when there are none. */
export function keyImagesBlock(
  doc: jsPDF,
  images: readonly KeyImage[],
  column: Column,
  availableMm: number,
): Block | null {
  if (images.length === 0) return null;
  const { columns, rows, sideMm, captions } = arrangeKeyImages(images.length, column, availableMm);
  const cellMm = captions === 'beside' ? (column.widthMm - GAP_MM * (columns - 1)) / columns : sideMm;
  const cellHeightMm = captions === 'beside' ? sideMm : sideMm + CAPTION_BELOW_MM;
  return {
    heightMm: rows * cellHeightMm + (rows - 1) * GAP_MM,
    draw(top) {
      images.forEach((image, index) => {
        const leftMm = column.leftMm + (index % columns) * (cellMm + GAP_MM);
        const topMm = top + Math.floor(index / columns) * (cellHeightMm + GAP_MM);
        doc.addImage(pngOf(image), 'PNG', leftMm, topMm, sideMm, sideMm, `key-image-${index}`, 'MEDIUM');
        if (captions === 'below') {
          drawCaption(doc, image, { leftMm, widthMm: sideMm }, topMm + sideMm + 1.2, LINES_BELOW);
        } else {
          const indent = sideMm + CAPTION_INDENT_MM;
          const lines = Math.floor((sideMm - lineHeightMm(VESSEL)) / lineHeightMm(CAPTION));
          drawCaption(doc, image, { leftMm: leftMm + indent, widthMm: cellMm - indent }, topMm, lines);
        }
      });
    },
  };
}

function drawCaption(
  doc: jsPDF,
  { vessel, caption }: KeyImage,
  { leftMm, widthMm }: Column,
  top: number,
  mostLines: number,
): void {
  const chipMm = 2.4;
  fillRect(doc, leftMm, top + 0.5, chipMm, chipMm, rgbOf(VESSEL_COLORS[vessel]));
  drawLine(doc, vessel, { leftMm: leftMm + chipMm + 1.2, widthMm: widthMm - chipMm - 1.2 }, top, VESSEL);
  drawLines(doc, filledLines(doc, caption, widthMm, mostLines), leftMm, top + lineHeightMm(VESSEL), CAPTION);
}

/** Joins the parts of a caption into lines, so that a line never ends within a part while there are lines left. */
function filledLines(doc: jsPDF, parts: readonly string[], widthMm: number, mostLines: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const joined = lines.length > 0 ? `${lines.at(-1)}, ${part}` : part;
    const isFull = lines.length >= mostLines;
    if (lines.length > 0 && (isFull || textWidthMm(doc, joined, CAPTION) <= widthMm)) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map(line => oneLine(doc, line, widthMm, CAPTION));
}

/** jsPDF compresses what comes as PNG, while it writes raw pixels as they are, at eight times the size. */
function pngOf({ rgba, width, height }: KeyImage): Uint8Array {
  return encode({ data: rgba, width, height, channels: 4 });
}
