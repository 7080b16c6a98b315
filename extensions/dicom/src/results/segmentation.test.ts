import { readFileSync } from 'node:fs';
import {
  dciodvfyErrors,
  hasDciodvfy,
  hasPythonReferees,
  runReferee,
  temporaryFiles,
} from '../../../../e2e/referees/referees.ts';
import { cieLabOf } from './cielab.ts';
import { DicomResultError } from './data-set.ts';
import { bytesOf, itemsOf, numberOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { countedUids, sourceBytes, testSlices, testSource } from './results.test-support.ts';
import {
  ALGORITHM,
  type Run,
  randomRuns,
  seededRandom,
  segmentationOptions,
  testSegment,
} from './segmentation.test-support.ts';
import type { VoxelRuns } from './segmentation.ts';
import { readSegmentation } from './segmentation-reader.ts';
import { writeSegmentation } from './segmentation-writer.ts';
import { sourceFromFiles } from './source.ts';
import { writePart10 } from './write-part10.ts';

const triples = ({ row, start, end }: VoxelRuns): Run[] => Array.from(row, (r, run) => [r, start[run]!, end[run]!]);
const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;
const fileOf = temporaryFiles();

/** Sizes that are no multiple of 8, so that frames begin within bytes. */
const SIZES = [
  { count: 3, rows: 5, columns: 7 },
  { count: 4, rows: 33, columns: 65 },
  { count: 2, rows: 64, columns: 64 },
];

function randomSegments(size: (typeof SIZES)[number], seed: number) {
  const random = seededRandom(seed);
  return [0.05, 0.4, 0.9].map((density, index) =>
    testSegment(`Segment ${index + 1}`, randomRuns(random, size.rows * size.count, size.columns, density)),
  );
}

describe('what is written is read back', () => {
  test.each(SIZES)('voxel by voxel, overlapping segments included: $count x $rows x $columns', size => {
    for (let seed = 1; seed <= 20; seed++) {
      const segments = randomSegments(size, seed);
      const source = testSource(size);
      const read = readSegmentation(writeSegmentation(source, segments, segmentationOptions).bytes, source);
      expect(read.segments.map(({ voxels }) => triples(voxels))).toEqual(segments.map(({ voxels }) => triples(voxels)));
    }
  });

  test('with everything that is said about a segment', () => {
    const source = testSource();
    const segment = testSegment('Right coronary', [[1, 2, 3]], { description: 'Calcium of the RCA' });
    const object = writeSegmentation(source, [segment], { ...segmentationOptions, newUid: countedUids() });
    expect(readSegmentation(object.bytes, source)).toEqual({
      sopInstanceUid: object.sopInstanceUid,
      seriesInstanceUid: object.seriesInstanceUid,
      seriesDescription: 'Calcium segmentation',
      sourceSopInstanceUids: source.slices.map(({ sopInstanceUid }) => sopInstanceUid),
      segments: [
        {
          number: 1,
          label: 'Right coronary',
          description: 'Calcium of the RCA',
          category: segment.category,
          type: segment.type,
          typeModifier: null,
          anatomicRegion: segment.anatomicRegion,
          algorithmType: 'SEMIAUTOMATIC',
          algorithm: ALGORITHM,
          color: cieLabOf(segment.color),
          tracking: segment.tracking,
          voxels: segment.voxels,
        },
      ],
    });
  });

  test('on slices in another order than they were written from', () => {
    const files = testSlices();
    const object = writeSegmentation(
      sourceFromFiles(files),
      [
        testSegment('A', [
          [1, 2, 3],
          [14, 0, 7],
        ]),
      ],
      segmentationOptions,
    );
    const reversed = sourceFromFiles([...files].reverse());
    expect(triples(readSegmentation(object.bytes, reversed).segments[0]!.voxels)).toEqual([
      [4, 0, 7],
      [11, 2, 3],
    ]);
  });

  test('by position where the slices have other UIDs, as after anonymization', () => {
    const renamed = testSlices().map(
      (_, slice) => testSlices({ attributes: { SOPInstanceUID: `2.25.500.${slice}` } })[slice]!,
    );
    const object = writeSegmentation(testSource(), [testSegment('A', [[6, 2, 3]])], segmentationOptions);
    expect(triples(readSegmentation(object.bytes, sourceFromFiles(renamed)).segments[0]!.voxels)).toEqual([[6, 2, 3]]);
  });
});

describe('frames', () => {
  test('of one segment on one slice are joined: no voxel counts twice', () => {
    const runs: Run[] = [
      [5, 0, 4],
      [10, 0, 1],
    ];
    const { dataSet } = readPart10(
      writeSegmentation(testSource(), [testSegment('A', runs)], segmentationOptions).bytes,
    );
    const [first, second] = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
    const bytes = writePart10({ ...dataSet, PerFrameFunctionalGroupsSequence: [first!, { ...second, ...first }] });
    const [segment] = readSegmentation(bytes, testSource()).segments;
    expect(segment!.voxels).toEqual(testSegment('A', [[5, 0, 4]]).voxels);
  });

  test('only slices with voxels have one; a segment without voxels is described all the same', () => {
    const segments = [
      testSegment('LM', []),
      testSegment('RCA', [
        [0, 0, 1],
        [14, 6, 7],
      ]),
    ];
    const { dataSet } = readPart10(writeSegmentation(testSource(), segments, segmentationOptions).bytes);
    expect(numberOf(dataSet, 'NumberOfFrames')).toBe(2);
    expect(dataSet).toMatchObject({
      SegmentSequence: [{ SegmentLabel: 'LM' }, { SegmentLabel: 'RCA' }],
      SegmentsOverlap: 'NO',
    });
    // 2 x 35 bits: the first pixel of the first frame and the last one of the second.
    expect(Array.from(bytesOf(dataSet, 'PixelData')!)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0b100000, 0]);
  });

  test('a segmentation without any voxel has one empty frame, and reads back as empty', () => {
    const source = testSource();
    const object = writeSegmentation(source, [testSegment('LM', []), testSegment('LAD', [])], segmentationOptions);
    expect(numberOf(readPart10(object.bytes).dataSet, 'NumberOfFrames')).toBe(1);
    expect(readSegmentation(object.bytes, source).segments.map(({ voxels }) => voxels.row.length)).toEqual([0, 0]);
  });

  test('overlapping segments say so', () => {
    const overlapping = [testSegment('A', [[0, 0, 3]]), testSegment('B', [[0, 2, 4]])];
    const { dataSet } = readPart10(writeSegmentation(testSource(), overlapping, segmentationOptions).bytes);
    expect(dataSet).toMatchObject({ SegmentsOverlap: 'YES' });
  });

  test('the source’s decimals are repeated as they are', () => {
    const attributes = {
      ImageOrientationPatient: ['1.000000', '0.0', '0', '0', '1.000000', '0'],
      PixelSpacing: ['0.4880000', '.488'],
    };
    const { dataSet } = readPart10(
      writeSegmentation(testSource({ attributes }), [testSegment('A', [[0, 0, 1]])], segmentationOptions).bytes,
    );
    expect(dataSet).toMatchObject({
      SharedFunctionalGroupsSequence: [
        {
          PlaneOrientationSequence: [{ ImageOrientationPatient: attributes.ImageOrientationPatient }],
          PixelMeasuresSequence: [
            { PixelSpacing: attributes.PixelSpacing, SliceThickness: '3', SpacingBetweenSlices: '3' },
          ],
        },
      ],
    });
  });

  test('pixels that were once compressed with loss stay so in what is derived from them', () => {
    const attributes = { LossyImageCompression: '01', LossyImageCompressionRatio: '10' };
    const object = writeSegmentation(testSource({ attributes }), [testSegment('A', [[0, 0, 1]])], segmentationOptions);
    expect(readPart10(object.bytes).dataSet).toMatchObject(attributes);
  });
});

