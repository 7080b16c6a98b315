import type { VoxelVolume } from '../volume.ts';

// Jest runs tests in a context of its own, where every look-up of a global is slow: these are looked up once.
const { floor, imul } = Math;

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export type Random = () => number;

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

/** Whole number in [lowest, highest]. */
export function integer(random: Random, lowest: number, highest: number): number {
  return lowest + floor(random() * (highest - lowest + 1));
}

/** Index of the first element in which two arrays differ, -1 when they are equal. Fast on large arrays. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : shorter;
}

/** Int16 volume in which about this share of voxels reaches the threshold. */
export function randomInt16Volume(
  random: Random,
  dimensions: VoxelVolume['dimensions'],
  density: number,
  threshold: number,
): VoxelVolume & { readonly voxels: Int16Array } {
  const [nx, ny, nz] = dimensions;
  const voxels = new Int16Array(nx * ny * nz);
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    voxels[voxel] = floor(random() < density ? threshold + random() * 400 : threshold - random() * 400);
  }
  return { voxels, dimensions };
}
