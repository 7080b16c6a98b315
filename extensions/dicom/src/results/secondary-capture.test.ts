import {
  dciodvfyErrors,
  hasDciodvfy,
  hasDcmconv,
  hasPythonReferees,
  rewritten,
  runReferee,
  temporaryFiles,
} from '../../../../e2e/referees/referees.ts';
import type { DataSet } from './data-set.ts';
import { bytesOf, itemsOf, numberOf, numbersOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { TEST_SOFTWARE, testSource } from './results.test-support.ts';
import {
  type Picture,
  readSecondaryCapture,
  type SecondaryCaptureOptions,
  writeSecondaryCapture,
} from './secondary-capture.ts';
import { writePart10 } from './write-part10.ts';

const options: SecondaryCaptureOptions = {
  seriesDescription: 'Calcium key images',
  seriesNumber: 1003,
  software: TEST_SOFTWARE,
  identifiesPatient: false,
};

/** Opaque pixels, each of another color. */
function picture(width = 5, height = 3, seed = 0): Picture {
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, (_, index) =>
    index % 4 === 3 ? 255 : (index * 37 + seed) & 0xff,
  );
  return { width, height, data };
}

const colorsOf = ({ data }: Picture) => Array.from(data).filter((_, index) => index % 4 !== 3);
const dataSetOf = (pictures: readonly Picture[]) =>
  readPart10(writeSecondaryCapture(testSource(), pictures, options).bytes).dataSet;

test('one picture is a single frame in color, pixel by pixel, padded to an even length', () => {
  const dataSet = dataSetOf([picture()]);
  expect(textOf(dataSet, 'SOPClassUID')).toBe('1.2.840.10008.5.1.4.1.1.7');
  expect(Array.from(bytesOf(dataSet, 'PixelData')!)).toEqual([...colorsOf(picture()), 0]);
  expect([numberOf(dataSet, 'Rows'), numberOf(dataSet, 'Columns'), numberOf(dataSet, 'SamplesPerPixel')]).toEqual([
    3, 5, 3,
  ]);
  expect(dataSet).not.toHaveProperty('NumberOfFrames');
  for (const [keyword, value] of [
    ['PhotometricInterpretation', 'RGB'],
    ['BurnedInAnnotation', 'NO'],
    ['ConversionType', 'WSD'],
    ['StudyInstanceUID', '2.25.99'],
  ] as const) {
    expect([keyword, textOf(dataSet, keyword)]).toEqual([keyword, value]);
  }
  expect(dataSet).not.toHaveProperty('FrameOfReferenceUID');
  const sources = itemsOf(dataSet, 'SourceImageSequence').map(item => textOf(item, 'ReferencedSOPInstanceUID'));
  expect(sources).toEqual(['2.25.100.1', '2.25.100.2', '2.25.100.3']);
});

test('several pictures are the pages of one object', () => {
  const pictures = [picture(4, 2, 1), picture(4, 2, 2), picture(4, 2, 3)];
  const dataSet = dataSetOf(pictures);
  expect(textOf(dataSet, 'SOPClassUID')).toBe('1.2.840.10008.5.1.4.1.1.7.4');
  expect(numberOf(dataSet, 'NumberOfFrames')).toBe(3);
  expect(numbersOf(dataSet, 'PageNumberVector')).toEqual([1, 2, 3]);
  expect(textOf(dataSet, 'FrameIncrementPointer')).toBe('00182001');
  expect(Array.from(bytesOf(dataSet, 'PixelData')!)).toEqual(pictures.flatMap(colorsOf));
});

test('where a picture is transparent, black shines through', () => {
  const data = Uint8ClampedArray.from([200, 100, 50, 255, 200, 100, 50, 128, 200, 100, 50, 0, 1, 2, 3, 255]);
  const pixels = bytesOf(dataSetOf([{ width: 2, height: 2, data }]), 'PixelData');
  expect(Array.from(pixels!)).toEqual([200, 100, 50, 100, 50, 25, 0, 0, 0, 1, 2, 3]);
});

test.each<[string, Picture[], RegExp]>([
  ['no picture', [], /no picture/],
  ['too few bytes', [{ ...picture(), width: 6 }], /Picture 1 has 60 bytes, but 6 x 3 pixels of RGBA need 72/],
  ['an empty one', [{ width: 0, height: 0, data: new Uint8Array(0) }], /Picture 1/],
  ['different sizes', [picture(5, 3), picture(3, 5)], /picture 1 has 5 x 3 pixels and picture 2 has 3 x 5/],
])('%s: refused', (_name, pictures, sentence) => {
  expect(() => writeSecondaryCapture(testSource(), pictures, options)).toThrow(sentence);
});

