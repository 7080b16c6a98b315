import {
  type Algorithm,
  asciiJson,
  type DerivedSource,
  type DicomObject,
  DicomResultError,
  freeSeriesNumber,
  inCharacterSet,
  type Measurement,
  type MeasurementGroup,
  newUid,
  type ReportText,
  type Segment,
  textsOf,
  type UidGenerator,
  writeMeasurementReport,
  writeSegmentation,
} from '@voxelwise/dicom';
import type { Convention, HeartRegion, MassCalibration, Score, Vessel, VoxelRuns } from '../../core/index.ts';
import { rgbOf, VESSEL_COLORS } from '../vessel-colors.ts';
import { CODES, QUANTITIES, VESSEL_CODES } from './calcium-codes.ts';
import { writeCalciumScoringReport } from './calcium-scoring-report.ts';

/** Scores of one vessel or of all. Mass is null without a calibration. */
export interface CalciumScores {
  readonly score: Score;
  readonly massMg: number | null;
}

/** A finished calcium result. */
export interface CalciumResult {
  /** LM, LAD, LCX, RCA; voxels count slices in the order of the source. */
  readonly vessels: readonly (CalciumScores & { readonly vessel: Vessel; readonly voxels: VoxelRuns })[];
  readonly total: CalciumScores;
  readonly convention: Convention;
  readonly conventionInWords: readonly string[];
  readonly calibration: MassCalibration | null;
  /** Where calcium was looked for; null for everywhere. Slices count in the order of the source. */
  readonly region: HeartRegion | null;
  /** What computed the lesions: "wasm-simd". */
  readonly producer: string;
  readonly warnings: readonly string[];
  /** JSON that the viewer wants back when the result is reopened. */
  readonly reopening?: string;
  readonly software: { readonly name: string; readonly version: string };
}

export interface CalciumObjectsOptions {
  /** Numbers of the study's series; the new ones get others. */
  readonly takenSeriesNumbers: readonly number[];
  /** The reader, "Family^Given"; '' where nobody has signed in. */
  readonly readerName?: string;
  readonly now?: Date;
  readonly newUid?: UidGenerator;
}

/** In the order in which they are stored: reports refer to the segmentation. */
export interface CalciumObjects {
  readonly segmentation: DicomObject;
  /** TID 1500: what most products read. */
  readonly report: DicomObject;
  /** TID 3900 with TID 3905: what cardiology archives look for. */
  readonly cardiovascularReport: DicomObject;
}

/** What the text under CONVENTION_JSON holds, once in a report: for the total. */
export interface StoredConvention {
  readonly format: 1;
  readonly convention: Convention;
  readonly calibration: MassCalibration | null;
  /** It cuts components where it ends, so whoever scores the voxels anew needs it. */
  readonly region: HeartRegion | null;
  readonly producer: string;
}

/** Room for the rounding of sums, and of decimal strings. */
export const UNCERTAINTY = 1e-9;

/**
 * Writes a calcium result as DICOM: a segmentation with one segment per vessel, a measurement report with one group per vessel and one
 * of the total, and a cardiovascular analysis report with the same numbers.
 * @throws DicomResultError where the vessels do not add up to the total, or something cannot be written
 */