describe('writing is refused in one sentence', () => {
  const write =
    (source = testSource(), segments = [testSegment('A', [[0, 0, 1]])]) =>
    () =>
      writeSegmentation(source, segments, segmentationOptions);
  test.each<[string, () => unknown, RegExp]>([
    ['no segment', write(testSource(), []), /needs at least one segment\.$/],
    [
      'a row too many',
      write(testSource(), [testSegment('A', [[15, 0, 1]])]),
      /"A" has voxels outside the 3 slices of 5 x 7 pixels/,
    ],
    ['a column too many', write(testSource(), [testSegment('A', [[0, 0, 8]])]), /outside/],
    [
      'no algorithm',
      write(testSource(), [{ ...testSegment('A', []), algorithm: undefined } as never]),
      /does not say by which algorithm\.$/,
    ],
    [
      'no frame of reference',
      write(testSource({ attributes: { FrameOfReferenceUID: undefined } })),
      /lack size, position, .* FrameOfReferenceUID/,
    ],
    ['no position', write(testSource({ attributes: { ImagePositionPatient: undefined } })), /lack size, position/],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(DicomResultError);
    expect(attempt).toThrow(message);
  });
});

describe('referees', () => {
  withDciodvfy('dciodvfy finds no error', () => {
    const name = sourceBytes([0xc4, 0xe9, 0xef, 0xed]);
    const source = testSource({ attributes: { SpecificCharacterSet: 'ISO_IR 126', PatientName: name } });
    const segments = [testSegment('LM', []), testSegment('RCA', [[0, 0, 7]])];
    expect(dciodvfyErrors(writeSegmentation(source, segments, segmentationOptions).bytes)).toEqual([]);
    expect(dciodvfyErrors(writeSegmentation(source, [testSegment('LM', [])], segmentationOptions).bytes)).toEqual([]);
    // That it can find one: a segmentation without its segments.
    const broken = { ...readPart10(writeSegmentation(source, segments, segmentationOptions).bytes).dataSet };
    expect(dciodvfyErrors(writePart10({ ...broken, SegmentSequence: undefined })).length).toBeGreaterThan(0);
  });

  withPython.each(SIZES)('highdicom reads the same voxels: $count x $rows x $columns', size => {
    const segments = [...randomSegments(size, 7), testSegment('empty', [])];
    const object = writeSegmentation(testSource(size), segments, segmentationOptions);
    const read = runReferee('read_segmentation.py', fileOf('ours.dcm', object.bytes)) as {
      segments: { number: number; label: string; type: string[]; voxels: Record<string, Run[]> }[];
    };
    expect(read.segments.map(({ number, label }) => [number, label])).toEqual(
      segments.map(({ label }, index) => [index + 1, label]),
    );
    expect(read.segments[0]).toMatchObject({
      category: ['49755003', 'SCT', 'Morphologically Abnormal Structure'],
      type: ['237897009', 'SCT', 'Vascular Calcification'],
      anatomicRegion: ['13647002', 'SCT', 'Right coronary artery'],
      algorithm: ['Voxelwise test', '9.9.9'],
    });
    const stacked = read.segments.map(({ voxels }) =>
      Object.entries(voxels)
        .flatMap(([uid, runs]) =>
          runs.map(([row, start, end]): Run => [(Number(uid.split('.').at(-1)) - 1) * size.rows + row, start, end]),
        )
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    );
    expect(stacked).toEqual(segments.map(({ voxels }) => triples(voxels)));
  });

  withPython('what highdicom writes is read with the same voxels', () => {
    const size = SIZES[1]!;
    const segments = randomSegments(size, 11);
    const files = testSlices(size);
    const output = fileOf('theirs.dcm', '');
    const list = fileOf(
      'segments.json',
      JSON.stringify(segments.map(({ label, voxels }) => ({ label, voxels: triples(voxels) }))),
    );
    const sources = files.map((file, slice) => fileOf(`slice-${slice}.dcm`, file));
    runReferee('write_segmentation.py', output, list, ...sources);
    const theirs = new Uint8Array(readFileSync(output));
    const read = readSegmentation(theirs, sourceFromFiles(files));
    expect(read.segments.map(({ label, voxels }) => [label, triples(voxels)])).toEqual(
      segments.map(({ label, voxels }) => [label, triples(voxels)]),
    );
  });
});
