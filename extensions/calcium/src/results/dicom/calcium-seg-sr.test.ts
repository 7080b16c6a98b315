import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thresholdMask } from '@voxelwise/compute/twins';
import {
  type DataSet,
  type DerivedSource,
  DicomResultError,
  readCalciumScoringReport,
  readPart10,
  sourceFromFiles,
  writePart10,
} from '@voxelwise/dicom';
import { dciodvfyErrors, hasDciodvfy, hasPythonReferees, runReferee } from '../../../../../e2e/referees/referees.ts';
import { randomVolume, seededRandom } from '../../core/calcium.test-support.ts';
import {
  type Convention,
  DEFAULT_CONVENTION,
  type DiscRegion,
  describeConvention,
  enteredCalibration,
  findLesions,
  type HuVolume,
  type LesionSet,
  type MassCalibration,
  maskInRegion,
  scoreLesions,
  scoreMass,
  VESSELS,
  type Vessel,
} from '../../core/index.ts';
import { voxelsOfRuns } from '../../core/voxel-runs.ts';
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

const CALIBRATION = enteredCalibration({ factor: 0.8123456789, unit: 'mg/cm3/HU', date: '2025-01-15', text: 'für Ω' });

/** A calcium result in which `vesselOf` says which lesion belongs where; the others count for nothing. */
function resultOf(
  set: LesionSet,
  vesselOf: readonly (Vessel | null)[],
  calibration: MassCalibration | null,
): CalciumResult {
  const scores = (include: (lesion: number) => boolean) => ({
    score: scoreLesions(set, include),
    massMg: scoreMass(set, calibration, include).massMg,
  });
  return {
    vessels: VESSELS.map(vessel => ({
      vessel,
      voxels: voxelsOfRuns(set.runs, run => vesselOf[set.lesionOfRun[run]!] === vessel),
      ...scores(lesion => vesselOf[lesion] === vessel),
    })),
    total: scores(lesion => vesselOf[lesion] !== null),
    convention: set.convention,
    conventionInWords: describeConvention(set.convention, set.spacingMm[2]),
    calibration,
    producer: 'wasm-simd',
    warnings: ['The score is below 100 mm², where it is noisy.'],
    reopening: JSON.stringify({ kept: 'für später', numbers: [0.1 + 0.2] }),
    software: { name: 'Voxelwise calcium', version: '9.9.9' },
  };
}

const options = { takenSeriesNumbers: [1, 2, 1000], readerName: 'Doe^Jane' };

/** A random volume as CT slices in files, with its lesions given to vessels at random. */
function randomCase(seed: number, convention: Partial<Convention> = {}, calibration: MassCalibration | null = null) {
  const random = seededRandom(seed);
  const volume = randomVolume(random, [37, 21, 4], 0.15, [0.5, 0.75, 2.5]);
  const whole = { ...DEFAULT_CONVENTION, ...convention };
  const set = findLesions(thresholdMask(volume, whole.thresholdHu), volume, whole);
  const vessels = Array.from({ length: set.lesions.count }, () => [...VESSELS, null][Math.floor(random() * 5)]!);
  const result = resultOf(set, vessels, calibration);
  const files = slicesOf(volume);
  return { result, files, source: sourceFromFiles(files) };
}

function slicesOf({ voxels, dimensions, spacingMm }: HuVolume): Uint8Array[] {
  const [columns, rows, slices] = dimensions;
  return Array.from({ length: slices }, (_, slice) => {
    const pixels = Int16Array.from(voxels.subarray(slice * rows * columns, (slice + 1) * rows * columns));
    const attributes: DataSet = {
      SpecificCharacterSet: 'ISO_IR 100',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: `2.25.100.${slice + 1}`,
      StudyInstanceUID: '2.25.99',
      SeriesInstanceUID: '2.25.100',
      FrameOfReferenceUID: '2.25.98',
      Modality: 'CT',
      PatientName: 'Müller^Jörg',
      PatientID: 'P-1',
      PatientBirthDate: '19600229',
      PatientSex: 'M',
      StudyID: '7',
      StudyDate: '20250115',
      StudyTime: '101500',
      AccessionNumber: 'A-1',
      ReferringPhysicianName: '',
      ImagePositionPatient: [-10.5, -20, 100 + spacingMm[2] * slice],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [spacingMm[1], spacingMm[0]],
      SliceThickness: spacingMm[2],
      Rows: rows,
      Columns: columns,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      RescaleSlope: 1,
      RescaleIntercept: 0,
      PixelData: new Uint8Array(pixels.buffer),
    };
    return writePart10(attributes);
  });
}

const CONVENTIONS: Partial<Convention>[] = [
  {},
  { connectivity: 4, minimumLesion: { rule: 'pixels', pixels: 3 }, equivalent3mm: false },
  { thresholdHu: 147.5, weightEdgesHu: [147.5, 0.1 + 0.2, 300, 400], volumeMethod: 'voxels' },
];

