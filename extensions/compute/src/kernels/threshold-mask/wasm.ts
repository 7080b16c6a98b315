import type { RunControl } from '../../engine/run-control.ts';
import { type BitMask, emptyMask } from '../../twins/bit-mask.ts';
import type { Int16Volume } from '../../volume.ts';
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
  { voxels, dimensions }: Int16Volume,
  threshold: number,
  control?: RunControl,
): Promise<BitMask> {
  const [width, ny, nz] = dimensions;
  const mask = emptyMask(width, ny * nz);
  const lowest = Math.ceil(threshold); // on integers, value >= threshold is value >= ceil(threshold)
  if (Number.isNaN(lowest) || lowest > INT16_MAX) return mask;
  if (lowest <= INT16_MIN) return fullMask(mask);

  const { memory, pack_rows } = await packModule();
  const rowsPerChunk = Math.max(1, Math.min(mask.rows, Math.floor(CHUNK_BYTES / 2 / width)));
  const target = Math.ceil((rowsPerChunk * width * 2) / 16) * 16;
  for (let row = 0; row < mask.rows; row += rowsPerChunk) {
    await control?.step(row, mask.rows);
    // Another run can have used the memory during the step, and grown it, which makes views anew necessary.
    held = ensureBytes(memory, target + rowsPerChunk * mask.wordsPerRow * 4);
    const rows = Math.min(rowsPerChunk, mask.rows - row);
    new Int16Array(memory.buffer).set(voxels.subarray(row * width, (row + rows) * width));
    pack_rows(0, rows, width, lowest - 1, target);
    mask.words.set(new Uint32Array(memory.buffer, target, rows * mask.wordsPerRow), row * mask.wordsPerRow);
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
