import type { Point } from '@voxelwise/compute/twins';
import type { HuVolume } from './hu-volume.ts';
import type { LesionTable } from './lesions.ts';

/** A site's calibration of HU as hydroxyapatite (HA), for one scanner, protocol and patient size. */
export interface MassCalibration {
  /** mg HA per mm3 and HU: 0.0008 is 0.8 mg/cm3 per HU. */
  readonly factorMgPerMm3Hu: number;
  readonly origin: CalibrationOrigin;
  /** Day it was entered or measured, YYYY-MM-DD. */
  readonly date: string;
  /** What it is for: scanner, protocol, patient size, who made it. */
  readonly text: string;
}

export type CalibrationOrigin =
  | { readonly kind: 'entered' }
  | {
      readonly kind: 'measured';
      /** Known HA density of the insert. */
      readonly densityMgPerCm3: number;
      /** Mean HU of a region in the insert. */
      readonly insertMeanHu: number;
      /** Mean HU of a region in water. */
      readonly waterMeanHu: number;
      /** The regions, where they were drawn on the scored scan itself. */
      readonly rois?: CalibrationRois;
    };

/** An ellipse on a slice, in material of one kind, with what the slice holds inside. */
export interface CalibrationRoi {
  /** Slice of the volume, 0-based. */
  readonly slice: number;
  /** The slice as readers know it: "image 15". */
  readonly imageName: string;
  /** [column, row] in pixels; pixel centres have integer coordinates. */
  readonly centre: Point;
  /** Half the ellipse's width and height in pixels. */
  readonly radii: Point;
  readonly pixels: number;
  readonly meanHu: number;
  readonly sdHu: number;
}

export interface CalibrationRois {
  /** In an insert of known density. */
  readonly insert: CalibrationRoi;
  /** In water, or what stands for it. */
  readonly water: CalibrationRoi;
}

/** Factors lie around 0.7 to 0.85 mg/cm3 per HU at 120 kV; far outside, the unit is wrong or the regions were. */
const PLAUSIBLE_MG_PER_CM3_HU = [0.3, 1.5] as const;
const MM3_PER_CM3 = 1000;

/**
 * A calibration from a known factor.
 * @throws RangeError when the factor cannot be one in this unit, or the date is none.
 */
export function enteredCalibration({
  factor,
  unit,
  date,
  text,
}: {
  readonly factor: number;
  readonly unit: 'mg/cm3/HU' | 'mg/mm3/HU';
  readonly date: string;
  readonly text: string;
}): MassCalibration {
  const factorMgPerMm3Hu = unit === 'mg/cm3/HU' ? factor / MM3_PER_CM3 : factor;
  return checked({ factorMgPerMm3Hu, origin: { kind: 'entered' }, date, text });
}

/**
 * A calibration from two regions of a phantom: density / (mean of the insert - mean of water), after McCollough et al.,
 * Radiology 2007;243:527-538.
 * @throws RangeError when the insert is not brighter than water, or the factor is not plausible.
 */
export function measuredCalibration({
  densityMgPerCm3,
  insertMeanHu,
  waterMeanHu,
  rois,
  date,
  text,
}: {
  readonly densityMgPerCm3: number;
  readonly insertMeanHu: number;
  readonly waterMeanHu: number;
  readonly rois?: CalibrationRois;
  readonly date: string;
  readonly text: string;
}): MassCalibration {
  if (!(densityMgPerCm3 > 0)) throw new RangeError(`An insert's density cannot be ${densityMgPerCm3} mg/cm³.`);
  if (!(insertMeanHu > waterMeanHu)) {
    throw new RangeError(
      `The insert (mean ${rounded(insertMeanHu)} HU) must be brighter than water (mean ${rounded(waterMeanHu)} HU): check the two regions.`,
    );
  }
  const factorMgPerMm3Hu = densityMgPerCm3 / (insertMeanHu - waterMeanHu) / MM3_PER_CM3;
  return checked({
    factorMgPerMm3Hu,
    origin: { kind: 'measured', densityMgPerCm3, insertMeanHu, waterMeanHu, ...(rois && { rois }) },
    date,
    text,
  });
}

