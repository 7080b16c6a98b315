import {
  dciodvfyErrors,
  hasDciodvfy,
  hasDcmconv,
  hasPythonReferees,
  rewritten,
  runReferee,
  temporaryFiles,
} from '../../../../e2e/referees/referees.ts';
import { dcm, PRIVATE_SCHEME, sct, ucum } from './codes.ts';
import { numberItem, valueOfNumberItem } from './content-item.ts';
import { type DataSet, DicomResultError } from './data-set.ts';
import type { MeasurementGroup } from './measurement-report.ts';
import { readMeasurementReport } from './measurement-report-reader.ts';
import { writeMeasurementReport } from './measurement-report-writer.ts';
import { textOf } from './natural.ts';
import { parsePart10, readPart10 } from './read-part10.ts';
import { countedUids, sourceBytes, TEST_SOFTWARE, testSlices, testSource } from './results.test-support.ts';
import { readSection, writeSectionReport } from './section-report.ts';
import { ALGORITHM, seededRandom, segmentationOptions, testSegment } from './segmentation.test-support.ts';
import { writeSegmentation } from './segmentation-writer.ts';
import { writePart10 } from './write-part10.ts';

const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;
const fileOf = temporaryFiles();

const SCORE = sct('450360000', 'Coronary artery calcium score');
const AGATSTON = dcm('112055', 'Agatston scoring method');
const MEAN = sct('373098007', 'Mean');
const NO_UNITS = ucum('1', 'no units');
const SITE = sct('13647002', 'Right coronary artery');
const JSON_NAME = { value: 'convention', scheme: PRIVATE_SCHEME, meaning: 'Convention as JSON' };

const options = {
  procedure: sct('426005005', 'Cardiac CT for calcium scoring'),
  isComplete: true,
  seriesDescription: 'Calcium report',
  seriesNumber: 1001,
  software: TEST_SOFTWARE,
};
const segmentation = () =>
  writeSegmentation(testSource(), [testSegment('LM', []), testSegment('RCA', [[0, 0, 7]])], segmentationOptions);

const score = (value: number) => ({ name: SCORE, value, unit: NO_UNITS, method: AGATSTON });

const DOCUMENT = { name: dcm('122600', 'Cardiovascular Analysis Report'), template: '3900' };
const SECTION = {
  name: dcm('122603', 'Calcium Scoring Analysis'),
  template: '3905',
  algorithm: ALGORITHM,
  measurements: [
    { name: dcm('122657', 'Agatston Score Threshold'), value: 130, unit: ucum("[hnsf'U]", 'Hounsfield unit') },
    { ...score(1 / 3), site: SITE },
    score(2 / 3),
  ],
  texts: [{ name: JSON_NAME, text: '{}' }],
};

/** One group per segment, and one of the whole. */
function groups(values: readonly [number, number]): MeasurementGroup[] {
  return [
    {
      tracking: { id: 'Calcium RCA', uid: '2.25.4711' },
      finding: sct('237897009', 'Vascular Calcification'),
      findingSites: [SITE],
      segment: { segmentation: segmentation(), number: 2 },
      algorithm: ALGORITHM,
      measurements: [
        score(values[0]),
        { name: dcm('122660', 'Calcium Volume'), value: values[1], unit: ucum('mm3'), derivation: MEAN },
      ],
      evaluations: [{ name: dcm('111071', 'CAD Operating Point'), value: SITE }],
      texts: [
        { name: dcm('121106', 'Comment'), text: 'Two lines,\nwith a \\ and "quotes"' },
        { name: JSON_NAME, text: JSON.stringify({ thresholdHu: 130, unit: 'mm²', edges: [130, 200.5] }) },
      ],
    },
    { tracking: { id: 'Calcium total', uid: '2.25.4712' }, measurements: [score(values[0] + values[1])] },
  ];
}

