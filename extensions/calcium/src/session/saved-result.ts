import {
  type Convention,
  calibrationFromPlain,
  conventionFromPlain,
  type Edit,
  editsAsPlain,
  editsFromPlain,
  type HeartRegion,
  type LabeledLesions,
  type MassCalibration,
  plainList,
  plainNumber,
  plainObject,
  regionFromPlain,
  type ThresholdChoice,
  VESSELS,
  type Vessel,
} from '../core/index.ts';
import { type DrawnRois, NO_ROIS } from './calibration-rois.ts';
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
  { scoredWith, calibration, zeroConfirmed }: CalciumState,
  labeled: LabeledLesions,
): SavedSettings & { readonly format: string } {
  if (!scoredWith) throw new Error('there is no result yet');
  return {
    format: FORMAT,
    convention: labeled.set.convention,
    thresholds: scoredWith.thresholds,
    calibration,
    region: scoredWith.region,
    zeroConfirmed,
    sums: vesselSums(labeled),
  };
}

/** @throws when the values are not settings of ours; the message says what is wrong. */
export function settingsFromPlain(plain: unknown): SavedSettings {
  const { format, convention, thresholds, calibration, region, zeroConfirmed, sums } = plainObject(
    plain,
    'the settings',
  );
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
  const plain = plainObject(parsed(text), 'the record');
  const { region, ...settings } = settingsFromPlain(plain);
  const slices = plainList(plain.slices, 'the slices');
  const now = sliceUids(series);
  if (slices.length !== now.length || slices.some((uid, slice) => uid !== now[slice])) {
    throw new Error(`it was made on ${slices.length} slices, which are not the ${now.length} that are loaded now`);
  }
  const edits: Edit[] = editsFromPlain(plain.edits, series.dimensions);
  const savedAt = new Date(plainNumber(plain.savedAt, 'its time'));
  return { ...settings, savedAt, decisions: { edits, region, calibrationRois: roisOf(settings.calibration) } };
}

/** The parser's own words speak of tokens and positions, which tell a reader nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('its record is damaged and cannot be read');
  }
}

/** The regions that a calibration was measured on. */
function roisOf(calibration: MassCalibration | null): DrawnRois {
  const origin = calibration?.origin;
  return (origin?.kind === 'measured' && origin.rois) || NO_ROIS;
}

/** When a text was saved, in milliseconds; 0 where it does not say. */
export function savedAtOfText(text: string): number {
  try {
    return plainNumber(plainObject(JSON.parse(text), 'the record').savedAt, 'its time');
  } catch {
    return 0;
  }
}

function sliceUids({ loaded }: CtSeries): string[] {
  return loaded.instances.map(({ SOPInstanceUID }) => String(SOPInstanceUID));
}

function sumsFromPlain(plain: unknown): VesselSums {
  const sums = plainObject(plain, 'the sums');
  const entries = VESSELS.map(vessel => {
    const { voxels, weightedPixels } = plainObject(sums[vessel], `the sum of ${vessel}`);
    return [vessel, { voxels: plainNumber(voxels, 'a sum'), weightedPixels: plainNumber(weightedPixels, 'a sum') }];
  });
  return Object.fromEntries(entries) as VesselSums;
}
