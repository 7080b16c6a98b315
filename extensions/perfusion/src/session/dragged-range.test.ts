import { createWindowMemory, draggedRange } from './dragged-range.ts';

const WINDOW = { lower: 0, upper: 100 };

test('the range changes by the same parts as the window', () => {
  expect(draggedRange([0, 10], [0, 10], WINDOW, { lower: 10, upper: 110 })).toEqual([1, 11]);
  expect(draggedRange([2, 6], [0, 10], WINDOW, { lower: -5, upper: 105 })).toEqual([1.8, 6.2]);
});

test('a preset is no drag, and a window that stays changes nothing', () => {
  expect(draggedRange([0, 10], [0, 10], WINDOW, { lower: -1000, upper: 400 })).toBeNull();
  expect(draggedRange([0, 10], [0, 10], WINDOW, WINDOW)).toBeNull();
  expect(draggedRange([0, 10], [0, 10], { lower: 5, upper: 5 }, WINDOW)).toBeNull();
});

test('a range never closes', () => {
  const [low, high] = draggedRange([0, 0.3], [0, 10], WINDOW, { lower: 30, upper: 70 })!;
  expect(high - low).toBeCloseTo(0.2, 6);
});

test('windows are compared on one image alone: the next slice, or another series, brings a window of its own', () => {
  const windows = createWindowMemory();
  const [series, other] = [{}, {}];
  const [narrow, wide] = [
    { lower: 0, upper: 100 },
    { lower: 0, upper: 120 },
  ];
  expect(windows.remember('1', { series, slice: 0, window: narrow })).toBeNull();
  expect(windows.remember('1', { series, slice: 0, window: wide })).toBe(narrow); // dragged
  expect(windows.remember('2', { series, slice: 0, window: narrow })).toBeNull(); // another view
  expect(windows.remember('1', { series, slice: 1, window: narrow })).toBeNull(); // scrolled
  expect(windows.remember('1', { series: other, slice: 1, window: wide })).toBeNull();
  expect(windows.remember('1', { series: other, slice: 1, window: narrow })).toBe(wide);
});
