import { type BitMask, emptyMask } from '../../twins/bit-mask.ts';
import type { VoxelVolume } from '../../volume.ts';
import { ensureBytes, instantiateWasm } from '../wasm-module.ts';
import moduleBase64 from './threshold-mask.wasm.generated.ts';

interface PackModule {
  memory: WebAssembly.Memory;
  pack_rows(source: number, rows: number, width: number, below: number, target: number): void;
}

/** Bytes of voxels copied into WebAssembly memory at a time: large enough to hide the call, small enough for the cache. */
const CHUNK_BYTES = 1 << 21;
const INT16_MIN = -32768;
const INT16_MAX = 32767;

let compiled: Promise<PackModule> | undefined;
let held = 0;

/** Bytes of the module's memory in this thread: one chunk and its mask. */
export const heldBytes = () => held;

/** Compiled once per thread. */
export function packModule(): Promise<PackModule> {
  compiled ??= instantiateWasm<PackModule>(moduleBase64);
  return compiled;
}

/** Same result as the thresholdMask twin, bit for bit, for Int16 volumes. */
export async function thresholdMaskWasm(
  volume: VoxelVolume & { readonly voxels: Int16Array },
  threshold: number,
): Promise<BitMask> {
  const { voxels, dimensions } = volume;
  const [width, ny, nz] = dimensions;
  const mask = emptyMask(width, ny * nz);
  const lowest = Math.ceil(threshold); // on integers, value >= threshold is value >= ceil(threshold)
  if (Number.isNaN(lowest) || lowest > INT16_MAX) return mask;
  if (lowest <= INT16_MIN) return fullMask(mask);

  const { memory, pack_rows } = await packModule();
  const rowsPerChunk = Math.max(1, Math.min(mask.rows, Math.floor(CHUNK_BYTES / 2 / width)));
  const target = Math.ceil((rowsPerChunk * width * 2) / 16) * 16;
  held = ensureBytes(memory, target + rowsPerChunk * mask.wordsPerRow * 4);
  const source = new Int16Array(memory.buffer, 0, rowsPerChunk * width);
  const packed = new Uint32Array(memory.buffer, target, rowsPerChunk * mask.wordsPerRow);

  for (let row = 0; row < mask.rows; row += rowsPerChunk) {
    const rows = Math.min(rowsPerChunk, mask.rows - row);
    source.set(voxels.subarray(row * width, (row + rows) * width));
    pack_rows(0, rows, width, lowest - 1, target);
    mask.words.set(packed.subarray(0, rows * mask.wordsPerRow), row * mask.wordsPerRow);
  }
  return mask;
}

/** Every int16 value reaches a threshold of -32768 or less, which "value > threshold - 1" cannot express in int16. */
function fullMask(mask: BitMask): BitMask {
  const { words, width, wordsPerRow } = mask;
  const lastWord = width & 31 ? (1 << (width & 31)) - 1 : -1;
  for (let word = 0; word < words.length; word++) {
    words[word] = word % wordsPerRow === wordsPerRow - 1 ? lastWord : -1;
  }
  return mask;
}