describe('what is written is read back', () => {
  test('with every code, text and reference', () => {
    const written = groups([402.93965, 302.20474]);
    const source = testSource({ attributes: { SpecificCharacterSet: 'ISO_IR 192' } });
    const object = writeMeasurementReport(source, written, {
      ...options,
      readerName: 'Διονυσίου^Ελένη',
      newUid: countedUids(),
    });
    const [first, total] = written as [MeasurementGroup, MeasurementGroup];
    const stored = ({ measurements }: MeasurementGroup) =>
      measurements.map(one => ({ method: null, derivation: null, ...one }));
    expect(readMeasurementReport(object.bytes)).toEqual({
      sopInstanceUid: object.sopInstanceUid,
      seriesInstanceUid: object.seriesInstanceUid,
      seriesDescription: 'Calcium report',
      title: dcm('126000', 'Imaging Measurement Report'),
      procedure: options.procedure,
      readerName: 'Διονυσίου^Ελένη',
      deviceName: 'Voxelwise test 9.9.9',
      isComplete: true,
      groups: [
        {
          ...first,
          segment: { sopInstanceUid: first.segment!.segmentation.sopInstanceUid, number: 2 },
          sourceSeriesUid: '2.25.100',
          measurements: stored(first),
        },
        {
          tracking: total.tracking,
          finding: null,
          findingSites: [],
          segment: null,
          sourceSeriesUid: '',
          algorithm: null,
          measurements: stored(total),
          evaluations: [],
          texts: [],
        },
      ],
    });
  });

  test('every double exactly, however many digits it has', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 100; i++) {
      const values = [random() * 10 ** Math.floor(random() * 30 - 10), random() / 3] as const;
      const read = readMeasurementReport(writeMeasurementReport(testSource(), groups(values), options).bytes);
      expect(read.groups.map(({ measurements }) => measurements.map(({ value }) => value))).toEqual([
        [...values],
        [values[0] + values[1]],
      ]);
    }
  });

  test('a report of another writer, which has decimal strings only', () => {
    const item = numberItem('CONTAINS', SCORE, 0.1, NO_UNITS);
    const decimal = { NumericValue: '12.5', MeasurementUnitsCodeSequence: [] };
    expect(valueOfNumberItem({ ...item, MeasuredValueSequence: [decimal] })).toEqual({ value: 12.5, unit: null });
    expect(valueOfNumberItem({ ...item, MeasuredValueSequence: [] })).toBeNull();
  });

  test('a section of another document, number by number', () => {
    const { bytes } = writeSectionReport(testSource(), DOCUMENT, SECTION, options);
    expect(readSection(bytes, DOCUMENT, SECTION)).toEqual({
      measurements: [
        { ...SECTION.measurements[0], method: null, derivation: null, site: null },
        { ...score(1 / 3), derivation: null, site: SITE },
        { ...score(2 / 3), derivation: null, site: null },
      ],
      texts: SECTION.texts,
    });
    expect(() => readMeasurementReport(bytes)).toThrow(/no measurement report \(TID 1500\), but TID 3900\.$/);
    expect(readSection(bytes, { ...DOCUMENT, template: '1500' }, SECTION)).toBeNull();
    expect(readSection(bytes, DOCUMENT, { ...SECTION, name: SCORE })).toBeNull();
  });
});

describe('is refused in one sentence', () => {
  const report = () => writeMeasurementReport(testSource(), groups([1, 2]), options).bytes;
  test.each<[string, () => unknown, RegExp]>([
    ['a report without groups', () => writeMeasurementReport(testSource(), [], options), /at least one group/],
    [
      'a value that is no number',
      () => writeMeasurementReport(testSource(), groups([Number.NaN, 1]), options),
      /NaN is not a number/,
    ],
    [
      'an image',
      () => readMeasurementReport(testSlices()[0]!),
      /no measurement report \(TID 1500\), but a CT object\.$/,
    ],
    ['a segmentation', () => readMeasurementReport(segmentation().bytes), /but a SEG object\.$/],
    [
      'two values that contradict each other',
      () =>
        valueOfNumberItem({
          ...numberItem('CONTAINS', SCORE, 1, NO_UNITS),
          MeasuredValueSequence: [{ NumericValue: '10', FloatingPointValue: 1 }],
        }),
      /is 10 as text and 1 as a number; one of them is wrong\.$/,
    ],
    [
      'two values in one',
      () => {
        const item = numberItem('CONTAINS', SCORE, 1, NO_UNITS);
        const [value] = item.MeasuredValueSequence as readonly DataSet[];
        return valueOfNumberItem({ ...item, MeasuredValueSequence: [value, { ...value }] });
      },
      /^Coronary artery calcium score in the report has 2 values; which of them is meant cannot be known\.$/,
    ],
    [
      'two lists of measurements',
      () => {
        const { dataSet } = readPart10(report());
        const tree = dataSet.ContentSequence as readonly DataSet[];
        return readMeasurementReport(writePart10({ ...dataSet, ContentSequence: [...tree, tree.at(-1)!] }));
      },
      /has 2 lists of measurements/,
    ],
    [
      'an infinite number',
      () =>
        valueOfNumberItem({
          ...numberItem('CONTAINS', SCORE, 1, NO_UNITS),
          MeasuredValueSequence: [{ NumericValue: '1', FloatingPointValue: Number.POSITIVE_INFINITY }],
        }),
      /is Infinity, which is no measurement\.$/,
    ],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(DicomResultError);
    expect(attempt).toThrow(message);
  });

  test.each([
    ['as it is written', []],
    ...(hasDcmconv()
      ? [
          ['with undefined lengths', ['+te', '-e']],
          ['in implicit VR with undefined lengths', ['+ti', '-e']],
        ]
      : []),
  ] as [string, string[]][])('a file that was cut off anywhere, %s', (_, conversion) => {
    const written = report();
    const bytes = conversion.length > 0 ? rewritten(written, ...conversion) : written;
    expect(readMeasurementReport(bytes)).toEqual(readMeasurementReport(written));
    for (let length = 0; length < bytes.length; length += 41) {
      expect(() => readMeasurementReport(bytes.slice(0, length))).toThrow(DicomResultError);
    }
    const tree = parsePart10(bytes).elements.x0040a730!.dataOffset - (conversion[0] === '+ti' ? 8 : 12);
    expect(() => readMeasurementReport(bytes.slice(0, tree))).toThrow(/has no content/);
  });
});

