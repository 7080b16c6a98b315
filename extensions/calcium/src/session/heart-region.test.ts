import type { AreaShape } from '@voxelwise/host';
import type { HeartRegion } from '../core/index.ts';
import { endingAt, shapesOn, withDrawnShape, withoutShape, withShape } from './heart-region.ts';

const drawn = (x: number): AreaShape => ({ kind: 'ellipse', centre: [x, 5], radii: [2, 3] });
const slicesOf = ({ shapes }: HeartRegion) => shapes.map(({ slices }) => slices);
const whole = withDrawnShape(null, drawn(1), 10, 48);

test('the first shape holds for all slices', () => {
  expect(whole).toEqual({ shapes: [{ ...drawn(1), slices: [0, 47] }] });
});

test('drawing again on a slice that has a shape replaces it and keeps its slices', () => {
  const limited = endingAt(whole, 0, 'last', 20);
  expect(withDrawnShape(limited, drawn(9), 3, 48)).toEqual({ shapes: [{ ...drawn(9), slices: [0, 20] }] });
});

test('drawing beside the slices of other shapes fills the slices between them', () => {
  const low = endingAt(whole, 0, 'last', 9);
  const two = withDrawnShape(low, drawn(2), 40, 48);
  expect(slicesOf(two)).toEqual([
    [0, 9],
    [10, 47],
  ]);
  const gap = endingAt(two, 1, 'first', 30);
  const three = withDrawnShape(gap, drawn(3), 15, 48);
  expect(slicesOf(three)).toEqual([
    [0, 9],
    [10, 29],
    [30, 47],
  ]);
  expect(three.shapes[1]).toMatchObject({ centre: [3, 5] });
  expect(shapesOn(three, 29).map(({ index }) => index)).toEqual([1]);
  expect(shapesOn(three, 30).map(({ index }) => index)).toEqual([2]);
});

test('an end beyond the other end takes it along: one slice remains', () => {
  const limited = endingAt(whole, 0, 'last', 20);
  expect(slicesOf(endingAt(limited, 0, 'first', 30))).toEqual([[30, 30]]);
  expect(slicesOf(endingAt(endingAt(whole, 0, 'first', 20), 0, 'last', 5))).toEqual([[5, 5]]);
});

test('a shape ends where another one begins, and drawing replaces all that lies on the slice', () => {
  const two = withDrawnShape(endingAt(whole, 0, 'last', 9), drawn(2), 40, 48);
  expect(slicesOf(endingAt(two, 0, 'last', 20))).toEqual([
    [0, 9],
    [10, 47],
  ]);
  const apart = endingAt(two, 1, 'first', 30);
  expect(slicesOf(endingAt(apart, 1, 'first', 4))).toEqual([
    [0, 9],
    [10, 47],
  ]);
  expect(slicesOf(endingAt(apart, 0, 'last', 40))).toEqual([
    [0, 29],
    [30, 47],
  ]);
  expect(slicesOf(endingAt(apart, 1, 'last', 5))).toEqual([
    [0, 9],
    [10, 10],
  ]);
  const overlapping: HeartRegion = {
    shapes: [
      { ...drawn(1), slices: [0, 20] },
      { ...drawn(2), slices: [10, 30] },
      { ...drawn(3), slices: [31, 47] },
    ],
  };
  expect(withDrawnShape(overlapping, drawn(9), 15, 48)).toEqual({
    shapes: [
      { ...drawn(9), slices: [0, 30] },
      { ...drawn(3), slices: [31, 47] },
    ],
  });
});

test('a region without its last shape is none', () => {
  expect(withoutShape(whole, 0)).toBeNull();
  expect(shapesOn(null, 3)).toEqual([]);
});

test('shapes are kept to 0.01 pixels, drawn or dragged, and are not rounded again', () => {
  const polygon: AreaShape = {
    kind: 'polygon',
    points: [
      [1 / 3, 200.005],
      [-2 / 3, 7],
      [1e-9, 511.999],
    ],
  };
  const drawn = withDrawnShape(null, polygon, 0, 9);
  expect(drawn.shapes[0]).toMatchObject({
    points: [
      [0.33, 200.01],
      [-0.67, 7],
      [0, 512],
    ],
  });
  expect(endingAt(drawn, 0, 'last', 8)).toEqual(drawn);
  const ellipse: AreaShape = { kind: 'ellipse', centre: [10 / 3, 5], radii: [20 / 3, 1.005] };
  const dragged = withShape(drawn, 0, { ...ellipse, slices: [0, 8] });
  expect(dragged.shapes).toEqual([{ kind: 'ellipse', centre: [3.33, 5], radii: [6.67, 1], slices: [0, 8] }]);
});
