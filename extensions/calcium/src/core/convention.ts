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

/** Room for rounding when pixels * pixel area is compared with the minimum area: 4 pixels of 0.5 mm are 1 mm2. */
const AREA_TOLERANCE_MM2 = 1e-9;

/** True when a component of this many pixels counts. */
export function isLargeEnough(pixels: number, pixelAreaMm2: number, minimum: MinimumLesion): boolean {
  return minimum.rule === 'pixels'
    ? pixels >= minimum.pixels
    : pixels * pixelAreaMm2 >= minimum.areaMm2 - AREA_TOLERANCE_MM2;
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
export function describeConvention(convention: Convention, incrementMm: number): string[] {
  const { thresholdHu, connectivity, minimumLesion, equivalent3mm, weightEdgesHu, volumeMethod } = convention;
  const minimum =
    minimumLesion.rule === 'area' ? `area >= ${minimumLesion.areaMm2} mm²` : `>= ${minimumLesion.pixels} pixels`;
  const increment = formatMm(incrementMm);
  return [
    `Threshold: HU >= ${thresholdHu}`,
    `Components: per slice, ${connectivity}-connected`,
    `Minimum lesion: ${minimum}`,
    `Weights by peak HU in the slice: ${weightEdgesHu.map((edge, index) => `${index + 1} from ${edge}`).join(', ')}`,
    equivalent3mm
      ? `Slice increment: ${increment} mm, score x ${increment}/3 (equivalent 3 mm)`
      : `Slice increment: ${increment} mm, no 3 mm equivalence`,
    volumeMethod === 'voxels'
      ? 'Volume: voxel count x voxel volume'
      : `Volume: isotropic voxels of HU >= ${thresholdHu} after linear interpolation between slices`,
  ];
}

function formatMm(valueMm: number): string {
  return String(Number(valueMm.toFixed(4)));
}
