import { decode } from 'fast-png';
import { colorOf } from '../color-map/index.ts';
import { testResult, testStroke } from '../perfusion-result.test-support.ts';
import { rgbOf, STROKE_COLORS_ON_DARK } from '../result-colors.ts';
import { asciiOf, drawText, LINE_HEIGHT, textLines, textWidth } from './draw-text.ts';
import { GLYPH_HEIGHT, GLYPHS } from './glyphs.ts';
import { type MapPngOptions, mapPng } from './map-png.ts';

const MAP_LEFT = 14;
/** 9 columns of 57 pixels are at least 512. */
const PER_VOXEL = 57;

function pictureOf(options: MapPngOptions = {}, map: Parameters<typeof mapPng>[1] = 'CBF', change = {}) {
  const { width, height, data } = decode(mapPng(testResult(change), map, 2, options));
  return {
    width,
    height,
    at: (x: number, y: number) => Array.from(data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)),
  };
}

/** Whether a line of text in this color begins at one of the rows of a column of pixels. */
function hasText(
  { height, at }: ReturnType<typeof pictureOf>,
  text: string,
  color: readonly [number, number, number],
  left = MAP_LEFT,
): boolean {
  const [columns, rows] = [textWidth(text), GLYPH_HEIGHT];
  const rgba = new Uint8ClampedArray(4 * columns * rows);
  drawText({ width: columns, height: rows, rgba }, text, 0, 0, color);
  const isHere = (top: number) => {
    // The first and the last column may be shared with what stands beside it.
    for (let y = 0; y < rows; y++) {
      for (let x = 1; x < columns - 1; x++) {
        const byte = 4 * (y * columns + x);
        const [red, green, blue] = at(left + x, top + y);
        if (red !== rgba[byte] || green !== rgba[byte + 1] || blue !== rgba[byte + 2]) return false;
      }
    }
    return true;
  };
  for (let top = 0; top + rows <= height; top++) if (isHere(top)) return true;
  return false;
}

test('the map is there, every voxel as large as it is in the patient, from the upper left corner', () => {
  const result = testResult();
  const { at, height } = pictureOf();
  const mapTop = 14 + 2 * LINE_HEIGHT + 10;
  // Voxels of 0.75 x 1.25 mm.
  const rowPx = (PER_VOXEL * 1.25) / 0.75;
  expect(height).toBeGreaterThan(mapTop + 7 * rowPx);
  for (let row = 0; row < 7; row++) {
    for (let column = 0; column < 9; column++) {
      const value = result.maps.CBF[126 + 9 * row + column]!;
      const [x, y] = [MAP_LEFT + (column + 0.5) * PER_VOXEL, mapTop + (row + 0.5) * rowPx];
      expect(at(Math.floor(x), Math.floor(y))).toEqual([...(colorOf(value, [0, 100], 'viridis') ?? [0, 0, 0])]);
    }
  }
});

test('the color bar goes from the highest color at the top to the lowest at the bottom', () => {
  const { at } = pictureOf();
  const mapTop = 14 + 2 * LINE_HEIGHT + 10;
  const left = MAP_LEFT + 9 * PER_VOXEL + 10;
  expect(at(left + 5, mapTop)).toEqual([0xfd, 0xe7, 0x25]);
  expect(at(left + 5, mapTop + 7 * 95 - 1)).toEqual([0x44, 0x01, 0x54]);
});

test('says what it is, in which unit and range, and that it is not for diagnostic use', () => {
  const picture = pictureOf();
  const muted = [176, 182, 192] as const;
  expect(hasText(picture, 'Not for diagnostic use', [255, 196, 87])).toBe(true);
  expect(hasText(picture, 'CBF: cerebral blood flow, mL/100 g/min', [255, 255, 255])).toBe(true);
  expect(hasText(picture, 'Slice 3 of 4', muted)).toBe(true);
  expect(hasText(picture, 'Range 0 to 100 mL/100 g/min, colors Viridis, black: no value', muted)).toBe(true);
  expect(hasText(picture, 'Voxelwise perfusion 9.9.9', muted)).toBe(true);
  expect(hasText(picture, 'Slice 4 of 4', muted)).toBe(false);
});

