import type { LabeledLesions } from '../core/index.ts';
import { rgbOf } from '../results/vessel-colors.ts';
import { colorOf } from './label-colors.ts';

const OPACITY = 0.55;
const SELECTED_OPACITY = 0.85;

/**
 * One slice's calcium as pixels: candidates in one neutral color, the rest in the color of its vessel or of exclusion.
 * @param slice index of the slice in the volume
 * @param picture painted over; a new one by default
 */
export function tintSlice(
  labeled: LabeledLesions,
  selectedPart: number,
  slice: number,
  picture = new ImageData(labeled.set.dimensions[0], labeled.set.dimensions[1]),
): ImageData {
  const { set, pieces, partOfPiece, parts } = labeled;
  const [width, height] = set.dimensions;
  const pixels = new Uint32Array(picture.data.buffer);
  for (let y = 0; y < height; y++) {
    const row = slice * height + y;
    for (let piece = pieces.rowStart[row]!; piece < pieces.rowStart[row + 1]!; piece++) {
      const part = partOfPiece[piece]!;
      const value = abgr(colorOf(parts.label[part]!), part === selectedPart ? SELECTED_OPACITY : OPACITY);
      pixels.fill(value, y * width + pieces.start[piece]!, y * width + pieces.end[piece]!);
    }
  }
  return picture;
}

/** Color as the little-endian word that ImageData's bytes r, g, b, a make. */
function abgr(color: string, opacity: number): number {
  const [red, green, blue] = rgbOf(color);
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
