import { categoryOf, isVeryHigh } from './index.ts';

describe('categoryOf', () => {
  test.each([
    [0, 'none'],
    [-0, 'none'],
    [1e-9, 'minimal'],
    [Number.MIN_VALUE, 'minimal'],
    [0.667, 'minimal'],
    [10, 'minimal'],
    [10.0001, 'mild'],
    [10.4, 'mild'],
    [10.5, 'mild'],
    [99.9, 'mild'],
    [100, 'mild'],
    [10_000 * 0.1 * 0.1, 'mild'], // 100.00000000000001: 100 but for rounding
    [100.0001, 'moderate'],
    [299.9, 'moderate'],
    [300, 'moderate'],
    [400, 'moderate'],
    [400.0001, 'severe'],
    [400.5, 'severe'],
    [1000, 'severe'],
    [1e6, 'severe'],
  ])('a score of %d is %s', (score, id) => {
    expect(categoryOf(score).id).toBe(id);
  });

  test('names its interval, the same for every score in it', () => {
    expect([0, 5, 50, 250, 500].map(score => categoryOf(score).range)).toEqual([
      '0',
      '(0, 10]',
      '(10, 100]',
      '(100, 400]',
      '> 400',
    ]);
    expect([0, 5, 50, 250, 500].map(score => categoryOf(score).label)).toEqual([
      'No calcium',
      'Minimal',
      'Mild',
      'Moderate',
      'Severe',
    ]);
  });

  test.each([-1e-9, -1, Number.NEGATIVE_INFINITY, Number.NaN])('refuses %d', score => {
    expect(() => categoryOf(score)).toThrow(new RangeError(`An Agatston score cannot be ${score}.`));
  });
});

test.each([
  [0, false],
  [400.5, false],
  [1000, false],
  [100_000 * 0.1 * 0.1, false], // 1000.0000000000001: 1000 but for rounding
  [1000.0001, true],
  [5000, true],
])('a score of %d is flagged as very high: %p', (score, isFlagged) => {
  expect(isVeryHigh(score)).toBe(isFlagged);
});
