import { parseNumber } from './number-field.tsx';

test.each([
  ['120', 120],
  [' 3.5 ', 3.5],
  ['3,5', 3.5],
  ['.8', 0.8],
  ['5.', 5],
  ['-1', -1],
])('%p is a number', (input, value) => {
  expect(parseNumber(input)).toBe(value);
});

test.each(['', ' ', 'abc', '12a', '1e3', '1.2.3', '1,234.5', '0x10', 'Infinity'])('%p is none', input => {
  expect(parseNumber(input)).toBeNull();
});
