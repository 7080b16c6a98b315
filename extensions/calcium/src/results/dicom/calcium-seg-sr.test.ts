import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thresholdMask } from '@voxelwise/compute/twins';
import {
  type DataSet,
  type DerivedSource,
  type DicomObject,
  DicomResultError,
  itemsOf,
  type NaturalDataSet,
  readPart10,
  readSegmentation,
  sourceFromFiles,
  textOf,
} from '@voxelwise/dicom';
import { dciodvfyErrors, hasDciodvfy, hasPythonReferees, runReferee } from '../../../../../e2e/referees/referees.ts';
import { findLesions, maskInRegion } from '../../core/calcium.test-support.ts';
import {
  applyEdits,
  assignPart,
  type Convention,
  DEFAULT_CONVENTION,
  type DiscRegion,
  type HeartRegion,
  type HuVolume,
  VESSELS,
} from '../../core/index.ts';
import { CALIBRATION, type Case, options, randomCase, resultOf } from './calcium-objects.test-support.ts';
import { readCalciumScoringReport } from './calcium-scoring-report.ts';
import { type CalciumObjects, type CalciumResult, writeCalciumObjects } from './calcium-seg-sr.ts';
import { readCalciumReport, readCalciumSegmentation } from './read-calcium-objects.ts';

const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;

/** A real scan of the QRM cardiac calcification insert, with published scores; beside the repository. */
const PHANTOM = join(__dirname, '../../../../../../shared/data/calcium/qrm-phantom');
const hasPhantom = existsSync(PHANTOM);
if (!hasPhantom && process.env.CI) {
  throw new Error('CI is set, but the test data ../shared/data/calcium/qrm-phantom is missing.');
}
if (!hasPhantom) console.warn('Skipped: ../shared/data/calcium/qrm-phantom is not here.');

