import { arterialAgeYears } from './index.ts';

test.each([
  [0, '39.1'],
  [1, '44.1'],
  [10, '56.5'],
  [100, '72.6'],
  [400, '82.6'],
  [1000, '89.2'],
])('a score of %d is an arterial age of %s', (agatston, years) => {
  expect(arterialAgeYears(agatston).toFixed(1)).toBe(years);
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a score of %d', agatston => {
  expect(() => arterialAgeYears(agatston)).toThrow(RangeError);
});