describe('what is written is read back', () => {
  test.each([
    [1, 5, 3],
    [1, 4, 2],
    [3, 5, 3],
    [4, 1, 1],
  ])('%i of %i x %i pixels, pixel by pixel', (count, width, height) => {
    const pictures = Array.from({ length: count }, (_, seed) => picture(width, height, seed));
    const written = writeSecondaryCapture(testSource(), pictures, { ...options, derivationDescription: 'Key image' });
    expect(readSecondaryCapture(written.bytes)).toEqual({
      sopInstanceUid: written.sopInstanceUid,
      seriesInstanceUid: written.seriesInstanceUid,
      seriesDescription: 'Calcium key images',
      pictures,
      derivationDescription: 'Key image',
      identifiesPatient: false,
      sourceSopInstanceUids: ['2.25.100.1', '2.25.100.2', '2.25.100.3'],
    });
  });

  (hasDcmconv() ? test : test.skip)('in implicit VR too; compressed pictures are refused', () => {
    const { bytes } = writeSecondaryCapture(testSource(), [picture()], options);
    expect(readSecondaryCapture(rewritten(bytes, '+ti', '-e'))).toEqual(readSecondaryCapture(bytes));
    expect(() => readSecondaryCapture(rewritten(bytes, '+tb'))).toThrow(/transfer syntax 1\.2\.840\.10008\.1\.2\.2/);
  });

  const dataSet = dataSetOf([picture(4, 2, 1), picture(4, 2, 2)]);
  test.each<[string, DataSet, RegExp]>([
    [
      'another object',
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.2' },
      /^This object is no Secondary Capture in color\.$/,
    ],
    ['colors plane by plane', { PlanarConfiguration: 1 }, /of a kind that is not read .*3 RGB 1 8 8 7/],
    ['other colors', { PhotometricInterpretation: 'YBR_FULL' }, /3 YBR_FULL 0 8 8 7\); only uncompressed RGB/],
    ['gray', { SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2' }, /1 MONOCHROME2/],
    ['a picture too many', { NumberOfFrames: 3 }, /^3 pictures of 4 x 2 pixels need 72 bytes, .* has 48\.$/],
    ['a picture too few', { NumberOfFrames: undefined }, /^1 pictures .* need 24 bytes, .* has 48\.$/],
    ['no number of pictures', { NumberOfFrames: '' }, /^NaN pictures/],
    ['no size', { Rows: 0 }, /need 0 bytes/],
    ['no pixels', { PixelData: undefined }, /has 0\.$/],
  ])('%s: refused', (_name, change, sentence) => {
    expect(() => readSecondaryCapture(writePart10({ ...dataSet, ...change }))).toThrow(sentence);
  });
});

const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;
const fileOf = temporaryFiles();

withDciodvfy.each([1, 3])('dciodvfy finds no error in an object of %i', count => {
  const pictures = Array.from({ length: count }, () => picture());
  for (const more of [{}, { bodyPartExamined: 'HEART', derivationDescription: 'Key image', identifiesPatient: true }]) {
    const { bytes } = writeSecondaryCapture(testSource(), pictures, { ...options, ...more });
    expect(dciodvfyErrors(bytes)).toEqual([]);
    expect(dciodvfyErrors(writePart10({ ...readPart10(bytes).dataSet, ConversionType: undefined }))).not.toEqual([]);
  }
});

withPython.each([
  [1, 'Secondary Capture Image Storage', [3, 5, 3]],
  [3, 'Multi-frame True Color Secondary Capture Image Storage', [3, 3, 5, 3]],
])('pydicom reads the same colors in an object of %i', (count, sopClass, shape) => {
  const pictures = Array.from({ length: count }, (_, seed) => picture(5, 3, seed));
  const { bytes } = writeSecondaryCapture(testSource(), pictures, options);
  expect(runReferee('read_object.py', fileOf(`capture${count}.dcm`, bytes))).toEqual({
    sopClass,
    patientName: 'Doe^Jane',
    shape,
    content: Buffer.from(pictures.flatMap(colorsOf)).toString('base64'),
  });
});
