import type { DynamicSignal } from '../dynamic-volume.ts';
import { normalNoise } from './noise.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { imul, sqrt } = Math;

const TABLE_BITS = 16;

/**
 * Makes a function that adds noise to a frame in place: normal for CT, Rician for MR (the length of a signal with normal noise in
 * both of its channels). Each call draws on. A volume has tens of millions of values, so numbers are drawn from a table of 65536
 * normal ones, by a random index (xorshift).
 */
export function addStrokeNoise(seed: number, sd: number, signal: DynamicSignal): (frame: Float32Array) => void {
  if (sd === 0) return () => {};
  const normal = normalNoise(seed);
  const table = Float32Array.from({ length: 1 << TABLE_BITS }, () => sd * normal());
  let state = (imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  const index = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> (32 - TABLE_BITS);
  };
  if (signal.kind === 'attenuation') {
    return frame => {
      for (let i = 0; i < frame.length; i++) frame[i]! += table[index()]!;
    };
  }
  return frame => {
    for (let i = 0; i < frame.length; i++) {
      const real = frame[i]! + table[index()]!;
      const imaginary = table[index()]!;
      frame[i] = sqrt(real * real + imaginary * imaginary);
    }
  };
}
