import type { CtValues } from '@voxelwise/dicom';
import { misreadWords } from './pixel-words.ts';

const UNSIGNED = { bitsAllocated: 16, bitsStored: 12, highBit: 11, isSigned: false } as const;
const SIGNED = { ...UNSIGNED, isSigned: true } as const;
const of = (change: Partial<CtValues>): CtValues => ({
  slope: 1,
  intercept: change.format?.isSigned ? 0 : -1024,
  format: UNSIGNED,
  padding: null,
  paddingHu: null,
  ...change,
});

test.each<[what: string, values: CtValues, hu: number[]]>([
  ['all values of unsigned bits', of({}), [-1024, 0, 3071]],
  ['all values of signed bits', of({ format: SIGNED }), [-2048, 2047]],
  ['a fractional slope', of({ slope: 0.1, intercept: 0.3 }), [...Float32Array.of(0.3, 4095 * 0.1 + 0.3)]],
  ['a negative slope', of({ slope: -1, intercept: 0 }), [0, -4095]],
  ['padding that keeps its word', of({ padding: [63536, 63536], paddingHu: [62512, 62512] }), [40, 62512]],
  ['padding within signed bits', of({ format: SIGNED, padding: [-2000, -2000], paddingHu: [-2000, -2000] }), [-2000]],
])('%s are read as they are meant', (_, values, hu) => {
  expect(misreadWords('image 7', values, hu)).toBeNull();
});

test.each<[what: string, values: CtValues, hu: number[], sentence: RegExp]>([
  [
    'bits in the upper part of the word',
    of({ format: { ...UNSIGNED, highBit: 15 } }),
    [40],
    /up to bit 15 .*of image 7/,
  ],
  ['an overlay above the bits', of({}), [40, 40 + 0x1000], /^image 7 has bits above its 12 stored ones/],
  [
    'padding that does not fit signed bits',
    of({ format: SIGNED, padding: [-3024, -3024], paddingHu: [-3024, -3024] }),
    [1072],
    /^The padding of image 7 does not fit its 12 stored bits/,
  ],
])('%s are not', (_, values, hu, sentence) => {
  expect(misreadWords('image 7', values, hu)).toMatch(sentence);
});
