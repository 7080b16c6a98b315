import type { HuVolume } from './hu-volume.ts';
import { stepsPerGap } from './volume-isotropic.ts';

/** Which components are too small to count. */
export type MinimumLesion =
  | { readonly rule: 'area'; readonly areaMm2: number }
  | { readonly rule: 'pixels'; readonly pixels: number };

/** Everything that changes a calcium score apart from the voxels. It travels with every number. */
export interface Convention {
  /** A voxel is calcium when its value is at least this. */
  readonly thresholdHu: number;
  /** Neighbourhood of the per-slice components. */
  readonly connectivity: 4 | 8;
  readonly minimumLesion: MinimumLesion;
  /** Multiply the Agatston score by slice increment / 3 mm. */
  readonly equivalent3mm: boolean;
  /** Lower edges in HU of the weights 1, 2, 3, ... for a component's peak in its slice. */
  readonly weightEdgesHu: readonly number[];
  /** How the volume score counts: voxels as they are, or after interpolation between slices (volume-isotropic.ts). */
  readonly volumeMethod: 'voxels' | 'isotropic';
}

/** Lower edges in HU of the weights 1 to 4 at 120 kVp. */
export const STANDARD_WEIGHT_EDGES_HU = [130, 200, 300, 400] as const;

/** Agatston 1990 at 120 kVp, with the 1 mm2 rule and the slice-increment correction. */
export const DEFAULT_CONVENTION: Convention = {
  thresholdHu: STANDARD_WEIGHT_EDGES_HU[0],
  connectivity: 8,
  minimumLesion: { rule: 'area', areaMm2: 1 },
  equivalent3mm: true,
  weightEdgesHu: STANDARD_WEIGHT_EDGES_HU,
  volumeMethod: 'voxels',
};

/** Room for the digits of PixelSpacing when an area is compared with the smallest one: 3 pixels of 0.57735 mm are 1 mm2. */
const RELATIVE_AREA_TOLERANCE = 1e-5;

/** True when a component of this many pixels counts. */
export function isLargeEnough(pixels: number, pixelAreaMm2: number, minimum: MinimumLesion): boolean {
  return minimum.rule === 'pixels'
    ? pixels >= minimum.pixels
    : pixels * pixelAreaMm2 >= minimum.areaMm2 * (1 - RELATIVE_AREA_TOLERANCE);
}

/** Connectivity with which the components of slices are joined to lesions. */
export function acrossSlices({ connectivity }: Pick<Convention, 'connectivity'>): 6 | 26 {
  return connectivity === 8 ? 26 : 6;
}

/** Agatston weight of a component with this peak: how many edges the peak has reached. */
export function weightOf(peakHu: number, weightEdgesHu: readonly number[]): number {
  let weight = 0;
  while (weight < weightEdgesHu.length && peakHu >= weightEdgesHu[weight]!) weight++;
  return weight;
}

/** Slice increment / 3 mm, or 1 when the correction is off. */
export function sliceFactor({ equivalent3mm }: Convention, incrementMm: number): number {
  return equivalent3mm ? incrementMm / 3 : 1;
}

/** The convention in words, one sentence part per line, for the panel, the report and the command line. */
export function describeConvention(convention: Convention, spacingMm: HuVolume['spacingMm']): string[] {
  const { thresholdHu, connectivity, minimumLesion, equivalent3mm, weightEdgesHu, volumeMethod } = convention;
  const minimum =
    minimumLesion.rule === 'area' ? `area >= ${minimumLesion.areaMm2} mm²` : `>= ${minimumLesion.pixels} pixels`;
  const increment = formatMm(spacingMm[2]);
  return [
    `Threshold: HU >= ${thresholdHu}`,
    `Components: per slice, ${connectivity}-connected; lesions: across slices, ${acrossSlices(convention)}-connected`,
    `Minimum lesion: ${minimum}`,
    `Weights by peak HU in the slice: ${weightEdgesHu.map((edge, index) => `${index + 1} from ${edge}`).join(', ')}`,
    equivalent3mm
      ? `Slice increment: ${increment} mm, score x ${increment}/3 (equivalent 3 mm)`
      : `Slice increment: ${increment} mm, no 3 mm equivalence`,
    volumeMethod === 'voxels'
      ? 'Volume: voxel count x voxel volume'
      : `Volume: isotropic voxels of HU >= ${thresholdHu} after linear interpolation between slices, in steps of ${formatMm(spacingMm[2] / stepsPerGap(spacingMm))} mm`,
  ];
}

function formatMm(valueMm: number): string {
  return String(Number(valueMm.toFixed(4)));
}