const folder = mkdtempSync(join(tmpdir(), 'voxelwise-calcium-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Cuts through components, one shape over the other, one outside the image. */
const REGION: HeartRegion = {
  shapes: [
    { kind: 'ellipse', centre: [12.5, 10], radii: [9 + 1 / 3, 7], slices: [0, 2] },
    {
      kind: 'polygon',
      points: [
        [10, 2.5],
        [30.2, 18],
        [33, 4],
        [11, 19.75],
      ],
      slices: [1, 3],
    },
    { kind: 'ellipse', centre: [-20, 3], radii: [5, 5], slices: [0, 3] },
  ],
};

const CONVENTIONS: Partial<Convention>[] = [
  {},
  { connectivity: 4, minimumLesion: { rule: 'pixels', pixels: 3 }, equivalent3mm: false },
  { thresholdHu: 147.5, weightEdgesHu: [147.5, 200.1 + 0.2, 300, 400], volumeMethod: 'voxels' },
];

describe('what is written is read back', () => {
  test.each(CONVENTIONS)('every number, voxel and convention exactly: %j', convention => {
    for (const calibration of [null, CALIBRATION]) {
      const { result, source } = randomCase(5, { convention, calibration, region: REGION });
      const objects = writeCalciumObjects(source, result, options);
      const vessels = result.vessels.map(({ vessel, score, massMg }) => ({ vessel, score, massMg }));
      expect(readCalciumReport(objects.report.bytes)).toEqual({
        vessels,
        total: result.total,
        convention: result.convention,
        calibration,
        region: REGION,
        producer: 'wasm-simd',
        segmentationUid: objects.segmentation.sopInstanceUid,
        sourceSeriesUid: '2.25.100',
        readerName: 'Doe^Jane',
        reopening: expect.any(String),
      });
      const { reopening } = readCalciumReport(objects.report.bytes);
      expect(JSON.parse(reopening)).toEqual(JSON.parse(result.reopening!));
      const voxels = readCalciumSegmentation(objects.segmentation.bytes, source);
      expect(voxels).toEqual(Object.fromEntries(result.vessels.map(({ vessel, voxels }) => [vessel, voxels])));
    }
  });

  test('the cardiovascular report has the same numbers', () => {
    const { result, source } = randomCase(6, { calibration: CALIBRATION });
    const { bytes } = writeCalciumObjects(source, result, options).cardiovascularReport;
    const { measurements } = readCalciumScoringReport(bytes);
    const agatston = measurements.filter(({ name }) => name.value === '450360000');
    expect(agatston.map(({ value, site, method }) => [value, site?.meaning ?? null, method?.value])).toEqual([
      [result.vessels[0]!.score.agatston, 'Left main coronary artery', '112055'],
      [result.vessels[1]!.score.agatston, 'Left anterior descending coronary artery', '112055'],
      [result.vessels[2]!.score.agatston, 'Circumflex coronary artery', '112055'],
      [result.vessels[3]!.score.agatston, 'Right coronary artery', '112055'],
      [result.total.score.agatston, null, '112055'],
    ]);
  });

  test('a score of zero has empty segments', () => {
    const { result, source } = randomCase(7, { convention: { thresholdHu: 3000 } });
    const objects = writeCalciumObjects(source, result, options);
    expect(readCalciumReport(objects.report.bytes).total.score.agatston).toBe(0);
    const voxels = readCalciumSegmentation(objects.segmentation.bytes, source);
    expect(VESSELS.map(vessel => voxels[vessel]?.row.length)).toEqual([0, 0, 0, 0]);
  });
});

/** A wavy outline around the middle of the random volumes. */
const OUTLINE: HeartRegion = {
  shapes: [
    {
      kind: 'polygon',
      points: Array.from({ length: 5000 }, (_, i) => {
        const [angle, radius] = [(i * Math.PI) / 2500, 0.8 + 0.1 * Math.sin(i / 7)];
        const round = (value: number) => Math.round(value * 100) / 100;
        return [round(18 + 17 * radius * Math.cos(angle)), round(10 + 10 * radius * Math.sin(angle))];
      }),
      slices: [0, 3],
    },
  ],
};

describe('a heart region with an outline of 5000 points', () => {
  const { result, source } = randomCase(14, { calibration: CALIBRATION, region: OUTLINE });
  const objects = writeCalciumObjects(source, result, options);

  test('is stored and comes back point by point', () => {
    expect(readCalciumReport(objects.report.bytes).region).toEqual(OUTLINE);
    const voxels = readCalciumSegmentation(objects.segmentation.bytes, source);
    expect(voxels).toEqual(Object.fromEntries(result.vessels.map(({ vessel, voxels }) => [vessel, voxels])));
  });

  test('stands once in a report, and not in the segmentation', () => {
    const point = OUTLINE.shapes[0]!.kind === 'polygon' && JSON.stringify(OUTLINE.shapes[0]!.points[4321]);
    const times = ({ bytes }: DicomObject) => new TextDecoder('latin1').decode(bytes).split(`,${point},`).length - 1;
    expect([objects.segmentation, objects.report, objects.cardiovascularReport].map(times)).toEqual([0, 1, 1]);
    const { segments } = readSegmentation(objects.segmentation.bytes, source);
    for (const { algorithm } of segments) {
      expect(JSON.parse(algorithm!.parameters!)).toEqual({ convention: result.convention, producer: result.producer });
    }
  });

  withDciodvfy('and dciodvfy finds no error in any object', () => {
    for (const { bytes } of Object.values(objects)) expect(dciodvfyErrors(bytes)).toEqual([]);
  });
});

test('patient and character set are those of the source, series are new and numbered apart', () => {
  const { result, source, files } = randomCase(8);
  const objects = Object.values(writeCalciumObjects(source, result, options));
  const sets = objects.map(({ bytes }) => readPart10(bytes).dataSet);
  const patient = ({ PatientName, PatientID, SpecificCharacterSet }: DataSet) => [
    PatientName,
    PatientID,
    SpecificCharacterSet,
  ];
  for (const set of sets) expect(patient(set)).toEqual(patient(readPart10(files[0]!).dataSet));
  expect(sets.map(({ SeriesNumber }) => SeriesNumber)).toEqual(['1001', '1002', '1003']);
  expect(
    new Set(objects.flatMap(({ seriesInstanceUid, sopInstanceUid }) => [seriesInstanceUid, sopInstanceUid])).size,
  ).toBe(6);
});

test.each<[characterSet: string | undefined, text: string, written: string, writtenSet: string | undefined]>([
  ['ISO_IR 100', 'für 10 mm², Dvořák', 'für 10 mm², Dvorák', 'ISO_IR 100'],
  ['ISO_IR 100', 'fu\u0308r', 'für', 'ISO_IR 100'],
  ['ISO_IR 101', 'für Dvořák, mañana', 'für Dvořák, manana', 'ISO_IR 101'],
  ['ISO_IR 192', 'für Ω', 'für Ω', 'ISO_IR 192'],
  ['ISO_IR 100', 'für Ω', 'für Ω', 'ISO_IR 192'],
  [undefined, 'für 10 mm²', 'fur 10 mm2', undefined],
])('in a study of %s, "%s" is written as "%s"', (characterSet, text, written, writtenSet) => {
  const { result, source } = randomCase(8);
  const patientAndStudy = { ...source.patientAndStudy, SpecificCharacterSet: characterSet, PatientName: 'Doe^Jane' };
  const words = { ...result, conventionInWords: ['A line.', text], warnings: [text] };
  const { report, cardiovascularReport } = writeCalciumObjects({ ...source, patientAndStudy }, words, options);
  expect(textsIn(report.bytes)).toEqual(expect.arrayContaining([`A line.\n${written}`, written]));
  expect(textsIn(cardiovascularReport.bytes)).toContain(`A line.\n${written}`);
  expect(readPart10(report.bytes).dataSet.SpecificCharacterSet).toBe(writtenSet);
});

/** All texts of a report, however deep in its tree. */
function textsIn(bytes: Uint8Array): string[] {
  const textsOfItem = (item: NaturalDataSet): string[] => [
    ...(item.ValueType === 'TEXT' ? [textOf(item, 'TextValue')] : []),
    ...itemsOf(item, 'ContentSequence').flatMap(textsOfItem),
  ];
  return textsOfItem(readPart10(bytes).dataSet);
}

test('vessels that do not add up to the total are not stored', () => {
  const { result, source } = randomCase(9);
  const total = { ...result.total, score: { ...result.total.score, agatston: result.total.score.agatston + 1 } };
  expect(() => writeCalciumObjects(source, { ...result, total }, options)).toThrow(DicomResultError);
  expect(() => writeCalciumObjects(source, { ...result, total }, options)).toThrow(
    /Agatston scores add up to .* not stored\.$/,
  );
});

test('reports and segmentations of something else are refused', () => {
  const { result, source } = randomCase(10);
  const { segmentation, report, cardiovascularReport } = writeCalciumObjects(source, result, options);
  expect(() => readCalciumReport(segmentation.bytes)).toThrow(/no measurement report/);
  expect(() => readCalciumReport(cardiovascularReport.bytes)).toThrow(/no measurement report/);
  expect(() => readCalciumScoringReport(report.bytes)).toThrow(/no cardiovascular analysis report/);
  expect(() => readCalciumSegmentation(cardiovascularReport.bytes, source)).toThrow(/no DICOM Segmentation/);
});

describe('referees', () => {
  withDciodvfy.each<[string, Case]>([
    ['any result', { calibration: CALIBRATION, areDivided: true, region: REGION }],
    ['without a calibration', {}],
    ['no calcium at all', { convention: { thresholdHu: 3000 }, calibration: CALIBRATION }],
    ['calcium that is none of the coronary arteries’', { labels: ['excluded', null] }],
    ['one vessel', { labels: ['RCA'] }],
    ['one slice', { slices: 1 }],
    ['nothing on one slice', { slices: 1, convention: { thresholdHu: 3000 } }],
  ])('dciodvfy finds no error in any of the objects: %s', (_, choices) => {
    const { result, source } = randomCase(11, choices);
    for (const { bytes } of Object.values(writeCalciumObjects(source, result, options))) {
      expect(dciodvfyErrors(bytes)).toEqual([]);
    }
  });

  withPython.each<Case>([
    {},
    { convention: CONVENTIONS[1]!, calibration: CALIBRATION },
    { areDivided: true },
    { areDivided: true, region: REGION, calibration: CALIBRATION, convention: { volumeMethod: 'isotropic' } },
    { areDivided: true, region: REGION, convention: { ...CONVENTIONS[1]!, volumeMethod: 'isotropic' } },
    { labels: ['excluded'] },
    { spacingMm: [0.57735, 0.57735, 3] }, // of which 3 pixels are the smallest area, but for the digits
  ])('pydicom finds the same numbers in the stored voxels and the slices: %j', choices => {
    const { result, source, files } = randomCase(12, choices);
    const slices = mkdtempSync(join(folder, 'slices-'));
    files.forEach((file, slice) => {
      writeFileSync(join(slices, `${slice}.dcm`), file);
    });
    expectSameNumbers(result, source, slices);
  });

  (hasPhantom && hasPythonReferees() ? test : test.skip)(
    'a real scan: published scores, from pixels and report',
    () => {
      const { result, source } = phantomCase();
      expect(result.total.score.agatston).toBeCloseTo(966.626, 3);
      const objects = expectSameNumbers(result, source, join(PHANTOM, 'dicom'));
      for (const { bytes } of Object.values(objects)) {
        if (hasDciodvfy()) expect(dciodvfyErrors(bytes)).toEqual([]);
      }
    },
  );
});

/** The report's numbers are ours exactly, and an independent program finds them in the stored voxels and the slices. */
function expectSameNumbers(result: CalciumResult, source: DerivedSource, slices: string): CalciumObjects {
  const objects = writeCalciumObjects(source, result, options);
  const files = [objects.segmentation, objects.report].map(({ bytes, sopInstanceUid }) => {
    const file = join(folder, `${sopInstanceUid}.dcm`);
    writeFileSync(file, bytes);
    return file;
  });
  const { labels, fromPixels, fromReport } = runReferee('calcium_from_seg.py', ...files, slices) as {
    labels: string[];
    fromPixels: Record<string, number>[];
    fromReport: Record<string, number>[];
  };
  expect(labels).toEqual(VESSELS);
  const ours = [...result.vessels, result.total].map(({ score: { agatston, volumeMm3, ...counts }, massMg }) => ({
    score: agatston,
    volume: volumeMm3,
    ...counts,
    ...(massMg !== null && { mass: massMg }),
  }));
  expect(fromReport).toEqual(ours);
  fromPixels.forEach((numbers, index) => {
    expect(Object.keys(numbers).sort()).toEqual(Object.keys(ours[index]!).sort());
    for (const [name, value] of Object.entries(ours[index]!)) {
      expect([name, Math.abs(numbers[name]! - value) <= 1e-9 * value || [numbers[name], value]]).toEqual([name, true]);
    }
  });
  return objects;
}

/** The phantom's nine inserts, given to the vessels in turn. */
function phantomCase(): { result: CalciumResult; source: DerivedSource } {
  const read = readdirSync(join(PHANTOM, 'dicom')).map(name => {
    const file = new Uint8Array(readFileSync(join(PHANTOM, 'dicom', name)));
    const { dataSet } = readPart10(file);
    return { file, dataSet, z: Number((dataSet.ImagePositionPatient as string[])[2]) };
  });
  const sorted = read.sort((a, b) => a.z - b.z);
  const source = sourceFromFiles(sorted.map(({ file }) => file));
  const [{ rows, columns }] = source.slices as [DerivedSource['slices'][number]];
  const voxels = new Int16Array(rows * columns * sorted.length);
  sorted.forEach(({ dataSet: { PixelData, RescaleSlope, RescaleIntercept } }, slice) => {
    const [slope, intercept] = [Number(RescaleSlope), Number(RescaleIntercept)];
    const stored = new Int16Array((PixelData as Uint8Array).slice().buffer);
    voxels.set(
      stored.map(value => value * slope + intercept),
      slice * rows * columns,
    );
  });
  const volume: HuVolume = { voxels, dimensions: [columns, rows, sorted.length], spacingMm: [0.488, 0.488, 3] };
  const discs = JSON.parse(readFileSync(join(PHANTOM, 'rois.json'), 'utf8')) as DiscRegion[];
  const region: HeartRegion = {
    shapes: discs.map(({ centre: [row, column], radiusMm, slices }) => ({
      kind: 'ellipse',
      centre: [column, row],
      radii: [radiusMm / volume.spacingMm[0], radiusMm / volume.spacingMm[1]],
      slices,
    })),
  };
  const mask = thresholdMask(volume, DEFAULT_CONVENTION.thresholdHu);
  const set = findLesions(maskInRegion(mask, volume, region), volume, DEFAULT_CONVENTION);
  const whole = applyEdits(set, []);
  const edits = Array.from({ length: set.lesions.count }, (_, lesion) =>
    assignPart(whole, lesion, VESSELS[lesion % 4]!),
  );
  return { result: resultOf(applyEdits(set, edits), CALIBRATION, region), source };
}
