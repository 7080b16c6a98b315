import type { Rgb } from '@voxelwise/dicom';
import type { Picture } from '../picture/slice-picture.ts';
import { GLYPH_HEIGHT, GLYPHS } from './glyphs.ts';

// Text on pictures without a canvas, the same pixels in every browser and in Node.

/** From the top of a line to the top of the next one. */
export const LINE_HEIGHT = GLYPH_HEIGHT + 2;

/** Printable ASCII: letters without their accents, and a question mark for whatever else there is. */
export function asciiOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
}

const glyphOf = (character: string) => GLYPHS[character.charCodeAt(0) - 32]!;
const columnsOf = (glyph: string) => glyph.length / GLYPH_HEIGHT;

/** Pixels that a line of ASCII is wide. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(glyphOf(character)) - 2;
  return width;
}

/** A line of ASCII in one color; pixels outside the picture are left out. */
export function drawText({ width, height, rgba }: Picture, text: string, left: number, top: number, color: Rgb): void {
  let x = left;
  for (const character of text) {
    const glyph = glyphOf(character);
    const columns = columnsOf(glyph);
    for (let pixel = 0; pixel < glyph.length; pixel++) {
      const opacity = Number.parseInt(glyph[pixel]!, 16) / 15;
      const at = x - 1 + (pixel % columns);
      const row = top + Math.floor(pixel / columns);
      if (opacity === 0 || at < 0 || at >= width || row < 0 || row >= height) continue;
      const byte = 4 * (row * width + at);
      for (let channel = 0; channel < 3; channel++) {
        rgba[byte + channel] = rgba[byte + channel]! * (1 - opacity) + color[channel]! * opacity;
      }
    }
    x += columns - 2;
  }
}

/** Lines of words that are at most so wide; a word that is wider is cut. */
export function textLines(text: string, widthPx: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of asciiOf(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= widthPx) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line) > widthPx && line.length > 1) line = line.slice(0, -1);
  }
  return [...lines, line];
}
