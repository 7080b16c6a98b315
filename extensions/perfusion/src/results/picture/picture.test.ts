import { colorOf } from '../color-map/index.ts';
import { noStroke, testResult, testStroke } from '../perfusion-result.test-support.ts';
import { rgbOf, STROKE_COLORS } from '../result-colors.ts';
import { edgeLabels } from './edge-labels.ts';
import { keySliceOf, mapPicture, strokePicture } from './slice-picture.ts';

const PAPER = [255, 255, 255] as const;
const pixelOf = ({ rgba }: { rgba: Uint8ClampedArray }, pixel: number) =>
  Array.from(rgba.subarray(4 * pixel, 4 * pixel + 4));

test('a picture of a map has the color of every value, and of the paper where there is none', () => {
  const result = testResult();
  const picture = mapPicture(result, 'Tmax', 2, PAPER);
  expect([picture.width, picture.height]).toEqual([9, 7]);
  for (let pixel = 0; pixel < 63; pixel++) {
    const value = result.maps.Tmax[126 + pixel]!;
    const color = colorOf(value, [0, 12], 'viridis') ?? PAPER;
    expect(pixelOf(picture, pixel)).toEqual([...color, 255]);
  }
  expect(() => mapPicture(result, 'CBF', 4, PAPER)).toThrow('There is no slice 5; the maps have 4.');
});

test('a picture of the stroke has core over hypoperfusion over CBF in gray', () => {
  const { core, hypoperfused } = testStroke();
  const picture = strokePicture(testResult(), 1, PAPER)!;
  for (let pixel = 0; pixel < 63; pixel++) {
    const [red, green, blue] = pixelOf(picture, pixel);
    const expected = core[63 + pixel]
      ? STROKE_COLORS.core
      : hypoperfused[63 + pixel]
        ? STROKE_COLORS.hypoperfused
        : null;
    if (expected) expect([red, green, blue]).toEqual(rgbOf(expected));
    else expect(red === green && green === blue).toBe(true);
  }
  expect(strokePicture(testResult({ stroke: null }), 1, PAPER)).toBeNull();
});

test('the key slice shows most of core and hypoperfusion, or else is the middle one', () => {
  const hypoperfused = new Uint8Array(252).fill(1, 63, 66).fill(1, 189, 200);
  const core = new Uint8Array(252).fill(1, 0, 9);
  expect(keySliceOf(testResult({ stroke: testStroke({ core, hypoperfused }) }))).toBe(3);
  expect(keySliceOf(testResult({ stroke: noStroke() }))).toBe(2);
  expect(keySliceOf(testResult({ stroke: null }))).toBe(2);
});

test.each([
  [[1, 0, 0, 0, 1, 0], 'R L A P'],
  [[-1, 0, 0, 0, 1, 0], 'L R A P'],
  [[1, 0, 0, 0, 0, -1], 'R L H F'],
  [[0, 1, 0, 0, 0, -1], 'A P H F'],
  [[0.96, 0.2, 0.1, -0.2, 0.9, 0.3], 'R L A P'],
])('edges of an image of orientation %j are %s', (orientation, expected) => {
  const { left, right, top, bottom } = edgeLabels(orientation)!;
  expect([left, right, top, bottom].join(' ')).toBe(expected);
});

test('without an orientation no edge has a name', () => {
  expect(edgeLabels([])).toBeNull();
  expect(edgeLabels([1, 0, 0, 0, 1, Number.NaN])).toBeNull();
});
