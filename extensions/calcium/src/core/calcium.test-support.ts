import { type BitMask, findRun, restrictMask, thresholdMask, valuedRunsOfMask } from '@voxelwise/compute/twins';
import {
  type Convention,
  DEFAULT_CONVENTION,
  type HuVolume,
  type LesionSet,
  lesionsOfRuns,
  type Region,
  spansInRegion,
} from './index.ts';

export type Random = () => number;

// Jest runs tests in a context of its own, where every look-up of a global is slow: these are looked up once.
const { floor, imul } = Math;

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Whole number in [lowest, highest]. */
export function integer(random: Random, lowest: number, highest: number): number {
  return lowest + floor(random() * (highest - lowest + 1));
}

/** Runs a property once per seed; a failure says which seed it needs to be seen again. */
export async function forSeeds(
  count: number,
  property: (random: Random, seed: number) => void | Promise<void>,
): Promise<void> {
  for (let seed = 1; seed <= count; seed++) {
    try {
      await property(seededRandom(seed), seed);
    } catch (error) {
      if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
  }
}

/** A volume of background, with values set at [x, y, z]. */
export function volumeWith(
  dimensions: HuVolume['dimensions'],
  spacingMm: HuVolume['spacingMm'],
  hu: (x: number, y: number, z: number) => number,
): HuVolume & { readonly voxels: Int16Array } {
  const [nx, ny, nz] = dimensions;
  const voxels = new Int16Array(nx * ny * nz);
  for (let z = 0, voxel = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) voxels[voxel++] = hu(x, y, z);
  }
  return { voxels, dimensions, spacingMm };
}

/** Volume in which this share of voxels has 130 to 600 HU and the others -200 to 129 HU. */
export function randomVolume(
  random: Random,
  dimensions: HuVolume['dimensions'],
  density: number,
  spacingMm: HuVolume['spacingMm'] = [0.5, 0.6, 2.5],
) {
  return volumeWith(dimensions, spacingMm, () =>
    random() < density ? integer(random, 130, 600) : integer(random, -200, 129),
  );
}

export function lesionsOf(volume: HuVolume, convention: Partial<Convention> = {}): LesionSet {
  const whole = { ...DEFAULT_CONVENTION, ...convention };
  return findLesions(thresholdMask(volume, whole.thresholdHu), volume, whole);
}

/** Components and lesions of a threshold mask. */
export function findLesions(mask: BitMask, volume: HuVolume, convention: Convention): LesionSet {
  return lesionsOfRuns(valuedRunsOfMask(mask, volume.voxels), volume, convention);
}

/** The part of a mask inside a region. */
export function maskInRegion(mask: BitMask, grid: Pick<HuVolume, 'dimensions' | 'spacingMm'>, region: Region): BitMask {
  return restrictMask(mask, spansInRegion(grid, region));
}

/** The lesion at voxel [x, y, z], or -1. */
export function lesionAt({ runs, lesionOfRun, dimensions }: LesionSet, x: number, y: number, z: number): number {
  const [width, ny, nz] = dimensions;
  if (x < 0 || y < 0 || z < 0 || x >= width || y >= ny || z >= nz) return -1;
  const run = findRun(runs, z * ny + y, x);
  return run < 0 ? -1 : lesionOfRun[run]!;
}

/** [x, y, z] of a volume index. */
export function positionOf(voxel: number, [nx, ny]: HuVolume['dimensions']): [number, number, number] {
  return [voxel % nx, floor(voxel / nx) % ny, floor(voxel / (nx * ny))];
}
