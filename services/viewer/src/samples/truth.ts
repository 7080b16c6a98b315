import type { CardiacPhantom, CoronaryCalcification } from './cardiac-phantom.ts';
import { type VesselName, vesselNames } from './phantom/coronaries.ts';

/**
 * True scores of the phantom, computed from the voxels that were placed and from nothing else: no threshold, no labeling and
 * nothing of the scorer that these figures are to check. Each calcification is one component in each of its slices by
 * construction, which the tests of this folder verify.
 */
export const truthConvention = {
  definition:
    'Agatston: sum over slices and components of area (mm2) x weight, times slice increment / 3 mm. Volume: placed voxels x voxel volume.',
  threshold: 'HU >= 130, inclusive',
  weights: 'peak HU of the component in its slice: 1 from 130, 2 from 200, 3 from 300, 4 from 400',
  connectivity: '8 in the plane; placed components are at least 3 voxels apart, so 4 and 8 agree on what is separate',
  minimumAreaMm2: 1,
  sliceIncrement: 'score is multiplied by slice increment / 3 mm, here 1',
  lesions: 'calcifications in 3D',
  source: 'computed from the placed voxels and their final HU, without thresholding or labeling',
};

export interface CalcificationTruth {
  /** Voxel with the highest HU: [column, row, slice], slices by ascending z, all 0-based. */
  readonly seedVoxel: readonly [number, number, number];
  /** Center of mass of the placed voxels in patient coordinates (LPS), mm. */
  readonly centreMm: readonly [number, number, number];
  readonly agatston: number;
  readonly volumeMm3: number;
  readonly voxels: number;
  readonly peakHu: number;
  /** First and last slice, 0-based by ascending z. */
  readonly slices: readonly [number, number];
  /** One component in each slice: area in mm², peak HU, and the weight that follows from it. */
  readonly components: readonly { slice: number; areaMm2: number; peakHu: number; weight: number }[];
}

export interface Score {
  readonly agatston: number;
  readonly volumeMm3: number;
  /** Calcifications in 3D. */
  readonly lesions: number;
  /** Components in single slices. */
  readonly components: number;
}

export interface VesselTruth extends Score {
  readonly name: VesselName;
  readonly calcifications: readonly CalcificationTruth[];
}

export interface PhantomTruth {
  readonly convention: typeof truthConvention;
  readonly vessels: readonly VesselTruth[];
  readonly total: Score;
}

/** Agatston's weight of a peak in HU at 120 kVp. */
function weightOf(peakHu: number): number {
  if (peakHu >= 400) return 4;
  if (peakHu >= 300) return 3;
  if (peakHu >= 200) return 2;
  return 1;
}

/**
 * True scores per vessel and in total.
 * @param firstVoxelMm patient position (LPS, mm) of the center of voxel [0, 0, 0]
 */
export function phantomTruth(phantom: CardiacPhantom, firstVoxelMm: readonly [number, number, number]): PhantomTruth {
  const vessels = vesselNames.map(name => {
    const calcifications = phantom.calcifications
      .filter(calcification => calcification.vessel === name)
      .map(calcification => calcificationTruth(phantom, calcification, firstVoxelMm));
    return { name, ...sumUp(calcifications), calcifications };
  });
  const total = sumUp(vessels.flatMap(vessel => vessel.calcifications));
  return { convention: truthConvention, vessels, total };
}

function sumUp(calcifications: readonly CalcificationTruth[]): Score {
  const sum = (value: (calcification: CalcificationTruth) => number) =>
    rounded(calcifications.reduce((all, calcification) => all + value(calcification), 0));
  return {
    agatston: sum(calcification => calcification.agatston),
    volumeMm3: sum(calcification => calcification.volumeMm3),
    lesions: calcifications.length,
    components: sum(calcification => calcification.components.length),
  };
}

/** Drops what floating point leaves behind the ninth decimal. */
function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

function calcificationTruth(
  { hu, dimensions, spacingMm }: CardiacPhantom,
  { voxels }: CoronaryCalcification,
  firstVoxelMm: readonly [number, number, number],
): CalcificationTruth {
  const [columns, rows] = dimensions;
  const [spacingX, spacingY, spacingZ] = spacingMm;
  const bySlice = new Map<number, { voxels: number; peakHu: number }>();
  let seedVoxel: [number, number, number] = [0, 0, 0];
  let peakHu = Number.NEGATIVE_INFINITY;
  let [sumX, sumY, sumZ] = [0, 0, 0];
  for (const index of voxels) {
    const x = index % columns;
    const y = Math.floor(index / columns) % rows;
    const z = Math.floor(index / (columns * rows));
    const value = hu[index]!;
    const slice = bySlice.get(z) ?? { voxels: 0, peakHu: value };
    slice.voxels++;
    slice.peakHu = Math.max(slice.peakHu, value);
    bySlice.set(z, slice);
    if (value > peakHu) {
      peakHu = value;
      seedVoxel = [x, y, z];
    }
    sumX += x;
    sumY += y;
    sumZ += z;
  }
  const components = [...bySlice].map(([slice, found]) => ({
    slice,
    areaMm2: found.voxels * spacingX * spacingY,
    peakHu: found.peakHu,
    weight: weightOf(found.peakHu),
  }));
  const slices = components.map(component => component.slice);
  const areaByWeight = components.reduce((sum, component) => sum + component.areaMm2 * component.weight, 0);
  return {
    seedVoxel,
    centreMm: [
      rounded(firstVoxelMm[0] + (sumX / voxels.length) * spacingX),
      rounded(firstVoxelMm[1] + (sumY / voxels.length) * spacingY),
      rounded(firstVoxelMm[2] + (sumZ / voxels.length) * spacingZ),
    ],
    agatston: rounded(areaByWeight * (spacingZ / 3)),
    volumeMm3: rounded(voxels.length * spacingX * spacingY * spacingZ),
    voxels: voxels.length,
    peakHu,
    slices: [Math.min(...slices), Math.max(...slices)],
    components,
  };
}