function checked(calibration: MassCalibration): MassCalibration {
  const factor = calibration.factorMgPerMm3Hu * MM3_PER_CM3;
  const [lowest, highest] = PLAUSIBLE_MG_PER_CM3_HU;
  if (!(factor >= lowest && factor <= highest)) {
    throw new RangeError(
      `A mass calibration of ${formatFactor(factor)} mg/cm³ per HU is not between ${lowest} and ${highest}: check its unit (0.8 mg/cm³ per HU is 0.0008 mg/mm³ per HU) and its regions.`,
    );
  }
  const day = new Date(`${calibration.date}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(calibration.date);
  if (!/^\d{4}-\d\d-\d\d$/.test(calibration.date) || !isDay) {
    throw new RangeError(`The date of a mass calibration must be written YYYY-MM-DD, not "${calibration.date}".`);
  }
  return calibration;
}

/** The day of a moment by the clock on the wall, YYYY-MM-DD. */
export function calendarDay(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** Mass and mean of a set of lesions. Unrounded. */
export interface Mass {
  /** Mass of hydroxyapatite in mg; null without a calibration, which is written "n/a". */
  readonly massMg: number | null;
  /** Mean HU of the voxels, null where there are none. */
  readonly meanHu: number | null;
}

/** What mass is computed from: a LesionSet, or the parts of one. */
export interface MassSource {
  readonly spacingMm: HuVolume['spacingMm'];
  readonly lesions: Pick<LesionTable, 'count' | 'voxels' | 'sumHu'>;
}

/**
 * Mass of the lesions for which include is true: factor * mean HU * volume of their voxels, which is factor * sum of HU *
 * voxel volume. The voxels are those of the Agatston score, at its threshold, and the volume is their plain count,
 * whatever the convention's volume method. Masses of parts add up to the mass of the whole.
 */
export function scoreMass(
  { spacingMm, lesions }: MassSource,
  calibration: MassCalibration | null,
  include: (lesion: number) => boolean = () => true,
): Mass {
  const [dx, dy, incrementMm] = spacingMm;
  let voxels = 0;
  let sumHu = 0;
  for (let lesion = 0; lesion < lesions.count; lesion++) {
    if (!include(lesion)) continue;
    voxels += lesions.voxels[lesion]!;
    sumHu += lesions.sumHu[lesion]!;
  }
  return {
    massMg: calibration && calibration.factorMgPerMm3Hu * sumHu * dx * dy * incrementMm,
    meanHu: voxels > 0 ? sumHu / voxels : null,
  };
}

/** The convention of a mass in words, one sentence part per line. */
export function describeMass(calibration: MassCalibration | null, thresholdHu: number): string[] {
  if (!calibration) return ['Mass: n/a, because no calibration of this scanner and protocol was given'];
  const { factorMgPerMm3Hu, origin, date, text } = calibration;
  const factor = formatFactor(factorMgPerMm3Hu * MM3_PER_CM3);
  const rois = origin.kind === 'measured' ? origin.rois : undefined;
  const how =
    origin.kind === 'entered'
      ? 'entered'
      : `measured on ${origin.densityMgPerCm3} mg/cm³ HA (mean ${rounded(origin.insertMeanHu)} HU, water ${rounded(origin.waterMeanHu)} HU)`;
  return [
    `Mass: ${factor} mg/cm³ per HU x mean HU x volume, of voxels of HU >= ${thresholdHu}, counted plainly`,
    `Mass calibration: ${[`${how} ${date}`, text.trim()].filter(part => part !== '').join(', ')}`,
    ...(rois ? [`Calibration regions: insert ${describeRoi(rois.insert)}; water ${describeRoi(rois.water)}`] : []),
  ];
}

function describeRoi({ pixels, sdHu, centre, imageName }: CalibrationRoi): string {
  return `${pixels} px, SD ${rounded(sdHu)} HU, at [${centre.map(Math.round).join(', ')}] in ${imageName}`;
}

/** A factor in mg/cm3 per HU, to the digits that anybody measures. */
function formatFactor(factor: number): string {
  return String(Number(factor.toFixed(4)));
}

function rounded(hu: number): number {
  return Number(hu.toFixed(1));
}
