import type { Random } from '../testing/random.ts';
import { type BitMask, emptyMask } from './bit-mask.ts';

// Jest runs tests in a context of its own, where every look-up of a global is slow: this is looked up once.
const { floor } = Math;

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
