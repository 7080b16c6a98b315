import { dcm } from './codes.ts';
import type { DataSet } from './data-set.ts';
import { itemOf, itemsOf, numberOf, numbersOf, textOf, textsOf } from './natural.ts';
import { bits, COLUMNS, dataSetOf, FRAMES, LENGTH, map, options, ROWS, write } from './parametric-map.test-support.ts';
import { type ParametricMap, writeParametricMap } from './parametric-map.ts';
import { readParametricMap } from './parametric-map-reader.ts';
import { parsePart10 } from './read-part10.ts';
import { countedUids, testSlices, testSource } from './results.test-support.ts';
import { sourceFromFiles } from './source.ts';

test('a distinct constant per frame of a map that is no cube comes back frame by frame', () => {
  const voxels = Float32Array.from({ length: LENGTH }, (_, index) => Math.floor(index / (COLUMNS * ROWS)) + 0.1);
  const stored = readParametricMap(write({ voxels }).bytes);
  expect(stored.dimensions).toEqual([COLUMNS, ROWS, FRAMES]);
  for (let frame = 0; frame < FRAMES; frame++) {
    const values = stored.voxels.subarray(frame * COLUMNS * ROWS, (frame + 1) * COLUMNS * ROWS);
    expect(new Set(values)).toEqual(new Set([Math.fround(frame + 0.1)]));
    expect(stored.frames[frame]?.sourceSopInstanceUids).toEqual([`2.25.100.${frame + 1}`]);
    expect(stored.frames[frame]?.position).toEqual([-10.5, -20, 100 + 3 * frame]);
  }
});

test('values come back bit by bit: smallest, largest, negative zero, and NaN for no value', () => {
  const special = [1e-45, -3.4028234663852886e38, 3.4028234663852886e38, -0, 0, Number.NaN, 1 / 3, 1e-38];
  const voxels = Float32Array.from({ length: LENGTH }, (_, index) => special[index % special.length]!);
  const file = write({ voxels }).bytes;
  const { voxels: read } = readParametricMap(file);
  expect(read).toBeInstanceOf(Float32Array);
  expect(bits(read)).toEqual(bits(voxels));
  const { dataOffset, length, vr } = parsePart10(file).elements.x7fe00008!;
  expect([vr, length]).toEqual(['OF', LENGTH * 4]);
  expect(file.slice(dataOffset, dataOffset + length)).toEqual(new Uint8Array(voxels.buffer));
});

test('voxels may be a part of a larger array', () => {
  const large = Float32Array.from({ length: LENGTH + 5 }, (_, index) => index);
  const voxels = large.subarray(3, 3 + LENGTH);
  expect(Array.from(readParametricMap(write({ voxels }).bytes).voxels)).toEqual(Array.from(voxels));
});

test('quantity, units, methods, label and range are told', () => {
  const methods = [dcm('126311', 'Singular Value Decomposition (SVD) deconvolution')];
  const { bytes } = write({}, {}, { methods });
  const { quantity, units, label, explanation, displayRange } = readParametricMap(bytes);
  expect({ quantity, units, label, explanation, displayRange }).toEqual({
    quantity: map().quantity,
    units: map().units,
    label: 'CBF',
    explanation: 'Cerebral blood flow, oSVD',
    displayRange: [0, 80],
  });
  const shared = itemOf(dataSetOf(bytes), 'SharedFunctionalGroupsSequence');
  const mapping = itemOf(shared, 'RealWorldValueMappingSequence');
  expect(numberOf(mapping, 'DoubleFloatRealWorldValueFirstValueMapped')).toBe(-3);
  expect(numberOf(mapping, 'DoubleFloatRealWorldValueLastValueMapped')).toBe(Math.fround(Math.sqrt(LENGTH - 1) - 3));
  const items = itemsOf(mapping, 'QuantityDefinitionSequence');
  expect(items.map(item => textOf(itemOf(item, 'ConceptCodeSequence'), 'CodeValue'))).toEqual(['126390', '126311']);
});

test('the object is derived, for research, and of the source’s modality, study and frame of reference', () => {
  const written = write({ label: 'rCBF %' });
  const dataSet = dataSetOf(written.bytes);
  expect(textsOf(dataSet, 'ImageType')).toEqual(['DERIVED', 'PRIMARY', 'VOLUME', 'QUANTITY']);
  for (const [keyword, value] of [
    ['SOPClassUID', '1.2.840.10008.5.1.4.1.1.30'],
    ['Modality', 'CT'],
    ['ContentQualification', 'RESEARCH'],
    ['ContentLabel', 'RCBF _'],
    ['SeriesDescription', 'Cerebral blood flow, oSVD'],
    ['StudyInstanceUID', '2.25.99'],
    ['FrameOfReferenceUID', '2.25.98'],
    ['PatientID', 'P-1'],
    ['RecognizableVisualFeatures', 'YES'],
    ['LossyImageCompression', '00'],
    ['PresentationLUTShape', 'IDENTITY'],
  ] as const) {
    expect([keyword, textOf(dataSet, keyword)]).toEqual([keyword, value]);
  }
  expect(written).toMatchObject({
    studyInstanceUid: '2.25.99',
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
  });
  expect(dataSet).not.toHaveProperty('PixelData');
  expect(dataSet).not.toHaveProperty('BitsStored');
});

