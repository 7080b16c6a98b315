import { cacDrsOf } from './index.ts';

describe('cacDrsOf', () => {
  test.each([
    [0, 0, 'CAC-DRS A0'],
    [0.667, 1, 'CAC-DRS A1/N1'],
    [10, 1, 'CAC-DRS A1/N1'],
    [10.5, 2, 'CAC-DRS A1/N2'],
    [99.9, 2, 'CAC-DRS A1/N2'],
    [100, 2, 'CAC-DRS A2/N2'],
    [100 - 1e-13, 2, 'CAC-DRS A2/N2'], // 100 but for rounding
    [299.9, 3, 'CAC-DRS A2/N3'],
    [300, 3, 'CAC-DRS A3/N3'],
    [400.5, 4, 'CAC-DRS A3/N4'],
    [5000, 4, 'CAC-DRS A3/N4'],
  ])('a score of %d in %d vessels is %s', (agatston, vessels, label) => {
    expect(cacDrsOf(agatston, vessels).label).toBe(label);
  });

  test.each([
    [0, 1, /score is 0, but the number of calcified vessels is 1/],
    [12, 0, /score is 12, but the number of calcified vessels is 0/],
    [1, 5, /cannot be 5/],
    [1, 1.5, /cannot be 1\.5/],
    [1, -1, /cannot be -1/],
    [-1, 1, /score cannot be -1/],
    [Number.NaN, 1, /score cannot be NaN/],
    [Number.POSITIVE_INFINITY, 1, /score cannot be Infinity/],
  ])('refuses a score of %d in %d vessels', (agatston, vessels, sentence) => {
    expect(() => cacDrsOf(agatston, vessels)).toThrow(RangeError);
    expect(() => cacDrsOf(agatston, vessels)).toThrow(sentence);
  });
});
