import {
  asciiJson,
  type DerivedSource,
  type DicomObject,
  inCharacterSet,
  type Measurement,
  type MeasurementGroup,
  type ReportOptions,
  type ReportText,
  textsOf,
  writeMeasurementReport,
} from '@voxelwise/dicom';
import { PERFUSION_MAPS, type TissueConstants } from '../../core/index.ts';
import { conventionInWords, strokeNumbers, strokeRulesInWords } from '../convention-in-words.ts';
import type { PerfusionResult, RegionStatistics, StrokeResult } from '../perfusion-result.ts';
import { CODES, MAP_QUANTITIES, QUANTITIES, unitCode } from './perfusion-codes.ts';
import type { PerfusionSegmentation, SegmentName } from './write-segmentation.ts';

/** Names of the groups of a report that are no region's. */
export const GROUP_IDS = { maps: 'Perfusion maps', mismatch: 'Perfusion mismatch' } as const;

/**
 * The numbers of a result as a measurement report (TID 1500): volumes of core and hypoperfusion with their segments and rules, their
 * mismatch, the mean of every map in every region, and under RESULT_JSON everything that reopening needs.
 * @param record JSON of the result
 * @throws DicomResultError where a number cannot be written
 */
export function writePerfusionReport(
  source: DerivedSource,
  result: PerfusionResult,
  segmentation: PerfusionSegmentation,
  record: string,
  options: Omit<ReportOptions, 'procedure' | 'isComplete' | 'seriesDescription' | 'newUid'> & {
    readonly newUid: () => string;
  },
): DicomObject {
  const characterSets = textsOf(source.patientAndStudy, 'SpecificCharacterSet');
  const inWords = (name: ReportText['name'], texts: readonly string[]): ReportText[] =>
    texts.length > 0 ? [{ name, text: inCharacterSet(texts.join('\n'), characterSets) }] : [];
  const { settings, stroke, regions, warnings, notes, spacingMm } = result;
  const { constants } = settings;
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;

  const maps: MeasurementGroup = {
    tracking: { id: GROUP_IDS.maps, uid: options.newUid() },
    finding: CODES.perfusion,
    findingSites: [CODES.brain],
    measurements: [
      { ...QUANTITIES.volume, value: settings.maskVoxels * voxelMl },
      { ...QUANTITIES.hematocritFactor, value: constants.hematocritFactor },
      { ...QUANTITIES.density, value: constants.densityGPerMl },
    ],
    texts: [
      ...inWords(CODES.convention, [...conventionInWords(settings), ...notes]),
      ...inWords(CODES.comment, warnings),
      { name: CODES.resultJson, text: asciiJson(record) },
    ],
  };
  const groups = [
    maps,
    ...(stroke ? strokeGroups(stroke, segmentation, options.newUid, inWords) : []),
    ...regions.flatMap(region => regionGroups(region, constants, options.newUid)),
  ];
  return writeMeasurementReport(source, groups, {
    ...options,
    procedure: settings.signal.kind === 'attenuation' ? CODES.ctProcedure : CODES.mrProcedure,
    isComplete: true,
    seriesDescription: 'Perfusion measurements',
  });
}

function strokeGroups(
  stroke: StrokeResult,
  segmentation: PerfusionSegmentation,
  newUid: () => string,
  inWords: (name: ReportText['name'], texts: readonly string[]) => ReportText[],
): MeasurementGroup[] {
  const [core, hypoperfusion, ...others] = strokeNumbers(stroke);
  const rules = strokeRulesInWords(stroke.rules);
  const segmented = (name: SegmentName, { value, rule }: NonNullable<typeof core>): MeasurementGroup => ({
    tracking: segmentation.tracking(name),
    finding: name === 'core' ? CODES.core : CODES.hypoperfusion,
    findingSites: [CODES.brain],
    segment: { segmentation: segmentation.object, number: segmentation.numbers[name]! },
    measurements: [{ ...QUANTITIES.volume, value: value! }],
    texts: inWords(CODES.rule, [rule, ...rules]),
  });
  const { mismatchRatio, hypoperfusionIntensityRatio } = stroke;
  return [
    segmented('core', core!),
    segmented('hypoperfused', hypoperfusion!),
    {
      tracking: { id: GROUP_IDS.mismatch, uid: newUid() },
      finding: CODES.mismatch,
      findingSites: [CODES.brain],
      measurements: [
        { ...QUANTITIES.volume, value: stroke.mismatchMl },
        ...(mismatchRatio === null ? [] : [{ ...QUANTITIES.mismatchRatio, value: mismatchRatio }]),
        ...(hypoperfusionIntensityRatio === null
          ? []
          : [{ ...QUANTITIES.intensityRatio, value: hypoperfusionIntensityRatio }]),
      ],
      texts: inWords(CODES.rule, [...others.map(({ name, rule }) => `${name}: ${rule}`), ...rules]),
    },
  ];
}

function regionGroups(
  { name, mirrored, ...region }: RegionStatistics,
  constants: TissueConstants,
  newUid: () => string,
): MeasurementGroup[] {
  const group = (id: string, finding: typeof CODES.region | typeof CODES.mirroredRegion, of: typeof region) => ({
    tracking: { id, uid: newUid() },
    finding,
    findingSites: [CODES.brain],
    measurements: [{ ...QUANTITIES.volume, value: of.volumeMl }, ...meansOf(of, constants)],
  });
  return [
    group(name, CODES.region, region),
    ...(mirrored ? [group(`${name} mirrored`, CODES.mirroredRegion, mirrored)] : []),
  ];
}

function meansOf({ maps }: Pick<RegionStatistics, 'maps'>, constants: TissueConstants): Measurement[] {
  return PERFUSION_MAPS.flatMap(map => {
    const statistics = maps[map];
    if (!statistics) return [];
    const of = (derivation: Measurement['derivation'], value: number): Measurement => ({
      name: MAP_QUANTITIES[map],
      unit: unitCode(map, constants),
      value,
      ...(derivation && { derivation }),
    });
    return [
      of(CODES.mean, statistics.mean),
      of(CODES.standardDeviation, statistics.standardDeviation),
      of(CODES.median, statistics.median),
    ];
  });
}
