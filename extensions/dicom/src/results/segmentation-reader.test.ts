import { type SliceGeometry, SliceStackError, stackSlices } from '../slice-stack.ts';
import { DicomResultError } from './data-set.ts';
import { itemOf, itemsOf, numberOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { testSlices, testSource } from './results.test-support.ts';
import { segmentationOptions, testSegment } from './segmentation.test-support.ts';
import { readSegmentation } from './segmentation-reader.ts';
import { writeSegmentation } from './segmentation-writer.ts';
import { type SourceSlice, sourceFromFiles } from './source.ts';
import { writePart10 } from './write-part10.ts';

test('a segmentation may leave out name and birth date of the patient', () => {
  const written = writeSegmentation(testSource(), [testSegment('A', [[7, 0, 1]])], segmentationOptions).bytes;
  const { dataSet } = readPart10(written);
  const bytes = writePart10({ ...dataSet, PatientName: '', PatientBirthDate: '' });
  expect(readSegmentation(bytes, testSource()).segments[0]!.voxels).toEqual(testSegment('A', [[7, 0, 1]]).voxels);
});

test('slices that write the same spacing and orientation with more or fewer digits are one grid', () => {
  const [first, ...more] = testSlices({ attributes: { PixelSpacing: ['0.48828125', '0.48828125'] } });
  const fewerDigits = {
    PixelSpacing: ['0.488281', '0.488281'],
    ImageOrientationPatient: ['1', '0.000001', '0', '0', '1', '0'],
  };
  const [, ...written] = testSlices({ attributes: fewerDigits });
  const source = sourceFromFiles([first!, ...written]);
  const segment = testSegment('A', [
    [2, 0, 1],
    [7, 3, 5],
  ]);
  const { bytes } = writeSegmentation(source, [segment], segmentationOptions);
  expect(readSegmentation(bytes, source).segments[0]!.voxels).toEqual(segment.voxels);
  const other = testSlices({ attributes: { PixelSpacing: ['0.4885', '0.48828125'] } });
  expect(() =>
    writeSegmentation(sourceFromFiles([first!, ...more.slice(1), other[1]!]), [segment], segmentationOptions),
  ).toThrow(/differ in size, orientation or pixel spacing/);
});

describe('what is scored as one volume can be written and read back, and nothing else', () => {
  const axial = '1\\0\\0\\0\\1\\0';
  const turned = (sine: number) => `1\\${sine}\\0\\${-sine}\\1\\0`;
  const half = ['0.5', '0.5', '0.5'];
  test.each<[string, isOneVolume: boolean, orientations: string[], spacingsMm: string[]]>([
    ['cosines of three decimals', true, [axial, turned(0.001), axial], half],
    ['cosines that tilt thin slices', true, [axial, '1\\0\\0.001\\0\\1\\0.001', axial], half],
    ['cosines 0.0019 apart', true, [turned(0.0019), axial, axial], half],
    ['cosines 0.0021 apart', false, [axial, axial, turned(0.0021)], half],
    ['cosines 0.003 apart, all near those of the first', false, [axial, turned(0.0015), turned(-0.0015)], half],
    ['a small spacing with fewer digits', true, [axial, axial, axial], ['0.35156250', '0.3516', '0.3516']],
    ['a large spacing with fewer digits', true, [axial, axial, axial], ['1.5', '1.50014', '1.5']],
    ['another spacing', false, [axial, axial, axial], ['0.5', '0.5002', '0.5']],
  ])('%s: %s', (_, isOneVolume, orientations, spacingsMm) => {
    const files = orientations.map((orientation, index) => {
      const attributes = {
        ImageOrientationPatient: orientation.split('\\'),
        ImagePositionPatient: ['-250', '-250', String(100 + 0.4 * index)],
        PixelSpacing: [spacingsMm[index]!, spacingsMm[index]!],
      };
      return testSlices({ incrementMm: 0.4, attributes })[index]!;
    });
    const segment = testSegment('A', [
      [2, 0, 1],
      [7, 3, 5],
    ]);
    for (const ordered of [files, files.toReversed()]) {
      const source = sourceFromFiles(ordered);
      const score = () => stackSlices(source.slices.map(geometryOf));
      const write = () => writeSegmentation(source, [segment], segmentationOptions).bytes;
      if (!isOneVolume) {
        expect(score).toThrow(SliceStackError);
        expect(write).toThrow(/differ in size, orientation or pixel spacing/);
        continue;
      }
      expect(score).not.toThrow();
      expect(readSegmentation(write(), source).segments[0]!.voxels).toEqual(segment.voxels);
      const shared = itemOf(readPart10(write()).dataSet, 'SharedFunctionalGroupsSequence');
      expect(numberOf(itemOf(shared, 'PixelMeasuresSequence'), 'SpacingBetweenSlices')).toBeCloseTo(0.4, 5);
    }
  });
});

function geometryOf(slice: SourceSlice): SliceGeometry {
  return { ...slice, label: slice.sopInstanceUid, pixelSpacingMm: slice.decimals.pixelSpacing.map(Number) };
}

describe('reading is refused in one sentence', () => {
  const written = () => writeSegmentation(testSource(), [testSegment('A', [[7, 0, 1]])], segmentationOptions).bytes;
  const change = (attributes: object) => writePart10({ ...readPart10(written()).dataSet, ...attributes });
  test.each<[string, () => unknown, RegExp]>([
    [
      'another size',
      () => readSegmentation(written(), testSource({ rows: 6 })),
      /5 x 7 pixels and the series 6 x 7; it belongs to another/,
    ],
    [
      'another frame of reference',
      () => readSegmentation(written(), testSource({ attributes: { FrameOfReferenceUID: '2.25.1' } })),
      /^Segmentation and series are of two frames of reference \(FrameOfReferenceUID\), so its voxels/,
    ],
    [
      'another study',
      () => readSegmentation(written(), testSource({ attributes: { StudyInstanceUID: '2.25.1' } })),
      /are of two studies \(StudyInstanceUID\)/,
    ],
    [
      'another patient',
      () => readSegmentation(written(), testSource({ attributes: { PatientID: 'P-2' } })),
      /are of two patients \(PatientID\)/,
    ],
    [
      'another patient with the same identifier',
      () => readSegmentation(written(), testSource({ attributes: { PatientName: 'Roe^Richard' } })),
      /are of two patients \(PatientName\)/,
    ],
    ...(
      [
        ['PlanePositionSequence', { ImagePositionPatient: ['-10.5', '-20', 'nan'] }, 'position'],
        ['PlanePositionSequence', {}, 'position'],
        ['PlaneOrientationSequence', {}, 'orientation'],
        ['PlaneOrientationSequence', { ImageOrientationPatient: ['1', '0', '0', '0', '1'] }, 'orientation'],
        ['PixelMeasuresSequence', { SliceThickness: '3' }, 'pixel spacing'],
      ] as const
    ).map(([sequence, item, what]): [string, () => unknown, RegExp] => [
      `a frame with ${JSON.stringify(item)} for its ${what}`,
      () => {
        const { dataSet } = readPart10(written());
        const [frame] = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
        const frames = [{ ...frame, [sequence]: [item] }];
        return readSegmentation(change({ PerFrameFunctionalGroupsSequence: frames }), testSource());
      },
      new RegExp(`^Frame 1 of the segmentation has no ${what}, so its voxels cannot be placed`),
    ]),
    [
      'slices that lie elsewhere',
      () => readSegmentation(written(), testSource({ incrementMm: 3.5 })),
      /Frame 1 of the segmentation lies 0\.5 mm from the slice that it names, so its voxels cannot be placed\.$/,
    ],
    [
      'another orientation',
      () =>
        readSegmentation(written(), testSource({ attributes: { ImageOrientationPatient: [1, 0, 0, 0, 0.8, 0.6] } })),
      /oriented otherwise/,
    ],
    [
      'another spacing',
      () => readSegmentation(written(), testSource({ attributes: { PixelSpacing: [0.5, 0.26] } })),
      /another pixel spacing/,
    ],
    [
      'a slice that is not there',
      () => readSegmentation(written(), sourceFromFiles(testSlices().slice(0, 1))),
      /lies on no slice of this series\.$/,
    ],
    [
      'a fractional one',
      () => readSegmentation(change({ SegmentationType: 'FRACTIONAL' }), testSource()),
      /is FRACTIONAL; only BINARY/,
    ],
    [
      'missing pixels',
      () => readSegmentation(change({ PixelData: new Uint8Array(4) }), testSource()),
      /4 bytes of pixels where 5 are needed/,
    ],
    [
      'a missing segment',
      () => readSegmentation(change({ SegmentSequence: [] }), testSource()),
      /Frame 1 .* segment 1, which it does not describe/,
    ],
    [
      'segments of one number',
      () => {
        const [segment] = itemsOf(readPart10(written()).dataSet, 'SegmentSequence');
        return readSegmentation(change({ SegmentSequence: [segment, segment] }), testSource());
      },
      /have the same number/,
    ],
    [
      'missing frames',
      () => readSegmentation(change({ NumberOfFrames: 3 }), testSource()),
      /has 3 frames and describes 1/,
    ],
    ['an image', () => readSegmentation(testSlices()[0]!, testSource()), /no DICOM Segmentation \(SOP class 1\.2\.840/],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(DicomResultError);
    expect(attempt).toThrow(message);
  });
});

test('a file that was cut off anywhere is refused', () => {
  const { bytes } = writeSegmentation(testSource(), [testSegment('A', [[7, 0, 1]])], segmentationOptions);
  for (let length = 0; length < bytes.length; length += 17) {
    expect(() => readSegmentation(bytes.slice(0, length), testSource())).toThrow(DicomResultError);
  }
});
