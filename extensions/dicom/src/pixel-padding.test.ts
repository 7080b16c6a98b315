import { paddingRange } from './pixel-padding.ts';

test('no padding value is no range, whatever the limit', () => {
  expect(paddingRange({ value: undefined, rangeLimit: 3, isSigned: true })).toBeNull();
  expect(paddingRange({ value: Number.NaN, rangeLimit: 3, isSigned: true })).toBeNull();
});

test('a value alone is a range of one', () => {
  expect(paddingRange({ value: -2000, rangeLimit: undefined, isSigned: true })).toEqual([-2000, -2000]);
  expect(paddingRange({ value: 0, rangeLimit: Number.NaN, isSigned: false })).toEqual([0, 0]);
});

test('a range may be given in either direction', () => {
  expect(paddingRange({ value: 5, rangeLimit: 9, isSigned: false })).toEqual([5, 9]);
  expect(paddingRange({ value: 9, rangeLimit: 5, isSigned: false })).toEqual([5, 9]);
});

test('values have the sign of the pixels, however they were written', () => {
  expect(paddingRange({ value: 63536, rangeLimit: -1024, isSigned: true })).toEqual([-2000, -1024]);
  expect(paddingRange({ value: -2000, rangeLimit: undefined, isSigned: false })).toEqual([63536, 63536]);
  expect(paddingRange({ value: 32767, rangeLimit: 32768, isSigned: true })).toEqual([-32768, 32767]);
});
