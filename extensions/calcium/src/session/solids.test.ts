import { lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import { applyEdits, assignPart, partAt } from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import { EXCLUDED_COLOR } from './label-colors.ts';
import { gridOf, solidsOf } from './solids.ts';

const isCalcium = (x: number, y: number, z: number) =>
  (x < 3 && y === 1 && z < 2) || (x > 5 && y === 1 && z === 0) || (x === 4 && y > 3 && z === 2);
const lesionSet = lesionsOf(
  volumeWith([8, 6, 3], [0.5, 0.5, 3], (x, y, z) => (isCalcium(x, y, z) ? 300 : 0)),
  {
    minimumLesion: { rule: 'pixels', pixels: 1 },
  },
);
const whole = applyEdits(lesionSet, []);
const [first, second, third] = [partAt(whole, 0, 1, 0), partAt(whole, 6, 1, 0), partAt(whole, 4, 4, 2)];
const labeled = applyEdits(lesionSet, [assignPart(whole, first, 'LM'), assignPart(whole, second, 'excluded')]);

test('what has a vessel is shown in its colour, run by run', () => {
  expect(solidsOf(labeled, -1)).toEqual([
    { color: '#facc15', isSelected: false, boxes: Int32Array.of(0, 3, 1, 0, 0, 3, 1, 1) },
  ]);
});

test('what is selected is shown as well', () => {
  expect(solidsOf(labeled, second).map(({ color, isSelected }) => [color, isSelected])).toEqual([
    ['#facc15', false],
    [EXCLUDED_COLOR, true],
  ]);
  expect(solidsOf(labeled, third)[1]?.boxes).toEqual(Int32Array.of(4, 5, 4, 2, 4, 5, 5, 2));
});

test('the grid has the first voxel and the steps of the slices as they lie', () => {
  const slice = (z: number) => ({
    ImagePositionPatient: [-10, -20, z],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.5, 0.25],
  });
  const series = { loaded: { instances: [slice(30), slice(27)] } } as unknown as CtSeries;
  expect(gridOf(series)).toEqual({
    origin: [-10, -20, 30],
    steps: [
      [0.25, 0, 0],
      [0, 0.5, 0],
      [0, 0, -3],
    ],
  });
  expect(gridOf(null)).toBeNull();
});
