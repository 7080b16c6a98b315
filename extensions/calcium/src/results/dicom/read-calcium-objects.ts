import {
  type Code,
  type DerivedSource,
  DicomResultError,
  isSameCode,
  readMeasurementReport,
  readSegmentation,
  reportSubject,
  type StoredMeasurementGroup,
} from '@voxelwise/dicom';
import {
  calibrationFromPlain,
  conventionFromPlain,
  plainObject,
  regionFromPlain,
  VESSELS,
  type Vessel,
  type VoxelRuns,
} from '../../core/index.ts';
import { CODES, UNITS, VESSEL_CODES } from './calcium-codes.ts';
import { type CalciumScores, contradictionIn, type StoredConvention } from './calcium-seg-sr.ts';

/** What a stored measurement report says. */
export interface StoredCalciumReport extends Omit<StoredConvention, 'format'> {
  readonly vessels: readonly (CalciumScores & { readonly vessel: Vessel })[];
  readonly total: CalciumScores;
  /** The segmentation that the vessels' voxels are in. */
  readonly segmentationUid: string;
  /** Series that was scored. */
  readonly sourceSeriesUid: string;
  /** '' where nobody is named. */
  readonly readerName: string;
  /** As it was written; '' for none. */
  readonly reopening: string;
}

/**
 * Whether a structured report is a measurement report of a calcium scan, whole or damaged.
 * @throws DicomResultError where the file cannot be read at all
 */
export function isCalciumReport(file: Uint8Array): boolean {
  const { template, procedure } = reportSubject(file);
  return template === '1500' && isSameCode(procedure, CODES.procedure);
}

/**
 * Reads a calcium report that writeCalciumObjects wrote: every number and the convention exactly.
 * @throws DicomResultError where it is another document, or contradicts itself
 */
export function readCalciumReport(file: Uint8Array): StoredCalciumReport {
  const { groups, readerName } = readMeasurementReport(file);
  const only = (what: string, isMeant: (group: StoredMeasurementGroup) => boolean) => {
    const [group, other] = groups.filter(isMeant);
    if (!group || other) throw notOurs(group ? `it has several groups for ${what}` : `it has no group for ${what}`);
    return group;
  };
  const vessels = VESSELS.map(vessel => {
    const isOfVessel = ({ findingSites }: StoredMeasurementGroup) =>
      findingSites.some(site => isSameCode(site, VESSEL_CODES[vessel]));
    return { vessel, ...scoresOf(only(vessel, isOfVessel)) };
  });
  const total = only(
    'the total',
    ({ segment, finding }) => segment === null && isSameCode(finding, CODES.calcification),
  );
  const contradiction = contradictionIn({ vessels, total: scoresOf(total) });
  if (contradiction) throw new DicomResultError(`The calcium report contradicts itself. ${contradiction}.`);
  const { format: _, ...convention } = conventionOf(total);
  const segmented = groups.find(({ segment }) => segment);
  const segmentationUid = segmented?.segment?.sopInstanceUid ?? '';
  const sourceSeriesUid = segmented?.sourceSeriesUid ?? '';
  const reopening = total.texts.find(({ name }) => isSameCode(name, CODES.reopeningJson))?.text ?? '';
  const stored = { ...convention, segmentationUid, sourceSeriesUid, readerName, reopening };
  return { vessels, total: scoresOf(total), ...stored };
}

/**
 * Reads the voxels of every vessel from a calcium segmentation, as voxels of the given slices.
 * @throws DicomResultError where it does not fit the slices, or has a segment that is none of the vessels
 */
export function readCalciumSegmentation(file: Uint8Array, source: DerivedSource): Partial<Record<Vessel, VoxelRuns>> {
  const voxels: Partial<Record<Vessel, VoxelRuns>> = {};
  for (const segment of readSegmentation(file, source).segments) {
    const vessel = VESSELS.find(name => isSameCode(segment.anatomicRegion, VESSEL_CODES[name]));
    if (!vessel) throw new DicomResultError(`The segment "${segment.label}" is none of the coronary arteries.`);
    if (voxels[vessel]) throw new DicomResultError(`The segmentation has several segments for ${vessel}.`);
    voxels[vessel] = segment.voxels;
  }
  return voxels;
}

function scoresOf(group: StoredMeasurementGroup): CalciumScores {
  const find = (name: Code, unit: Code) => {
    const value = group.measurements.find(one => isSameCode(one.name, name) && isSameCode(one.unit, unit))?.value;
    if (value !== undefined && value < 0) throw notOurs(`"${group.tracking.id}" has a ${name.meaning} of ${value}`);
    return value;
  };
  const need = (name: Code, unit: Code) => {
    const value = find(name, unit);
    if (value === undefined) throw notOurs(`"${group.tracking.id}" has no ${name.meaning} in ${unit.meaning}`);
    return value;
  };
  const score = {
    agatston: need(CODES.score, UNITS.none),
    volumeMm3: need(CODES.volume, UNITS.mm3),
    lesions: need(CODES.lesions, UNITS.none),
    lesionSlices: need(CODES.lesionSlices, UNITS.none),
  };
  return { score, massMg: find(CODES.mass, UNITS.mg) ?? null };
}

function conventionOf({ texts }: StoredMeasurementGroup): StoredConvention {
  const text = texts.find(({ name }) => isSameCode(name, CODES.conventionJson))?.text;
  if (text === undefined) throw notOurs('its scoring convention is missing');
  try {
    const { format, convention, calibration, region, producer } = plainObject(JSON.parse(text), 'the convention');
    if (format !== 1) throw new Error(`it is in the format ${JSON.stringify(format)}`);
    return {
      format,
      convention: conventionFromPlain(convention),
      calibration: calibration === null ? null : calibrationFromPlain(calibration),
      region: region === null ? null : regionFromPlain(region),
      producer: String(producer),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw notOurs(`its scoring convention cannot be read (${reason})`);
  }
}

function notOurs(reason: string): DicomResultError {
  return new DicomResultError(`This is no calcium report that can be read back: ${reason}.`);
}
