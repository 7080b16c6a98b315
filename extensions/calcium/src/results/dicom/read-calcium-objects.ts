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
import { CODES, QUANTITIES, type Quantity, VESSEL_CODES } from './calcium-codes.ts';
import {
  type CalciumScores,
  calibrationMgPerCm3Hu,
  contradictionIn,
  type StoredConvention,
  UNCERTAINTY,
} from './calcium-seg-sr.ts';

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
  const ofVessels = VESSELS.map(vessel =>
    only(vessel, ({ findingSites }) => findingSites.some(site => isSameCode(site, VESSEL_CODES[vessel]))),
  );
  const ofTotal = only('the total', ({ segment }) => segment === null);
  if (groups.length !== VESSELS.length + 1) {
    throw notOurs(`it has ${groups.length} groups, and not those of ${VESSELS.join(', ')} and their total alone`);
  }
  for (const { finding, tracking } of groups) {
    if (!isSameCode(finding, CODES.calcification)) throw notOurs(`"${tracking.id}" is not about calcification`);
  }
  const vessels = VESSELS.map((vessel, index) => ({ vessel, ...scoresOf(ofVessels[index]!) }));
  const total = scoresOf(ofTotal);
  const contradiction = contradictionIn({ vessels, total });
  if (contradiction) throw new DicomResultError(`The calcium report contradicts itself. ${contradiction}.`);
  const { format: _, ...convention } = conventionOf(groups, ofTotal);
  for (const group of groups) assertParameters(group, convention);
  const reopening = onlyText(ofTotal, CODES.reopeningJson) ?? '';
  return { vessels, total, ...convention, ...segmentedIn(ofVessels), readerName, reopening };
}

/** The segmentation and the series that all vessels are segmented in; vessel after vessel has the next segment. */
function segmentedIn(ofVessels: readonly StoredMeasurementGroup[]) {
  const [first] = ofVessels;
  const { segment, sourceSeriesUid = '' } = first ?? {};
  ofVessels.forEach((group, index) => {
    if (group.segment?.number !== index + 1) {
      throw notOurs(`"${group.tracking.id}" is not the segment ${index + 1} of its segmentation`);
    }
    if (group.segment.sopInstanceUid !== segment?.sopInstanceUid || group.sourceSeriesUid !== sourceSeriesUid) {
      throw notOurs(`"${group.tracking.id}" is of another segmentation or series than "${first!.tracking.id}"`);
    }
  });
  return { segmentationUid: segment?.sopInstanceUid ?? '', sourceSeriesUid };
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
    if (segment.number !== VESSELS.indexOf(vessel) + 1) {
      throw new DicomResultError(
        `The segment ${segment.number} of the segmentation is ${vessel}, which a calcium report knows under another number.`,
      );
    }
    voxels[vessel] = segment.voxels;
  }
  return voxels;
}

function scoresOf(group: StoredMeasurementGroup): CalciumScores {
  const need = (quantity: Quantity) => {
    const value = numberIn(group, quantity);
    if (value === null) throw notOurs(`"${group.tracking.id}" has no ${quantity.name.meaning}`);
    return value;
  };
  const count = (quantity: Quantity) => {
    const value = need(quantity);
    if (Number.isInteger(value)) return value;
    throw notOurs(`the ${quantity.name.meaning} of "${group.tracking.id}" is ${value}, which is no count`);
  };
  const score = {
    agatston: need(QUANTITIES.agatston),
    volumeMm3: need(QUANTITIES.volumeMm3),
    lesions: count(QUANTITIES.lesions),
    lesionSlices: count(QUANTITIES.lesionSlices),
  };
  return { score, massMg: numberIn(group, QUANTITIES.massMg) };
}

/** The one number of a group that has this name; null where there is none. */
function numberIn({ measurements, tracking }: StoredMeasurementGroup, { name, unit, method }: Quantity): number | null {
  const [measurement, ...more] = measurements.filter(one => isSameCode(one.name, name));
  if (!measurement) return null;
  const { value } = measurement;
  const problem =
    more.length > 0
      ? `${more.length + 1} times`
      : !isSameCode(measurement.unit, unit)
        ? `in another unit than ${unit.meaning}`
        : !(method ? isSameCode(measurement.method, method) : measurement.method === null)
          ? `by another method than ${method?.meaning ?? 'the only one'}`
          : value < 0
            ? `to be ${value}`
            : null;
  if (problem) throw notOurs(`"${tracking.id}" says its ${name.meaning} ${problem}`);
  return value;
}

/** Threshold and calibration stand beside the numbers of every group, and in the convention. */
function assertParameters(
  group: StoredMeasurementGroup,
  { convention, calibration }: Omit<StoredConvention, 'format'>,
) {
  const parameters: [Quantity, number | null][] = [
    [QUANTITIES.thresholdHu, convention.thresholdHu],
    [QUANTITIES.calibrationMgPerCm3Hu, calibrationMgPerCm3Hu(calibration)],
  ];
  for (const [quantity, meant] of parameters) {
    const stated = numberIn(group, quantity);
    const isSame = stated === meant || (stated !== null && meant !== null && isClose(stated, meant));
    if (isSame) continue;
    throw new DicomResultError(
      `The calcium report contradicts itself. The ${quantity.name.meaning} of "${group.tracking.id}" is ${stated ?? 'missing'}, and its convention says ${meant ?? 'that there is none'}.`,
    );
  }
}

const isClose = (a: number, b: number) => Math.abs(a - b) <= UNCERTAINTY * Math.abs(b);

function conventionOf(groups: readonly StoredMeasurementGroup[], total: StoredMeasurementGroup): StoredConvention {
  const text = onlyText(total, CODES.conventionJson);
  if (text === null) throw notOurs('its scoring convention is missing');
  if (groups.some(group => (onlyText(group, CODES.conventionJson) ?? text) !== text)) {
    throw notOurs('it has several scoring conventions');
  }
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

/** The one text of a group that has this name; null where there is none. */
function onlyText({ texts, tracking }: StoredMeasurementGroup, name: Code): string | null {
  const [found, ...more] = texts.filter(text => isSameCode(text.name, name));
  if (more.length > 0) throw notOurs(`"${tracking.id}" says "${name.meaning}" ${more.length + 1} times`);
  return found?.text ?? null;
}

function notOurs(reason: string): DicomResultError {
  return new DicomResultError(`This is no calcium report that can be read back: ${reason}.`);
}