test('names nobody unless that is asked for', () => {
  const muted = [176, 182, 192] as const;
  const named = pictureOf({ identity: ['Müller, Jörg'], sliceName: 'Image 7' });
  expect(hasText(named, 'Muller, Jorg', muted)).toBe(true);
  expect(hasText(named, 'Image 7', muted)).toBe(true);
  expect(pictureOf({ sliceName: 'Image 7' }).height).toBe(named.height - LINE_HEIGHT);
});

test('has outlines with their volumes and rules where they are asked for', () => {
  const core = new Uint8Array(252);
  core[126 + 9 * 3 + 4] = 1;
  const picture = pictureOf({ hasOutlines: true }, 'Tmax', { stroke: testStroke({ core, hypoperfused: core }) });
  const mapTop = 14 + 2 * LINE_HEIGHT + 10;
  const [left, top] = [MAP_LEFT + 4 * PER_VOXEL, mapTop + 3 * 95];
  const red = rgbOf(STROKE_COLORS_ON_DARK.core);
  expect(picture.at(left, top)).toEqual([...red]);
  expect(picture.at(left + PER_VOXEL - 1, top + 94)).toEqual([...red]);
  expect(picture.at(left + 3, top + 3)).not.toEqual([...red]);
  expect(hasText(picture, 'Hypoperfusion: 0.4 mL (Tmax > 6 s)', rgbOf(STROKE_COLORS_ON_DARK.hypoperfused))).toBe(true);
});

test('has the sides of the patient where the orientation is known', () => {
  const { maps } = testResult();
  // Nothing behind the letters.
  const empty = { ...maps, CBV: new Float32Array(252).fill(Number.NaN) };
  const picture = pictureOf({ orientation: [1, 0, 0, 0, 1, 0] }, 'CBV', { maps: empty });
  const white = [255, 255, 255] as const;
  const mapWidth = 9 * PER_VOXEL;
  expect(hasText(picture, 'R', white, MAP_LEFT + 4)).toBe(true);
  expect(hasText(picture, 'L', white, MAP_LEFT + mapWidth - 4 - textWidth('L'))).toBe(true);
  for (const label of ['A', 'P']) {
    expect(hasText(picture, label, white, MAP_LEFT + Math.round((mapWidth - textWidth(label)) / 2))).toBe(true);
  }
});

test('the same result is the same file', () => {
  expect(mapPng(testResult(), 'MTT', 1)).toEqual(mapPng(testResult(), 'MTT', 1));
});

describe('text', () => {
  test('every character has a picture of its own', () => {
    expect(GLYPHS).toHaveLength(95);
    for (const glyph of GLYPHS) expect(glyph.length % GLYPH_HEIGHT).toBe(0);
    expect(new Set(GLYPHS).size).toBe(95);
    expect(GLYPHS.slice(1).every(glyph => /[1-9a-f]/.test(glyph))).toBe(true);
  });

  test('becomes ASCII', () => {
    expect(asciiOf('  Müller\n Ω²  ')).toBe('Muller ?2');
  });

  test('breaks between words, and cuts words that are wider than the picture', () => {
    const text = 'one two three four five six';
    const lines = textLines(text, 80);
    expect(lines.join(' ')).toBe(text);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(80);
    expect(textWidth(textLines('W'.repeat(100), 80)[0]!)).toBeLessThanOrEqual(80);
  });

  test('outside a picture is left out', () => {
    const rgba = new Uint8ClampedArray(4 * 5 * 5);
    drawText({ width: 5, height: 5, rgba }, 'abc', -4, -6, [255, 255, 255]);
    drawText({ width: 5, height: 5, rgba }, 'abc', 3, 3, [255, 255, 255]);
    expect(rgba).toHaveLength(100);
  });
});