export function writeCalciumObjects(
  source: DerivedSource,
  result: CalciumResult,
  options: CalciumObjectsOptions,
): CalciumObjects {
  const contradiction = contradictionIn(result);
  if (contradiction) throw new DicomResultError(`${contradiction}, so the result is not stored.`);
  const uid = options.newUid ?? newUid;
  const { now = new Date() } = options;
  const taken = [...options.takenSeriesNumbers];
  const seriesNumber = () => {
    const number = freeSeriesNumber(taken);
    taken.push(number);
    return number;
  };
  const { name, version } = result.software;
  const common = {
    now,
    newUid: uid,
    bodyPartExamined: 'HEART',
    software: { modelName: name, versions: [version, `producer ${result.producer}`] },
  };
  const algorithm: Algorithm = {
    name,
    version,
    family: CODES.algorithmFamily,
    parameters: algorithmParameters(result),
  };
  const tracked = result.vessels.map(entry => ({ ...entry, tracking: { id: `Calcium ${entry.vessel}`, uid: uid() } }));

  const segments = tracked.map(
    ({ vessel, voxels, tracking }): Segment => ({
      label: vessel,
      description: `Calcium of the ${VESSEL_CODES[vessel].meaning.toLowerCase()}`,
      category: CODES.category,
      type: CODES.calcification,
      anatomicRegion: VESSEL_CODES[vessel],
      algorithmType: 'SEMIAUTOMATIC',
      algorithm,
      color: rgbOf(VESSEL_COLORS[vessel]),
      tracking,
      voxels,
    }),
  );
  const segmentation = writeSegmentation(source, segments, {
    ...common,
    contentLabel: 'CORONARY_CALCIUM',
    contentDescription: 'Coronary calcium by vessel',
    creatorName: options.readerName ?? '',
    seriesDescription: 'Coronary calcium segmentation',
    seriesNumber: seriesNumber(),
  });

  const characterSets = textsOf(source.patientAndStudy, 'SpecificCharacterSet');
  const parameters = parameterMeasurements(result);
  const groups = tracked.map(
    ({ vessel, tracking, ...scores }, index): MeasurementGroup => ({
      tracking,
      finding: CODES.calcification,
      findingSites: [VESSEL_CODES[vessel]],
      segment: { segmentation, number: index + 1 },
      algorithm,
      measurements: [...scoreMeasurements(scores), ...parameters],
    }),
  );
  const total: MeasurementGroup = {
    tracking: { id: 'Calcium total', uid: uid() },
    finding: CODES.calcification,
    algorithm,
    measurements: [...scoreMeasurements(result.total), ...parameters],
    texts: [
      ...conventionTexts(result, characterSets),
      ...result.warnings.map(warning => ({ name: CODES.comment, text: inCharacterSet(warning, characterSets) })),
      ...(result.reopening ? [{ name: CODES.reopeningJson, text: asciiJson(result.reopening) }] : []),
    ],
  };
  const reportOptions = {
    ...common,
    procedure: CODES.procedure,
    isComplete: true,
    ...(options.readerName && { readerName: options.readerName }),
  };
  return {
    segmentation,
    report: writeMeasurementReport(source, [...groups, total], {
      ...reportOptions,
      seriesDescription: 'Coronary calcium measurements',
      seriesNumber: seriesNumber(),
    }),
    cardiovascularReport: writeCalciumScoringReport(
      source,
      {
        algorithm,
        measurements: [
          ...parameters,
          ...result.vessels.flatMap(({ vessel, ...scores }) =>
            scoreMeasurements(scores).map(measurement => ({ ...measurement, site: VESSEL_CODES[vessel] })),
          ),
          ...scoreMeasurements(result.total),
        ],
        texts: conventionTexts(result, characterSets),
      },
      { ...reportOptions, seriesDescription: 'Coronary calcium report', seriesNumber: seriesNumber() },
    ),
  };
}

function scoreMeasurements({ score, massMg }: CalciumScores): Measurement[] {
  const { agatston, volumeMm3, lesions, lesionSlices } = score;
  return [
    { ...QUANTITIES.agatston, value: agatston },
    { ...QUANTITIES.volumeMm3, value: volumeMm3 },
    ...(massMg === null ? [] : [{ ...QUANTITIES.massMg, value: massMg }]),
    { ...QUANTITIES.lesions, value: lesions },
    { ...QUANTITIES.lesionSlices, value: lesionSlices },
  ];
}

function parameterMeasurements({ convention, calibration }: CalciumResult): Measurement[] {
  const factor = calibrationMgPerCm3Hu(calibration);
  return [
    { ...QUANTITIES.thresholdHu, value: convention.thresholdHu },
    ...(factor === null ? [] : [{ ...QUANTITIES.calibrationMgPerCm3Hu, value: factor }]),
  ];
}

/** The factor of a calibration as reports say it; null without one. */
export function calibrationMgPerCm3Hu(calibration: MassCalibration | null): number | null {
  return calibration && calibration.factorMgPerMm3Hu * 1000;
}

/** The convention in words for people, and as JSON for programs. */
function conventionTexts(result: CalciumResult, characterSets: readonly string[]): ReportText[] {
  return [
    { name: CODES.convention, text: inCharacterSet(result.conventionInWords.join('\n'), characterSets) },
    { name: CODES.conventionJson, text: conventionJson(result) },
  ];
}

function conventionJson({ convention, calibration, region, producer }: CalciumResult): string {
  const stored: StoredConvention = { format: 1, convention, calibration, region, producer };
  return asciiJson(JSON.stringify(stored));
}

/**
 * What the algorithm was set to, beside every segment and group. A segmentation has room for 10240 characters here, so the heart
 * region, which may be an outline of thousands of points, stands in CONVENTION_JSON alone.
 */
function algorithmParameters({ convention, producer }: CalciumResult): string {
  return asciiJson(JSON.stringify({ convention, producer }));
}

/** Why the vessels cannot be those of the total, as a clause; null where they add up. */
export function contradictionIn({
  vessels,
  total,
}: {
  readonly vessels: readonly CalciumScores[];
  readonly total: CalciumScores;
}): string | null {
  const quantities: [name: string, read: (scores: CalciumScores) => number | null][] = [
    ['Agatston scores', ({ score }) => score.agatston],
    ['volumes', ({ score }) => score.volumeMm3],
    ['masses', ({ massMg }) => massMg],
  ];
  for (const [name, read] of quantities) {
    const whole = read(total);
    const parts = vessels.map(read);
    const known = parts.filter(part => part !== null);
    if (known.length !== (whole === null ? 0 : parts.length)) return `The ${name} of some are missing`;
    const sum = known.reduce((subtotal, part) => subtotal + part, 0);
    if (whole !== null && !(Math.abs(sum - whole) <= UNCERTAINTY * Math.max(1, Math.abs(sum)))) {
      return `The vessels' ${name} add up to ${sum} and the total says ${whole}`;
    }
  }
  return null;
}
