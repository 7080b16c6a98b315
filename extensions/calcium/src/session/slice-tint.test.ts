import { lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import { applyEdits, assignPart, partAt } from '../core/index.ts';
import { CANDIDATE_COLOR, rgbOf, VESSEL_COLORS } from '../results/vessel-colors.ts';
import { EXCLUDED_COLOR } from './label-colors.ts';
import { PixelsOnly } from './slice-tint.test-support.ts';
import { tintSlice } from './slice-tint.ts';

const ofBrowser = globalThis.ImageData;
beforeAll(() => Object.assign(globalThis, { ImageData: PixelsOnly }));
afterAll(() => Object.assign(globalThis, { ImageData: ofBrowser }));

describe('tint of a slice', () => {
  // Slice 0 has lesions in its corners, slice 1 has one lesion in the middle.
  const calcium = ['0,0,0', '1,0,0', '5,3,0', '4,3,0', '1,2,1', '2,2,1'];
  const lesionSet = lesionsOf(
    volumeWith([6, 4, 2], [1, 1, 3], (x, y, z) => (calcium.includes(`${x},${y},${z}`) ? 300 : 0)),
  );
  const whole = applyEdits(lesionSet, []);
  const labeled = applyEdits(lesionSet, [
    assignPart(whole, partAt(whole, 5, 3, 0), 'RCA'),
    assignPart(whole, partAt(whole, 1, 2, 1), 'excluded'),
    // The right half of the lesion in the first corner.
    { kind: 'paint', label: 'LAD', voxels: { row: Int32Array.of(0), start: Int32Array.of(1), end: Int32Array.of(6) } },
  ]);
  const [first, last] = [partAt(labeled, 0, 0, 0), partAt(labeled, 5, 3, 0)];

  /** [x, y, red, green, blue, alpha] of the pixels that are tinted. */
  const tinted = (slice: number, selected = -1) => {
    const { width, height, data } = tintSlice(labeled, selected, slice);
    expect([width, height]).toEqual([6, 4]);
    const pixels = Array.from({ length: width * height }, (_, i) => [
      i % width,
      Math.floor(i / width),
      ...data.subarray(i * 4, i * 4 + 4),
    ]);
    return pixels.filter(([, , red, green, blue, alpha]) => red || green || blue || alpha);
  };
  const faint = Math.round(0.55 * 255);
  const strong = Math.round(0.85 * 255);

  test('has candidates in the neutral colour and parts of lesions in that of their vessel, each exactly on its voxels', () => {
    expect(tinted(0)).toEqual([
      [0, 0, ...rgbOf(CANDIDATE_COLOR), faint],
      [1, 0, ...rgbOf(VESSEL_COLORS.LAD), faint],
      [4, 3, ...rgbOf(VESSEL_COLORS.RCA), faint],
      [5, 3, ...rgbOf(VESSEL_COLORS.RCA), faint],
    ]);
  });

  test('is stronger for the selected lesion', () => {
    expect(tinted(0, first).map(pixel => pixel[5])).toEqual([strong, faint, faint, faint]);
    expect(tinted(0, last).map(pixel => pixel[5])).toEqual([faint, faint, strong, strong]);
  });

  test('is that of the slice alone, and what is excluded is grey', () => {
    expect(tinted(1)).toEqual([
      [1, 2, ...rgbOf(EXCLUDED_COLOR), faint],
      [2, 2, ...rgbOf(EXCLUDED_COLOR), faint],
    ]);
  });
});
