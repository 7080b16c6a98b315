import {
  type Convention,
  type Edit,
  editsAsPlain,
  editsFromPlain,
  type HeartRegion,
  type LabeledLesions,
  type MassCalibration,
  type RegionShape,
  type ThresholdChoice,
  VESSELS,
  type Vessel,
} from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import type { Decisions } from './decisions.ts';
import type { CalciumState } from './state.ts';

/** What it takes to see a result again, and to notice when it is not the same any more. */
export interface SavedResult {
  readonly savedAt: Date;
  readonly decisions: Decisions;
  readonly convention: Convention;
  readonly thresholds: ThresholdChoice;
  readonly calibration: MassCalibration | null;
  readonly zeroConfirmed: boolean;
  /** What every vessel held. */
  readonly sums: VesselSums;
}

/** Whole numbers per vessel: voxels, and pixels times the weights of their components. */
export type VesselSums = Readonly<Record<Vessel, { readonly voxels: number; readonly weightedPixels: number }>>;

/** Sums of the vessels as they are. */
export function vesselSums({ parts }: LabeledLesions): VesselSums {
  const sums = Object.fromEntries(VESSELS.map(vessel => [vessel, { voxels: 0, weightedPixels: 0 }]));
  parts.label.forEach((label, part) => {
    const sum = label && sums[label];
    if (!sum) return;
    sum.voxels += parts.voxels[part]!;
    sum.weightedPixels += parts.weightedPixels[part]!;
  });
  return sums as VesselSums;
}

/** What differs between a saved result and the one that its decisions give now, in words; '' when nothing does. */
export function differenceInSums(saved: VesselSums, now: VesselSums): string {
  const differing = VESSELS.filter(
    vessel =>
      saved[vessel].voxels !== now[vessel].voxels || saved[vessel].weightedPixels !== now[vessel].weightedPixels,
  );
  return differing
    .map(vessel => `${vessel} had ${saved[vessel].voxels} voxels and has ${now[vessel].voxels}`)
    .join('; ');
}

/** Everything of a result but its edits, as plain values. */
export interface SavedSettings {
  readonly convention: Convention;
  readonly thresholds: ThresholdChoice;
  readonly calibration: MassCalibration | null;
  readonly region: HeartRegion | null;
  readonly zeroConfirmed: boolean;
  readonly sums: VesselSums;
}

const FORMAT = 'voxelwise-calcium 1';

export function settingsAsPlain(
  state: CalciumState,
  labeled: LabeledLesions,
): SavedSettings & { readonly format: string } {
  return {
    format: FORMAT,
    convention: labeled.set.convention,
    thresholds: state.thresholds,
    calibration: state.calibration,
    region: state.history.present.region,
    zeroConfirmed: state.zeroConfirmed,
    sums: vesselSums(labeled),
  };
}

/** @throws when the values are not settings of ours; the message says what is wrong. */
export function settingsFromPlain(plain: unknown): SavedSettings {
  const { format, convention, thresholds, calibration, region, zeroConfirmed, sums } = object(plain, 'the settings');
  if (format !== FORMAT) throw new Error(`it is in the format ${JSON.stringify(format)}, which is not known here`);
  return {
    convention: conventionFromPlain(convention),
    thresholds: thresholds === 'by-kvp' ? 'by-kvp' : 'standard-130',
    calibration: calibration === null ? null : calibrationFromPlain(calibration),
    region: region === null ? null : regionFromPlain(region),
    zeroConfirmed: zeroConfirmed === true,
    sums: sumsFromPlain(sums),
  };
}

/**
 * A result as one text.
 * @param edits those that the text is to hold: all that the reader has made, or what is kept nowhere else
 */
export function savedText(
  state: CalciumState,
  labeled: LabeledLesions,
  series: CtSeries,
  savedAt: Date,
  edits: readonly Edit[] = state.history.present.edits,
): string {
  return JSON.stringify({
    ...settingsAsPlain(state, labeled),
    savedAt: savedAt.getTime(),
    slices: sliceUids(series),
    edits: editsAsPlain(edits),
  });
}

/** @throws when the text is no result of these slices; the message says what is wrong. */
export function savedFromText(text: string, series: CtSeries): SavedResult {
  const plain = object(JSON.parse(text), 'the record');
  const { region, ...settings } = settingsFromPlain(plain);
  const slices = list(plain.slices, 'the slices');
  const now = sliceUids(series);
  if (slices.length !== now.length || slices.some((uid, slice) => uid !== now[slice])) {
    throw new Error(`it was made on ${slices.length} slices, which are not the ${now.length} that are loaded now`);
  }
  const edits: Edit[] = editsFromPlain(plain.edits, series.dimensions);
  const savedAt = new Date(finite(plain.savedAt, 'its time'));
  return { ...settings, savedAt, decisions: { edits, region } };
}

