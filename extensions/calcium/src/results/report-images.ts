import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  filledLines,
  fillRect,
  lineHeightMm,
  MUTED,
  type TextStyle,
} from '@voxelwise/dicom';
import { encode } from 'fast-png';
import type { jsPDF } from 'jspdf';
import type { KeyImage } from './key-image.ts';
import { rgbOf, VESSEL_COLORS } from './vessel-colors.ts';

const VESSEL: TextStyle = { sizePt: 8, bold: true };
const CAPTION: TextStyle = { sizePt: 7, color: MUTED };
const CAPTION_GAP_MM = 1.2;
const MOST_LINES_BELOW = 3;
/** Width of a caption that stands beside its image, with the space between them. */
const CAPTION_BESIDE_MM = 31;
const CAPTION_INDENT_MM = 2.5;
const GAP_MM = 4;
/** A picture of 100 mm of the patient need not be larger than life. */
const LARGEST_SIDE_MM = 100;
/** Smaller ones show nothing that is worth signing. */
const SMALLEST_SIDE_MM = 38;
/** Captions below their images read best; beside them is for images that become this much larger by it. */
const WORTH_MOVING_CAPTIONS = 1.1;
const NEARLY_FULL = 0.8;

/** How key images share a space. */
interface Arrangement {
  readonly columns: number;
  readonly rows: number;
  readonly sideMm: number;
  readonly captions: 'below' | 'beside';
}

/** The arrangement with the largest images: one row with captions below, or up to two a row with captions beside. */
export function arrangeKeyImages(
  count: number,
  { widthMm }: Pick<Column, 'widthMm'>,
  heightMm: number,
  captionBelowMm = captionBelow(2),
): Arrangement {
  const cellMm = (columns: number) => (widthMm - GAP_MM * (columns - 1)) / columns;
  const side = (...limitsMm: number[]) => Math.max(0, Math.min(...limitsMm, LARGEST_SIDE_MM));
  const row = side(cellMm(count), heightMm - captionBelowMm);
  const columns = Math.min(count, 2);
  const rows = Math.ceil(count / columns);
  const grid = side(cellMm(columns) - CAPTION_BESIDE_MM, (heightMm - GAP_MM * (rows - 1)) / rows);
  return grid > row * WORTH_MOVING_CAPTIONS
    ? { columns, rows, sideMm: grid, captions: 'beside' }
    : { columns: count, rows: 1, sideMm: row, captions: 'below' };
}

/** Height that key images need at least, in one row. */
export function leastImagesMm(doc: jsPDF, images: readonly KeyImage[]): number {
  return SMALLEST_SIDE_MM + captionBelow(linesBelow(doc, images));
}

/** The key images as large as the space lets them be, each with a colour chip, its vessel and its caption. */
export function keyImagesBlock(doc: jsPDF, images: readonly KeyImage[], column: Column, availableMm: number): Block {
  const lineCount = linesBelow(doc, images);
  const { columns, rows, sideMm, captions } = arrangeKeyImages(
    images.length,
    column,
    availableMm,
    captionBelow(lineCount),
  );
  const fullCellMm = (column.widthMm - GAP_MM * (columns - 1)) / columns;
  // A row that nearly fills its column reaches from edge to edge.
  const isSpread = captions === 'beside' || sideMm > fullCellMm * NEARLY_FULL;
  const cellMm = captions === 'beside' ? fullCellMm : sideMm;
  const pitchMm = isSpread && columns > 1 ? (column.widthMm - cellMm) / (columns - 1) : cellMm + GAP_MM;
  const cellHeightMm = captions === 'beside' ? sideMm : sideMm + captionBelow(lineCount);
  return {
    heightMm: rows * cellHeightMm + (rows - 1) * GAP_MM,
    draw(top) {
      images.forEach((image, index) => {
        const leftMm = column.leftMm + (index % columns) * pitchMm;
        const topMm = top + Math.floor(index / columns) * (cellHeightMm + GAP_MM);
        doc.addImage(pngOf(image), 'PNG', leftMm, topMm, sideMm, sideMm, `key-image-${index}`, 'MEDIUM');
        if (captions === 'below') {
          drawCaption(doc, image, { leftMm, widthMm: sideMm }, topMm + sideMm + CAPTION_GAP_MM, lineCount);
        } else {
          const indent = sideMm + CAPTION_INDENT_MM;
          const lines = Math.floor((sideMm - lineHeightMm(VESSEL)) / lineHeightMm(CAPTION));
          drawCaption(doc, image, { leftMm: leftMm + indent, widthMm: cellMm - indent }, topMm, lines);
        }
      });
    },
  };
}

function captionBelow(lineCount: number): number {
  return CAPTION_GAP_MM + lineHeightMm(VESSEL) + lineCount * lineHeightMm(CAPTION);
}

/** Lines that the captions need below the smallest images. */
function linesBelow(doc: jsPDF, images: readonly KeyImage[]): number {
  const needed = images.map(
    ({ caption }) => filledLines(doc, caption, SMALLEST_SIDE_MM, CAPTION, { mostLines: MOST_LINES_BELOW }).length,
  );
  return Math.max(...needed);
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
  const lines = filledLines(doc, caption, widthMm, CAPTION, { mostLines });
  drawLines(doc, lines, leftMm, top + lineHeightMm(VESSEL), CAPTION);
}

/** jsPDF compresses what comes as PNG, while it writes raw pixels as they are, at eight times the size. */
function pngOf({ rgba, width, height }: KeyImage): Uint8Array {
  return encode({ data: rgba, width, height, channels: 4 });
}
