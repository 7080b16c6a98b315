import { decimalString } from './decimal-string.ts';

test.each([
  [0, '0'],
  [-0.5, '-0.5'],
  [0.48828125, '0.48828125'],
  [1e21, '1e+21'],
  [1 / 3, '0.33333333333333'],
  [-1 / 3, '-0.3333333333333'],
  [0.1 + 0.2, '0.3'],
  [123456789012345680000, '1.23456789012e20'],
  [Math.PI * 1e-7, '3.14159265359e-7'],
])('%p is %s', (value, text) => {
  expect(decimalString(value)).toBe(text);
});

test('never longer than 16 characters, exact where that suffices, and else as close as it gets', () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  for (let i = 0; i < 5000; i++) {
    const value = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    const text = decimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-9);
    const short = Number(value.toPrecision(6));
    if (String(short).length <= 16) expect(Number(decimalString(short))).toBe(short);
  }
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%p is refused', value => {
  expect(() => decimalString(value)).toThrow(/is not a number that DICOM can hold\.$/);
});
