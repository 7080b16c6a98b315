import { PERFUSION_MAPS, RELATIVE_CONSTANTS } from '../../core/index.ts';
import { colorBarTicks } from './color-bar.ts';
import { COLOR_MAPS, colorBytes } from './color-maps.ts';
import { formatMapValue, MAP_DISPLAYS, unitOf } from './map-display.ts';
import { colorIndex, colorOf, renderMap } from './render-map.ts';

/** From the tables as published: first, middle and last color of each map. */
const PUBLISHED = {
  viridis: ['#440154', '#21918c', '#fde725'],
  plasma: ['#0d0887', '#cc4778', '#f0f921'],
  inferno: ['#000004', '#bc3754', '#fcffa4'],
  magma: ['#000004', '#b73779', '#fcfdbf'],
  cividis: ['#00224e', '#7d7c78', '#fee838'],
  turbo: ['#30123b', '#a4fc3c', '#7a0403'],
} as const;

const hex = (rgb: readonly number[] | null) =>
  rgb && `#${rgb.map(byte => byte.toString(16).padStart(2, '0')).join('')}`;

test.each(Object.entries(PUBLISHED))('%s has its published colors', (name, [first, middle, last]) => {
  const at = (value: number) => hex(colorOf(value, [0, 256], name as keyof typeof PUBLISHED));
  expect([at(0), at(128), at(255)]).toEqual([first, middle, last]);
});

test('every map has 256 colors', () => {
  for (const name of COLOR_MAPS) expect(colorBytes(name)).toHaveLength(768);
});

test('the maps for quantities grow lighter from end to end', () => {
  for (const name of ['viridis', 'plasma', 'inferno', 'magma', 'cividis', 'gray'] as const) {
    const rgb = colorBytes(name);
    const lightness = Array.from(
      { length: 256 },
      (_, color) => 0.2126 * rgb[3 * color]! + 0.7152 * rgb[3 * color + 1]! + 0.0722 * rgb[3 * color + 2]!,
    );
    // Rounding to bytes may hold a step back by less than one.
    for (let color = 1; color < 256; color++) expect(lightness[color]! - lightness[color - 1]!).toBeGreaterThan(-1);
    expect(lightness[255]! - lightness[0]!).toBeGreaterThan(150);
  }
});

test('the rainbow goes from black over blue and green to red', () => {
  const at = (position: number) => hex(colorOf(position, [0, 1], 'rainbow'));
  expect([at(0), at(1)]).toEqual(['#000000', '#ff0000']);
  const [red, green, blue] = colorOf(0.25, [0, 1], 'rainbow')!;
  expect(blue).toBeGreaterThan(250);
  expect(red + green).toBeLessThan(10);
});

test('a range is cut into equal parts, and what lies outside has the color of its end', () => {
  const range = [2, 10] as const;
  expect([-1e9, 1.99, 2, 2.031, 2.032, 5.999, 6, 9.99, 10, 1e9].map(value => colorIndex(value, range))).toEqual([
    0, 0, 0, 0, 1, 127, 128, 255, 255, 255,
  ]);
  expect(colorIndex(Number.NaN, range)).toBe(-1);
  expect(colorOf(Number.NaN, range, 'viridis')).toBeNull();
  expect(colorIndex(Number.POSITIVE_INFINITY, range)).toBe(255);
  expect(colorIndex(Number.NEGATIVE_INFINITY, range)).toBe(0);
});

test('a rendered map has the color of every value, and is transparent where there is none', () => {
  const values = Float32Array.from({ length: 4000 }, (_, index) => (index % 7 === 0 ? Number.NaN : index / 20 - 30));
  values[1] = Number.POSITIVE_INFINITY;
  values[2] = Number.NEGATIVE_INFINITY;
  for (const colorMap of COLOR_MAPS) {
    const expected = [...values].flatMap(value => {
      const rgb = colorOf(value, [0, 100], colorMap);
      return rgb ? [...rgb, 255] : [0, 0, 0, 0];
    });
    const picture = new Uint8ClampedArray(4 * values.length).fill(9);
    renderMap(values, [0, 100], colorMap, picture);
    expect([...picture]).toEqual(expected);

    const unaligned = new Uint8ClampedArray(new ArrayBuffer(4 * values.length + 1), 1);
    renderMap(values, [0, 100], colorMap, unaligned);
    expect(unaligned).toEqual(picture);
  }
});

test('a picture of the wrong size and an empty range are refused', () => {
  expect(() => renderMap([1, 2], [0, 1], 'gray', new Uint8Array(4))).toThrow('has 8 bytes, not 4');
  for (const range of [
    [1, 1],
    [2, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    expect(() => renderMap([1], range, 'gray', new Uint8Array(4))).toThrow('from a lower to a higher value');
  }
});

test('marks of a color bar are round and within the range', () => {
  const labels = (low: number, high: number, most?: number) =>
    colorBarTicks([low, high], most).map(({ label }) => label);
  expect(labels(0, 100)).toEqual(['0', '20', '40', '60', '80', '100']);
  expect(labels(0, 10)).toEqual(['0', '2', '4', '6', '8', '10']);
  expect(labels(0, 12)).toEqual(['0', '2', '4', '6', '8', '10', '12']);
  expect(labels(0, 12, 6)).toEqual(['0', '5', '10']);
  expect(labels(-3, 0.5, 8)).toEqual(['-3.0', '-2.5', '-2.0', '-1.5', '-1.0', '-0.5', '0.0', '0.5']);
  expect(labels(0, 0.013, 3)).toEqual(['0.00', '0.01']);
  for (const { value, position } of colorBarTicks([3, 17])) expect(3 + position * 14).toBeCloseTo(value, 12);
});

test('every map has a name, a unit and the range that readers expect', () => {
  expect(Object.keys(MAP_DISPLAYS).sort()).toEqual([...PERFUSION_MAPS].sort());
  expect(PERFUSION_MAPS.map(map => MAP_DISPLAYS[map].range[1])).toEqual([100, 10, 10, 12, 10]);
  expect(PERFUSION_MAPS.map(map => unitOf(map))).toEqual(['mL/100 g/min', 'mL/100 g', 's', 's', 's']);
  expect(unitOf('CBF', RELATIVE_CONSTANTS)).toBe('mL/100 mL/min');
  expect(formatMapValue('CBF', 23.456)).toBe('23.5');
  expect(formatMapValue('Tmax', Number.NaN)).toBe('no value');
});
