import { cacDrsOf, categoryOf, isVeryHigh } from '../core/index.ts';
import { formatAgatston, formatRowAgatston, formatRowVolume, formatTotalAgatston, formatVolume } from './format.ts';

describe('displayed scores', () => {
  test.each([
    [0, '0', '0'],
    [0.04, '0.04', '0.04'],
    [0.667, '0.7', '0.7'],
    [9.96, '10.0', '10.0'],
    [10, '10.0', '10'],
    [10.04, '10.04', '10.04'],
    [10.4, '10.4', '10.4'],
    [10.6, '10.6', '11'],
    [99.4, '99.4', '99'],
    [99.7, '99.7', '99.7'],
    [99.97, '99.97', '99.97'],
    [100, '100.0', '100'],
    [100.3, '100.3', '100.3'],
    [299.4, '299.4', '299'],
    [299.9, '299.9', '299.9'],
    [300, '300.0', '300'],
    [400, '400.0', '400'],
    [400.0004, '400.0004', '400.0004'],
    [400.4, '400.4', '400.4'],
    [999.5, '999.5', '1000'],
    [1000.4, '1000.4', '1000.4'],
    [1234.5, '1234.5', '1235'],
    [123456.78, '123456.8', '123457'],
  ])('%p is %p in a table and %p as the total', (score, inTable, asTotal) => {
    expect(formatAgatston(score)).toBe(inTable);
    expect(formatTotalAgatston(score)).toBe(asTotal);
  });

  test('never contradict the category, CAC-DRS and the flag of very high scores', () => {
    const meaningOf = (score: number) => [categoryOf(score).id, cacDrsOf(score, score > 0 ? 1 : 0), isVeryHigh(score)];
    for (const edge of [0, 10, 100, 300, 400, 1000]) {
      for (let exponent = -5; exponent < 1; exponent++) {
        for (const factor of [0.5, 1, 4.9, 5, 9.9]) {
          for (const score of [edge + factor * 10 ** exponent, edge - factor * 10 ** exponent]) {
            if (score < 0) continue;
            const meaning = meaningOf(score);
            expect(meaningOf(Number(formatAgatston(score)))).toEqual(meaning);
            expect(meaningOf(Number(formatTotalAgatston(score)))).toEqual(meaning);
          }
        }
      }
    }
  });

  test('the noise of floating point numbers is not displayed', () => {
    expect(formatAgatston(100.00000000000001)).toBe('100.0');
    expect(formatTotalAgatston(100.00000000000001)).toBe('100');
  });
});

test('volumes have one decimal and no thousands separator', () => {
  expect([0, 0.04, 0.75, 999.96, 1234.56].map(formatVolume)).toEqual(['0', '0.0', '0.8', '1000.0', '1234.6']);
});

test('in the list, what is as large as bone has fewer digits', () => {
  expect([9999.4, 10_000, 425_240.9].map(formatRowAgatston)).toEqual(['9999.4', '10000', '425241']);
  expect([0.75, 9999.9, 10_000, 318_954.2].map(formatRowVolume)).toEqual([
    '0.8 mm³',
    '9999.9 mm³',
    '10.0 cm³',
    '319.0 cm³',
  ]);
});