test('orientation, spacing and positions are those of the source to the digit', () => {
  const attributes: DataSet = {
    ImageOrientationPatient: ['0.9998477', '0.0000000', '-0.017452', '0.0', '1.000', '0.00'],
    PixelSpacing: ['0.4880000', '0.48800'],
    SliceThickness: '3.000',
  };
  const dataSet = dataSetOf(write({}, { attributes }).bytes);
  const shared = itemOf(dataSet, 'SharedFunctionalGroupsSequence');
  const text = (item: object, keyword: Parameters<typeof textsOf>[1]) => textsOf(item as DataSet, keyword);
  expect(text(itemOf(shared, 'PlaneOrientationSequence'), 'ImageOrientationPatient')).toEqual(
    attributes.ImageOrientationPatient,
  );
  expect(text(itemOf(shared, 'PixelMeasuresSequence'), 'PixelSpacing')).toEqual(attributes.PixelSpacing);
  expect(text(itemOf(shared, 'PixelMeasuresSequence'), 'SliceThickness')).toEqual(['3.000']);
});

test.each([
  ['upwards', [0, 1, 2], [1, 2, 3]],
  ['downwards', [2, 1, 0], [3, 2, 1]],
  ['in any order', [1, 2, 0], [2, 3, 1]],
])('slices given %s keep their order and are numbered by their place', (_name, order, places) => {
  const files = testSlices();
  const source = sourceFromFiles(order.map(slice => files[slice]!));
  const dataSet = dataSetOf(writeParametricMap(source, map(), options).bytes);
  const frames = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
  expect(frames.map(frame => numbersOf(itemOf(frame, 'FrameContentSequence'), 'DimensionIndexValues'))).toEqual(
    places.map(place => [place]),
  );
  const positionsMm = frames.map(frame => numbersOf(itemOf(frame, 'PlanePositionSequence'), 'ImagePositionPatient')[2]);
  expect(positionsMm).toEqual(order.map(slice => 100 + 3 * slice));
});

test('all images behind a frame are named: that at its place first, the others after it, each once by series', () => {
  const source = testSource();
  const furtherImages = source.slices.map((slice, frame) => [
    { ...slice, sopInstanceUid: `2.25.200.${frame}`, seriesInstanceUid: '2.25.200' },
    { ...slice, sopInstanceUid: '2.25.200.9', seriesInstanceUid: '2.25.200' },
  ]);
  const { bytes } = writeParametricMap(source, map(), { ...options, furtherImages });
  expect(readParametricMap(bytes).frames[1]?.sourceSopInstanceUids).toEqual(['2.25.100.2', '2.25.200.1', '2.25.200.9']);
  const series = itemsOf(dataSetOf(bytes), 'ReferencedSeriesSequence').map(item => [
    textOf(item, 'SeriesInstanceUID'),
    itemsOf(item, 'ReferencedInstanceSequence').length,
  ]);
  expect(series).toEqual([
    ['2.25.100', 3],
    ['2.25.200', 4],
  ]);
});

test('two runs share no UID; the same UIDs and clock make the same file', () => {
  const uids = [write(), write()].map(({ sopInstanceUid, seriesInstanceUid }) => [sopInstanceUid, seriesInstanceUid]);
  expect(new Set(uids.flat()).size).toBe(4);
  const again = () => write({}, {}, { newUid: countedUids(), now: new Date(0) }).bytes;
  expect(again()).toEqual(again());
});

describe('refused', () => {
  test.each<[string, Partial<ParametricMap>, RegExp]>([
    ['too few values', { voxels: new Float32Array(LENGTH - 1) }, /has 104 values, but 7 x 5 x 3 voxels need 105/],
    [
      'swapped rows and columns',
      { dimensions: [ROWS, COLUMNS, FRAMES] },
      /3 frames of 7 rows x 5 columns, but its source has 3 slices of 5 x 7/,
    ],
    [
      'another number of frames',
      { dimensions: [COLUMNS, ROWS * FRAMES, 1] },
      /has 1 frames of 15 rows x 7 columns, but its source has 3 slices of 5 x 7/,
    ],
    [
      'infinity',
      { voxels: new Float32Array(LENGTH).fill(1).with(44, -Infinity) },
      /infinite value \(column 3, row 2, frame 2\)/,
    ],
    ['no value at all', { voxels: new Float32Array(LENGTH).fill(Number.NaN) }, /no value in any voxel/],
    ['an empty display range', { displayRange: [5, 5] }, /display range .* is 5 to 5/],
    ['an open display range', { displayRange: [0, Infinity] }, /display range/],
    [
      'a label that is too long',
      { label: 'Cerebral blood flow' },
      /takes at most 16 characters, but "CEREBRAL BLOOD FLOW" has 19/,
    ],
  ])('%s', (_name, changes, sentence) => {
    expect(() => write(changes)).toThrow(sentence);
  });

  test.each(['FrameOfReferenceUID', 'ImageOrientationPatient', 'ImagePositionPatient', 'PixelSpacing'])(
    'a source without %s',
    keyword => {
      expect(() => write({}, { attributes: { [keyword]: '' } })).toThrow(/no frame can be placed/);
    },
  );

  test('slices of different orientation', () => {
    const [first, second] = testSlices();
    const [, , tilted] = testSlices({ attributes: { ImageOrientationPatient: [1, 0, 0, 0, 0, 1] } });
    const source = sourceFromFiles([first!, second!, tilted!]);
    expect(() => writeParametricMap(source, map(), options)).toThrow(/differ in size, orientation or pixel spacing/);
  });
});
