import {
  type Code,
  type DerivedSource,
  DicomResultError,
  isSameCode,
  readMeasurementReport,
  readSegmentation,
  type StoredMeasurementGroup,
} from '@voxelwise/dicom';
import { type Convention, VESSELS, type Vessel, type VoxelRuns } from '../../core/index.ts';
import { CODES, VESSEL_CODES } from './calcium-codes.ts';
import type { CalciumScores, StoredConvention } from './calcium-seg-sr.ts';

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
 * Reads a calcium report that writeCalciumObjects wrote: every number and the convention exactly.
 * @throws DicomResultError where it is another document
 */
export function readCalciumReport(file: Uint8Array): StoredCalciumReport {
  const { groups, readerName } = readMeasurementReport(file);
  const vessels = VESSELS.map(vessel => {
    const group = groups.find(({ findingSites }) => findingSites.some(site => isSameCode(site, VESSEL_CODES[vessel])));
    if (!group) throw notOurs(`it has no group for ${vessel}`);
    return { vessel, ...scoresOf(group) };
  });
  const total = groups.find(({ segment, finding }) => segment === null && isSameCode(finding, CODES.calcification));
  if (!total) throw notOurs('it has no total');
  const { convention, calibration, producer } = conventionOf(total);
  const segmented = groups.find(({ segment }) => segment);
  const segmentationUid = segmented?.segment?.sopInstanceUid ?? '';
  const sourceSeriesUid = segmented?.sourceSeriesUid ?? '';
  const reopening = total.texts.find(({ name }) => isSameCode(name, CODES.reopeningJson))?.text ?? '';
  const stored = { convention, calibration, producer, segmentationUid, sourceSeriesUid, readerName, reopening };
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
  const find = (name: Code) => group.measurements.find(measurement => isSameCode(measurement.name, name))?.value;
  const [agatston, volumeMm3, lesions, lesionSlices] = [
    CODES.score,
    CODES.volume,
    CODES.lesions,
    CODES.lesionSlices,
  ].map(name => {
    const value = find(name);
    if (value === undefined) throw notOurs(`"${group.tracking.id}" has no ${name.meaning}`);
    return value;
  }) as [number, number, number, number];
  return { score: { agatston, volumeMm3, lesions, lesionSlices }, massMg: find(CODES.mass) ?? null };
}

function conventionOf({ texts }: StoredMeasurementGroup): StoredConvention {
  const text = texts.find(({ name }) => isSameCode(name, CODES.conventionJson))?.text;
  if (text === undefined) throw notOurs('its scoring convention is missing');
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    throw notOurs('its scoring convention is damaged');
  }
  if (!isStoredConvention(stored)) throw notOurs('its scoring convention is that of another version');
  return stored;
}

function isStoredConvention(value: unknown): value is StoredConvention {
  const { format, convention, producer } = (value ?? {}) as Partial<StoredConvention>;
  return format === 1 && typeof producer === 'string' && isConvention(convention);
}

function isConvention(value: unknown): value is Convention {
  const { thresholdHu, connectivity, minimumLesion, equivalent3mm, weightEdgesHu, volumeMethod } = (value ??
    {}) as Partial<Convention>;
  return (
    typeof thresholdHu === 'number' &&
    (connectivity === 4 || connectivity === 8) &&
    (minimumLesion?.rule === 'area' || minimumLesion?.rule === 'pixels') &&
    typeof equivalent3mm === 'boolean' &&
    Array.isArray(weightEdgesHu) &&
    weightEdgesHu.every(edge => typeof edge === 'number') &&
    (volumeMethod === 'voxels' || volumeMethod === 'isotropic')
  );
}

function notOurs(reason: string): DicomResultError {
  return new DicomResultError(`This is no calcium report that can be read back: ${reason}.`);
}