/** When a text was saved, in milliseconds; 0 where it does not say. */
export function savedAtOfText(text: string): number {
  try {
    return finite(object(JSON.parse(text), 'the record').savedAt, 'its time');
  } catch {
    return 0;
  }
}

function sliceUids({ loaded }: CtSeries): string[] {
  return loaded.instances.map(({ SOPInstanceUID }) => String(SOPInstanceUID));
}

function conventionFromPlain(plain: unknown): Convention {
  const convention = object(plain, 'the convention');
  const { connectivity, volumeMethod, equivalent3mm } = convention;
  const minimum = object(convention.minimumLesion, 'the minimum lesion');
  if (connectivity !== 4 && connectivity !== 8) throw new Error('its connectivity is neither 4 nor 8');
  if (volumeMethod !== 'voxels' && volumeMethod !== 'isotropic') throw new Error('its volume method is not known');
  if (typeof equivalent3mm !== 'boolean') throw new Error('it does not say whether the score is for 3 mm');
  if (minimum.rule !== 'area' && minimum.rule !== 'pixels') throw new Error('its minimum lesion is not known');
  return {
    thresholdHu: finite(convention.thresholdHu, 'its threshold'),
    connectivity,
    minimumLesion:
      minimum.rule === 'area'
        ? { rule: 'area', areaMm2: finite(minimum.areaMm2, 'its minimum area') }
        : { rule: 'pixels', pixels: finite(minimum.pixels, 'its minimum of pixels') },
    equivalent3mm,
    weightEdgesHu: list(convention.weightEdgesHu, 'the weights').map(edge => finite(edge, 'a weight')),
    volumeMethod,
  };
}

function calibrationFromPlain(plain: unknown): MassCalibration {
  const { factorMgPerMm3Hu, origin, date, text } = object(plain, 'the calibration');
  const { kind, densityMgPerCm3, insertMeanHu, waterMeanHu } = object(origin, 'the origin of the calibration');
  if (kind !== 'entered' && kind !== 'measured') throw new Error('the origin of its calibration is not known');
  return {
    factorMgPerMm3Hu: finite(factorMgPerMm3Hu, 'its calibration factor'),
    origin:
      kind === 'entered'
        ? { kind }
        : {
            kind,
            densityMgPerCm3: finite(densityMgPerCm3, 'the density of its calibration'),
            insertMeanHu: finite(insertMeanHu, 'a mean of its calibration'),
            waterMeanHu: finite(waterMeanHu, 'a mean of its calibration'),
          },
    date: String(date),
    text: String(text),
  };
}

function regionFromPlain(plain: unknown): HeartRegion {
  const shapes = list(object(plain, 'the heart region').shapes, 'the shapes of the heart region').map(
    (entry): RegionShape => {
      const shape = object(entry, 'a shape of the heart region');
      const slices = pair(shape.slices, 'the slices of the heart region');
      if (shape.kind === 'ellipse') {
        return {
          kind: shape.kind,
          centre: pair(shape.centre, 'the centre of an ellipse'),
          radii: pair(shape.radii, 'the radii of an ellipse'),
          slices,
        };
      }
      if (shape.kind !== 'polygon') throw new Error('a shape of the heart region is not known');
      const points = list(shape.points, 'the points of a polygon').map(point => pair(point, 'a point of a polygon'));
      return { kind: shape.kind, points, slices };
    },
  );
  return { shapes };
}

function sumsFromPlain(plain: unknown): VesselSums {
  const sums = object(plain, 'the sums');
  const entries = VESSELS.map(vessel => {
    const { voxels, weightedPixels } = object(sums[vessel], `the sum of ${vessel}`);
    return [vessel, { voxels: finite(voxels, 'a sum'), weightedPixels: finite(weightedPixels, 'a sum') }];
  });
  return Object.fromEntries(entries) as VesselSums;
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} cannot be read`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${what} cannot be read`);
}

function pair(value: unknown, what: string): readonly [number, number] {
  const [a, b, ...more] = list(value, what);
  if (more.length > 0) throw new Error(`${what} cannot be read`);
  return [finite(a, what), finite(b, what)];
}

function finite(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`${what} is no number`);
}
