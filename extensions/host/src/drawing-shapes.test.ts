import { ellipseBetween, extentOf, handlesOf, withHandleAt } from './drawing-shapes.ts';

const ellipse = ellipseBetween([10, 40], [30, 20]);

test('an ellipse fills the box between two corners, whichever comes first', () => {
  expect(ellipse).toEqual({ kind: 'ellipse', centre: [20, 30], radii: [10, 10] });
  expect(ellipseBetween([30, 20], [10, 40])).toEqual(ellipse);
});

test('an ellipse is grabbed in its middle and on its sides, a polygon nowhere', () => {
  expect(handlesOf(ellipse)).toEqual([
    [20, 30],
    [10, 30],
    [30, 30],
    [20, 20],
    [20, 40],
  ]);
  expect(handlesOf({ kind: 'polygon', points: [[0, 0]] })).toEqual([]);
});

test('the middle moves it, a side moves alone, also past the other side', () => {
  expect(withHandleAt(ellipse, 0, [5, 6])).toEqual({ ...ellipse, centre: [5, 6] });
  expect(withHandleAt(ellipse, 1, [0, 99])).toEqual({ ...ellipse, centre: [15, 30], radii: [15, 10] });
  expect(withHandleAt(ellipse, 2, [40, 99])).toEqual({ ...ellipse, centre: [25, 30], radii: [15, 10] });
  expect(withHandleAt(ellipse, 3, [99, 0])).toEqual({ ...ellipse, centre: [20, 20], radii: [10, 20] });
  expect(withHandleAt(ellipse, 4, [99, 50])).toEqual({ ...ellipse, centre: [20, 35], radii: [10, 15] });
  expect(withHandleAt(ellipse, 1, [50, 0])).toEqual({ ...ellipse, centre: [40, 30], radii: [10, 10] });
  for (let handle = 0; handle < 5; handle++) {
    expect(withHandleAt(ellipse, handle, handlesOf(ellipse)[handle]!)).toEqual(ellipse);
  }
});

test('extent of every kind of shape', () => {
  expect(extentOf(ellipse)).toEqual([20, 20]);
  expect(extentOf({ kind: 'line', from: [1, 5], to: [4, 2] })).toEqual([3, 3]);
  const points = [
    [1, 1],
    [7, 2],
    [3, 9],
  ] as const;
  expect(extentOf({ kind: 'polygon', points })).toEqual([6, 8]);
  expect(extentOf({ kind: 'stroke', path: points })).toEqual([6, 8]);
});
