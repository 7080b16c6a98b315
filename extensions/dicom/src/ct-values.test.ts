import { ctImageOf } from './ct-image.ts';
import { CtImageError, ctValuesOf } from './ct-values.ts';
import type { NaturalDataSet } from './results/natural.ts';

// More of what is refused, over files: services/cli/src/inputs/refused-headers.test.ts.

const CALCIUM = { name: 'calcium', rangeHu: [130, 1500] } as const;

const GOOD = {
  Modality: 'CT',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  InstanceNumber: 7,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 12,
  HighBit: 11,
  PixelRepresentation: 0,
  RescaleSlope: 1,
  RescaleIntercept: -1024,
};
const valuesOf = (change: NaturalDataSet) => ctValuesOf(ctImageOf({ ...GOOD, ...change }), CALCIUM);

describe('a header says what the values are', () => {
  test.each<[what: string, change: NaturalDataSet]>([
    ['with numbers', {}],
    ['with texts', { RescaleSlope: '1', RescaleIntercept: ' -1.024E3', BitsStored: '12', SamplesPerPixel: '1' }],
    ['with lists of one', { RescaleSlope: [1], RescaleIntercept: ['-1024'], BitsAllocated: [16], Modality: ['CT'] }],
    ['with its unit', { RescaleType: 'HU ' }],
    ['with one frame', { NumberOfFrames: '1' }],
    [
      'with attributes that have no value',
      {
        RescaleType: null,
        NumberOfFrames: [],
        ModalityLUTSequence: [],
        LossyImageCompression: '',
        PixelPaddingValue: null,
      },
    ],
    ['with a transfer syntax that loses nothing', { AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.90' }],
    ['with one that nobody knows', { AvailableTransferSyntaxUID: '1.2.3.4' }],
    [
      'with one that may lose something, and has not',
      { AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.91', LossyImageCompression: '00' },
    ],
  ])('%s', (_, change) => {
    expect(valuesOf(change)).toEqual({
      slope: 1,
      intercept: -1024,
      format: { bitsAllocated: 16, bitsStored: 12, highBit: 11, isSigned: false },
      padding: null,
      paddingHu: null,
    });
  });
});

describe('a header is refused', () => {
  test.each<[what: string, change: NaturalDataSet, sentence: RegExp]>([
    ['without a slope', { RescaleSlope: null }, /^RescaleSlope is missing in image 7, so/],
    ['with an intercept without a value', { RescaleIntercept: [] }, /^RescaleIntercept is missing/],
    [
      'with an intercept that is no number',
      { RescaleIntercept: Number.NaN },
      /^RescaleIntercept is not usable \(NaN\)/,
    ],
    ['with two slopes', { RescaleSlope: [1, 2] }, /^RescaleSlope is not usable \(1\\2\)/],
    ['with a slope of 0 as text', { RescaleSlope: '0' }, /^RescaleSlope is not usable \(0\)/],
    ['in another unit', { RescaleType: 'OD' }, /RescaleType OD, so its values are not Hounsfield units/],
    [
      'with a table instead of slope and intercept',
      { ModalityLUTSequence: [{ LUTDescriptor: [4096, 0, 16] }], RescaleSlope: null, RescaleIntercept: null },
      /Modality LUT Sequence/,
    ],
    [
      'of lossy pixels, however they came',
      { LossyImageCompression: '01', AvailableTransferSyntaxUID: '1.2.840.10008.1.2.1' },
      /^image 7 is lossy compressed \(LossyImageCompression 01\)/,
    ],
    [
      'of a lossy transfer syntax, whatever is said of the past',
      { LossyImageCompression: '00', AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.51' },
      /^image 7 is lossy compressed \(transfer syntax 1\.2\.840\.10008\.1\.2\.4\.51, JPEG Extended\)/,
    ],
    [
      'of a transfer syntax that may lose something',
      { AvailableTransferSyntaxUID: '1.2.840.10008.1.2.4.203' },
      /^image 7 may be lossy compressed/,
    ],
    ['of another modality', { Modality: 'MR' }, /^image 7 is not a CT slice \(modality MR, CT Image Storage/],
    ['without a class', { SOPClassUID: undefined }, /\(modality CT, SOP class missing\)/],
    ['of several frames', { NumberOfFrames: 3 }, /^image 7 has 3 frames/],
    ['without bits', { BitsStored: undefined }, /BitsStored missing/],
  ])('%s', (_, change, sentence) => {
    expect(() => valuesOf(change)).toThrow(CtImageError);
    expect(() => valuesOf(change)).toThrow(sentence);
  });
});

describe('padding', () => {
  const signed = { PixelRepresentation: 1, BitsStored: 16, HighBit: 15, RescaleIntercept: 0 };
  const unsigned = { BitsStored: 16, HighBit: 15 };

  test.each([
    ['none', signed, null],
    ['not a number', { ...signed, PixelPaddingValue: 'none' }, null],
    ['a limit without a value', { ...signed, PixelPaddingRangeLimit: -1024 }, null],
    ['signed', { ...signed, PixelPaddingValue: -2000 }, [-2000, -2000]],
    ['signed, given as its 16 bits', { ...signed, PixelPaddingValue: 63536 }, [-2000, -2000]],
    ['unsigned', { ...unsigned, PixelPaddingValue: 63536 }, [62512, 62512]],
    ['unsigned zero', { ...unsigned, PixelPaddingValue: 0 }, [-1024, -1024]],
    ['in a list', { ...signed, PixelPaddingValue: ['-2000'] }, [-2000, -2000]],
    ['a range', { ...signed, PixelPaddingValue: -3000, PixelPaddingRangeLimit: -2000 }, [-3000, -2000]],
    ['a range downwards', { ...signed, PixelPaddingValue: -2000, PixelPaddingRangeLimit: -3000 }, [-3000, -2000]],
    ['a range of 16 bits', { ...signed, PixelPaddingValue: 63536, PixelPaddingRangeLimit: 62536 }, [-3000, -2000]],
    [
      'a negative slope turns the range round',
      { ...signed, RescaleSlope: -2, PixelPaddingValue: 10, PixelPaddingRangeLimit: 20 },
      [-40, -20],
    ],
  ])('in HU: %s', (_, change, expected) => {
    expect(valuesOf(change).paddingHu).toEqual(expected);
  });

  test.each<[number, number, 'is read' | 'covers calcium']>([
    [-2000, -2000, 'is read'],
    [300, 300, 'is read'],
    [131, 229, 'is read'],
    [1401, 3071, 'is read'],
    [-2000, 3000, 'covers calcium'],
    [100, 230, 'covers calcium'],
    [1400, 1500, 'covers calcium'],
  ])('from %d to %d HU %s', (PixelPaddingValue, PixelPaddingRangeLimit, outcome) => {
    const read = () => valuesOf({ ...signed, PixelPaddingValue, PixelPaddingRangeLimit });
    if (outcome === 'is read') expect(read().paddingHu).toEqual([PixelPaddingValue, PixelPaddingRangeLimit]);
    else expect(read).toThrow(/^image 7 declares all values from .* as padding .*, and calcium has such values/);
  });
});
