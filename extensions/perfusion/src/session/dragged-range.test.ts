import { draggedRange } from './dragged-range.ts';

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
