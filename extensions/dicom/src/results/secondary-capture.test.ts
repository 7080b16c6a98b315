import {
  dciodvfyErrors,
  hasDciodvfy,
  hasPythonReferees,
  runReferee,
  temporaryFiles,
} from '../../../../e2e/referees/referees.ts';
import { bytesOf, itemsOf, numberOf, numbersOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { TEST_SOFTWARE, testSource } from './results.test-support.ts';
import { type Picture, type SecondaryCaptureOptions, writeSecondaryCapture } from './secondary-capture.ts';
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