test('evidence lists the source slices and the segmentation, by series', () => {
  const written = groups([1, 2]);
  const { dataSet } = readPart10(writeMeasurementReport(testSource(), written, options).bytes);
  expect(dataSet).toMatchObject({
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: '2.25.99',
        ReferencedSeriesSequence: [
          { SeriesInstanceUID: '2.25.100', ReferencedSOPSequence: [{}, {}, {}] },
          {
            SeriesInstanceUID: written[0]!.segment!.segmentation.seriesInstanceUid,
            ReferencedSOPSequence: [{ ReferencedSOPInstanceUID: written[0]!.segment!.segmentation.sopInstanceUid }],
          },
        ],
      },
    ],
  });
});

test('text outside the character set of the source makes the whole report Unicode, the name included', () => {
  const attributes = { SpecificCharacterSet: 'ISO_IR 126', PatientName: sourceBytes([0xc4, 0xe9, 0xef]) };
  const source = testSource({ attributes });
  // mm² of the convention is in ISO 8859-7, 山田 is not.
  expect(readPart10(writeMeasurementReport(source, groups([1, 2]), options).bytes).dataSet).toMatchObject({
    SpecificCharacterSet: 'ISO_IR 126',
  });
  const { bytes } = writeMeasurementReport(source, groups([1, 2]), { ...options, readerName: '山田^太郎' });
  expect(textOf(readPart10(bytes).dataSet, 'PatientName')).toBe('Διο');
  expect(readMeasurementReport(bytes).readerName).toBe('山田^太郎');
});

describe('referees', () => {
  withDciodvfy('dciodvfy finds no error', () => {
    const attributes = { SpecificCharacterSet: 'ISO_IR 100', PatientName: sourceBytes([0x4d, 0xfc]) };
    const source = testSource({ attributes });
    const { bytes } = writeMeasurementReport(source, groups([1 / 3, 1e-7]), { ...options, readerName: 'Smith^Ann' });
    expect(dciodvfyErrors(bytes)).toEqual([]);
    expect(dciodvfyErrors(writeSectionReport(source, DOCUMENT, SECTION, options).bytes)).toEqual([]);
    // That it can find one: a report without its evidence of completion.
    expect(dciodvfyErrors(writePart10({ ...readPart10(bytes).dataSet, CompletionFlag: undefined })).length).toBe(1);
  });

  withPython('highdicom reads the same groups, numbers, units and codes', () => {
    const written = groups([1 / 3, 302.20474]);
    const { bytes } = writeMeasurementReport(testSource(), written, { ...options, readerName: 'Smith^Ann' });
    const code = ({ value, scheme, meaning }: { value: string; scheme: string; meaning: string }) => [
      value,
      scheme,
      meaning,
    ];
    const segment = written[0]!.segment!;
    expect(runReferee('read_report.py', fileOf('report.dcm', bytes))).toEqual({
      class: 'Comprehensive3DSR',
      patient: { PatientName: 'Doe^Jane', PatientID: 'P-1' },
      observers: [
        ['121007', 'DCM', 'Device'],
        ['121006', 'DCM', 'Person'],
      ],
      procedures: [code(options.procedure)],
      evidence: ['2.25.100.1', '2.25.100.2', '2.25.100.3', segment.segmentation.sopInstanceUid].sort(),
      groups: [
        {
          trackingId: 'Calcium RCA',
          trackingUid: '2.25.4711',
          finding: ['237897009', 'SCT', 'Vascular Calcification'],
          findingSites: [code(SITE)],
          segment: [segment.segmentation.sopInstanceUid, 2],
          measurements: [
            {
              name: code(SCORE),
              decimal: '0.33333333333333',
              double: 1 / 3,
              unit: code(NO_UNITS),
              method: code(AGATSTON),
              derivation: null,
            },
            {
              name: ['122660', 'DCM', 'Calcium Volume'],
              decimal: '302.20474',
              double: 302.20474,
              unit: ['mm3', 'UCUM', 'mm3'],
              method: null,
              derivation: code(MEAN),
            },
          ],
          evaluations: [[['111071', 'DCM', 'CAD Operating Point'], code(SITE)]],
          texts: written[0]!.texts!.map(({ name, text }) => [code(name), text]),
        },
        {
          trackingId: 'Calcium total',
          trackingUid: '2.25.4712',
          finding: null,
          findingSites: [],
          segment: null,
          measurements: [
            {
              name: code(SCORE),
              decimal: expect.any(String),
              double: 1 / 3 + 302.20474,
              unit: code(NO_UNITS),
              method: code(AGATSTON),
              derivation: null,
            },
          ],
          evaluations: [],
          texts: [],
        },
      ],
    });
  });
});