describe('what is written is read back', () => {
  test.each(CONVENTIONS)('every number, voxel and convention exactly: %j', convention => {
    for (const calibration of [null, CALIBRATION]) {
      const { result, source } = randomCase(5, convention, calibration);
      const objects = writeCalciumObjects(source, result, options);
      const vessels = result.vessels.map(({ vessel, score, massMg }) => ({ vessel, score, massMg }));
      expect(readCalciumReport(objects.report.bytes)).toEqual({
        vessels,
        total: result.total,
        convention: result.convention,
        calibration,
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
    const { result, source } = randomCase(6, {}, CALIBRATION);
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
    const { result, source } = randomCase(7, { thresholdHu: 3000 });
    const objects = writeCalciumObjects(source, result, options);
    expect(readCalciumReport(objects.report.bytes).total.score.agatston).toBe(0);
    const voxels = readCalciumSegmentation(objects.segmentation.bytes, source);
    expect(VESSELS.map(vessel => voxels[vessel]?.row.length)).toEqual([0, 0, 0, 0]);
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

test('vessels that do not add up to the total are not stored', () => {
  const { result, source } = randomCase(9);
  const total = { ...result.total, score: { ...result.total.score, agatston: result.total.score.agatston + 1 } };
  expect(() => writeCalciumObjects(source, { ...result, total }, options)).toThrow(DicomResultError);
  expect(() => writeCalciumObjects(source, { ...result, total }, options)).toThrow(
    /agatston add up to .* not stored\.$/,
  );
});

test('reports and segmentations of something else are refused', () => {
  const { result, source } = randomCase(10);
  const { segmentation, cardiovascularReport } = writeCalciumObjects(source, result, options);
  expect(() => readCalciumReport(segmentation.bytes)).toThrow(/no measurement report/);
  expect(() => readCalciumReport(cardiovascularReport.bytes)).toThrow(/no measurement report/);
  expect(() => readCalciumSegmentation(cardiovascularReport.bytes, source)).toThrow(/no DICOM Segmentation/);
});

describe('referees', () => {
  withDciodvfy('dciodvfy finds no error in any of the objects', () => {
    for (const calibration of [null, CALIBRATION]) {
      const { result, source } = randomCase(11, {}, calibration);
      for (const { bytes } of Object.values(writeCalciumObjects(source, result, options))) {
        expect(dciodvfyErrors(bytes)).toEqual([]);
      }
    }
  });

  withPython.each(CONVENTIONS.slice(0, 2))('pydicom scores the same from the stored voxels: %j', convention => {
    const { result, source, files } = randomCase(12, convention);
    const slices = join(folder, `slices-${result.convention.connectivity}`);
    mkdirSync(slices, { recursive: true });
    files.forEach((file, slice) => {
      writeFileSync(join(slices, `${slice}.dcm`), file);
    });
    expectSameScores(result, source, slices);
  });

  (hasPhantom && hasPythonReferees() ? test : test.skip)(
    'a real scan: published scores, from pixels and report',
    () => {
      const { result, source } = phantomCase();
      expect(result.total.score.agatston).toBeCloseTo(966.626, 3);
      expectSameScores(result, source, join(PHANTOM, 'dicom'));
      for (const { bytes } of Object.values(writeCalciumObjects(source, result, options))) {
        if (hasDciodvfy()) expect(dciodvfyErrors(bytes)).toEqual([]);
      }
    },
  );
});

/** The report's numbers are ours exactly, and an independent program finds them in the stored voxels. */
function expectSameScores(result: CalciumResult, source: DerivedSource, slices: string): CalciumObjects {
  const objects = writeCalciumObjects(source, result, options);
  const files = [objects.segmentation, objects.report].map(({ bytes, sopInstanceUid }) => {
    const file = join(folder, `${sopInstanceUid}.dcm`);
    writeFileSync(file, bytes);
    return file;
  });
  const { labels, fromPixels, fromReport } = runReferee('calcium_from_seg.py', ...files, slices) as {
    labels: string[];
    fromPixels: { agatston: number; volumeMm3: number; voxels: number }[];
    fromReport: Record<string, number>[];
  };
  expect(labels).toEqual(VESSELS);
  const ours = [...result.vessels, result.total];
  expect(fromReport.map(numbers => [numbers['450360000'], numbers['122660'], numbers.LESIONS])).toEqual(
    ours.map(({ score }) => [score.agatston, score.volumeMm3, score.lesions]),
  );
  fromPixels.forEach(({ agatston, volumeMm3 }, index) => {
    const { score } = result.vessels[index]!;
    expect(score.agatston).toBeGreaterThan(0);
    expect(Math.abs(agatston - score.agatston)).toBeLessThan(1e-9 * score.agatston);
    expect(Math.abs(volumeMm3 - score.volumeMm3)).toBeLessThan(1e-9 * score.volumeMm3);
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
  const regions = JSON.parse(readFileSync(join(PHANTOM, 'rois.json'), 'utf8')) as DiscRegion[];
  const mask = thresholdMask(volume, DEFAULT_CONVENTION.thresholdHu);
  const inRegions = regions.map(region => maskInRegion(mask, volume, region).words);
  const words = mask.words.map((_, word) => inRegions.reduce((bits, inRegion) => bits | inRegion[word]!, 0));
  const set = findLesions({ ...mask, words }, volume, DEFAULT_CONVENTION);
  const vessels = Array.from({ length: set.lesions.count }, (_, lesion) => VESSELS[lesion % 4]!);
  return { result: resultOf(set, vessels, CALIBRATION), source };
}
