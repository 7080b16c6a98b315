import { type DataSet, DicomResultError, readPart10, writePart10 } from '@voxelwise/dicom';
import { CALIBRATION, options, randomCase } from './calcium-objects.test-support.ts';
import { writeCalciumObjects } from './calcium-seg-sr.ts';
import { isCalciumReport, readCalciumReport, readCalciumSegmentation } from './read-calcium-objects.ts';

const { result, source } = randomCase(13, { calibration: CALIBRATION });
const objects = writeCalciumObjects(source, result, options);
const { dataSet: report } = readPart10(objects.report.bytes);

const codeOf = (item: DataSet, keyword: 'ConceptNameCodeSequence' | 'ConceptCodeSequence') => {
  const [code] = (item[keyword] ?? []) as readonly DataSet[];
  return code?.CodeValue;
};
const isNamed = (name: string) => (item: DataSet) => codeOf(item, 'ConceptNameCodeSequence') === name;
const below = (item: DataSet) => (item.ContentSequence ?? []) as readonly DataSet[];

/** LM, LAD, LCX, RCA, total: the groups of a report, with one of them changed. */
type Change = (items: readonly DataSet[]) => readonly DataSet[];
function withGroup(index: number, change: Change): Uint8Array {
  return withGroups(groups =>
    groups.map((group, at) => (at === index ? { ...group, ContentSequence: change(below(group)) } : group)),
  );
}
function withGroups(change: Change): Uint8Array {
  const tree = below(report).map(item =>
    isNamed('126010')(item) ? { ...item, ContentSequence: change(below(item)) } : item,
  );
  return writePart10({ ...report, ContentSequence: tree });
}

/** Every item of this name as `edit` makes it. */
const each =
  (name: string, edit: (item: DataSet) => DataSet): Change =>
  items =>
    items.map(item => (isNamed(name)(item) ? edit(item) : item));
const twice =
  (name: string, edit: (item: DataSet) => DataSet = item => item): Change =>
  items =>
    items.flatMap(item => (isNamed(name)(item) ? [item, edit(item)] : [item]));
const without =
  (name: string): Change =>
  items =>
    items.filter(item => !isNamed(name)(item));

/** A number with another value. */
const valued = (value: number) => (item: DataSet) => {
  const [measured] = item.MeasuredValueSequence as readonly DataSet[];
  return { ...item, MeasuredValueSequence: [{ ...measured, NumericValue: String(value), FloatingPointValue: value }] };
};
const inUnit = (value: string) => (item: DataSet) => {
  const [measured] = item.MeasuredValueSequence as readonly DataSet[];
  const unit = { CodeValue: value, CodingSchemeDesignator: 'UCUM', CodeMeaning: value };
  return { ...item, MeasuredValueSequence: [{ ...measured, MeasurementUnitsCodeSequence: [unit] }] };
};
const coded = (value: string) => (item: DataSet) => {
  const [code] = item.ConceptCodeSequence as readonly DataSet[];
  return { ...item, ConceptCodeSequence: [{ ...code, CodeValue: value }] };
};
const asText = (edit: (text: string) => string) => (item: DataSet) => ({
  ...item,
  TextValue: edit(String(item.TextValue)),
});
const onSegment = (change: DataSet) => (item: DataSet) => {
  const [reference] = item.ReferencedSOPSequence as readonly DataSet[];
  return { ...item, ReferencedSOPSequence: [{ ...reference, ...change }] };
};

const { agatston } = result.vessels[1]!.score;
const METHOD = '370129005';
const SEGMENT = '121191';

test('a report that nobody has changed is read', () => {
  expect(readCalciumReport(withGroup(0, items => items))).toEqual(readCalciumReport(objects.report.bytes));
});

