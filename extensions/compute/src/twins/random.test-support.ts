import type { VoxelVolume } from '../volume.ts';
import { type BitMask, emptyMask } from './bit-mask.ts';

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

/** A mask as one byte per voxel, 1 inside: the plain form in which the tests think. */
export function randomVoxelMask(random: Random, voxelCount: number, density: number): Uint8Array {
  return Uint8Array.from({ length: voxelCount }, () => (random() < density ? 1 : 0));
}

/** Bit mask of a plain mask, bit by bit. */
export function packed(plain: ArrayLike<number>, width: number): BitMask {
  const mask = emptyMask(width, plain.length / width);
  for (let voxel = 0; voxel < plain.length; voxel++) {
    const x = voxel % width;
    const word = floor(voxel / width) * mask.wordsPerRow + floor(x / 32);
    if (plain[voxel]) mask.words[word] = mask.words[word]! + 2 ** (x % 32);
  }
  return mask;
}

/** Plain mask of a bit mask, bit by bit. Throws when a bit past the width is set. */
export function unpacked({ words, width, rows, wordsPerRow }: BitMask): Uint8Array {
  const plain = new Uint8Array(width * rows);
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < wordsPerRow * 32; x++) {
      const bit = floor(words[row * wordsPerRow + floor(x / 32)]! / 2 ** (x % 32)) % 2;
      if (bit && x >= width) throw new Error(`bit ${x} of row ${row} lies past the width ${width}`);
      if (bit) plain[row * width + x] = 1;
    }
  }
  return plain;
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