describe('a report that somebody has changed is refused', () => {
  test.each<[string, () => Uint8Array, RegExp]>([
    [
      'a unit',
      () => withGroup(0, each('122660', inUnit('ml'))),
      /"Calcium LM" says its Calcium Volume in another unit than cubic millimeter\.$/,
    ],
    [
      'the unit of every mass',
      () =>
        withGroups(groups =>
          groups.map(group => ({ ...group, ContentSequence: each('122661', inUnit('g'))(below(group)) })),
        ),
      /says its Calcium Mass in another unit than milligram\.$/,
    ],
    ['an artery', () => withGroup(0, each('363698007', coded('59438005'))), /it has no group for LM\.$/],
    [
      'a connectivity',
      () =>
        withGroup(
          4,
          each(
            'CONVENTION_JSON',
            asText(text => text.replace('"connectivity":8', '"connectivity":6')),
          ),
        ),
      /cannot be read \(its connectivity is neither 4 nor 8\)/,
    ],
    [
      'a score',
      () => withGroup(1, each('450360000', valued(agatston + 1))),
      /contradicts itself.*Agatston scores add up to/,
    ],
    [
      'a sign',
      () => withGroup(1, each('450360000', valued(-agatston))),
      /"Calcium LAD" says its Coronary artery calcium score to be -/,
    ],
    [
      'the name of the mass',
      () => withGroup(0, without('122661')),
      /contradicts itself\. The masses of some are missing\.$/,
    ],
    [
      'a second score',
      () => withGroup(1, twice('450360000', valued(agatston + 5))),
      /"Calcium LAD" says its Coronary artery calcium score 2 times\.$/,
    ],
    [
      'a second value within a score',
      () =>
        withGroup(
          1,
          each('450360000', item => {
            const [value] = item.MeasuredValueSequence as readonly DataSet[];
            return { ...item, MeasuredValueSequence: [value, value] as readonly DataSet[] };
          }),
        ),
      /Coronary artery calcium score in the report has 2 values/,
    ],
    [
      'the method of a score',
      () =>
        withGroup(
          2,
          each('450360000', item => ({ ...item, ContentSequence: each(METHOD, coded('112056'))(below(item)) })),
        ),
      /"Calcium LCX" says its Coronary artery calcium score by another method than Agatston scoring method\.$/,
    ],
    [
      'a score without its method',
      () =>
        withGroup(
          2,
          each('450360000', ({ ContentSequence: _, ...item }) => item),
        ),
      /"Calcium LCX" says its Coronary artery calcium score by another method/,
    ],
    [
      'a part of a lesion',
      () => withGroup(3, each('LESIONS', valued(2.5))),
      /the Number of lesions of "Calcium RCA" is 2\.5, which is no count\.$/,
    ],
    [
      'the threshold beside a number',
      () => withGroup(0, each('122657', valued(200))),
      /contradicts itself\. The Agatston Score Threshold of "Calcium LM" is 200, and its convention says 130\.$/,
    ],
    ['no threshold', () => withGroup(4, without('122657')), /Threshold of "Calcium total" is missing/],
    [
      'the calibration beside a number',
      () => withGroup(4, each('122659', valued(0.8))),
      /Calcium Scoring Calibration of "Calcium total" is 0\.8, and its convention says 0\.812345/,
    ],
    [
      'the segmentation of a vessel',
      () => withGroup(2, each(SEGMENT, onSegment({ ReferencedSOPInstanceUID: '2.25.1' }))),
      /"Calcium LCX" is of another segmentation or series than "Calcium LM"\.$/,
    ],
    [
      'the series of a vessel',
      () =>
        withGroup(
          3,
          each('121232', item => ({ ...item, UID: '2.25.1' })),
        ),
      /"Calcium RCA" is of another segmentation or series than "Calcium LM"\.$/,
    ],
    [
      'the segment of a vessel',
      () => withGroup(1, each(SEGMENT, onSegment({ ReferencedSegmentNumber: 3 }))),
      /"Calcium LAD" is not the segment 2 of its segmentation\.$/,
    ],
    ['no segment', () => withGroup(1, without(SEGMENT)), /it has several groups for the total\.$/],
    [
      'a further group',
      () =>
        withGroups(groups => [
          ...groups,
          { ...groups[0], ContentSequence: each('363698007', coded('15825003'))(below(groups[0]!)) },
        ]),
      /it has 6 groups, and not those of LM, LAD, LCX, RCA and their total alone\.$/,
    ],
    [
      'the finding of a vessel',
      () => withGroup(2, each('121071', coded('39937001'))),
      /"Calcium LCX" is not about calcification\.$/,
    ],
    [
      'a second convention',
      () => withGroup(4, twice('CONVENTION_JSON')),
      /"Calcium total" says "Scoring convention as JSON" 2 times\.$/,
    ],
    [
      'another convention for a vessel',
      () =>
        withGroups(groups => {
          const json = below(groups[4]!).find(isNamed('CONVENTION_JSON'))!;
          const other = asText(text => text.replace('"equivalent3mm":true', '"equivalent3mm":false'))(json);
          return groups.map((group, at) =>
            at === 0 ? { ...group, ContentSequence: [...below(group), other] } : group,
          );
        }),
      /it has several scoring conventions\.$/,
    ],
    [
      'a second text to reopen',
      () => withGroup(4, twice('REOPENING_JSON')),
      /says "What reopening the result needs, as JSON" 2 times\.$/,
    ],
  ])('%s', (_, changed, message) => {
    const file = changed();
    expect(() => readCalciumReport(file)).toThrow(DicomResultError);
    expect(() => readCalciumReport(file)).toThrow(message);
  });

  test('it is a calcium report all the same, and other objects are none', () => {
    expect(isCalciumReport(withGroup(0, without('122661')))).toBe(true);
    const { segmentation, cardiovascularReport } = objects;
    expect([segmentation, cardiovascularReport].map(({ bytes }) => isCalciumReport(bytes))).toEqual([false, false]);
  });
});

test('a segmentation whose vessels have other numbers than in the report is refused', () => {
  const { dataSet } = readPart10(objects.segmentation.bytes);
  const segments = dataSet.SegmentSequence as readonly DataSet[];
  const region = (index: number) => ({ AnatomicRegionSequence: segments[index]!.AnatomicRegionSequence });
  const swapped = segments.map((segment, index) => ({ ...segment, ...region([1, 0, 2, 3][index]!) }));
  expect(() => readCalciumSegmentation(writePart10({ ...dataSet, SegmentSequence: swapped }), source)).toThrow(
    /^The segment 1 of the segmentation is LAD, which a calcium report knows under another number\.$/,
  );
});
