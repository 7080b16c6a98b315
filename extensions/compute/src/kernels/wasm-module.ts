import { isInt16Volume, type VoxelVolume } from '../volume.ts';

/** Whole rows are copied into WebAssembly memory, which is never given back once it has grown: 4 Mi voxels, 8 MiB. */
const LONGEST_ROW = 1 << 22;

/** Why a kernel that reads int16 rows cannot run this volume, or null when it can. */
export function wasmUnavailable(volume: VoxelVolume): string | null {
  if (!isInt16Volume(volume)) return 'the volume holds fractional values (Float32)';
  return volume.dimensions[0] > LONGEST_ROW ? `its rows have more than ${LONGEST_ROW} voxels` : null;
}

/** Instance of an assembled module (scripts/generate.mjs). A host whose security policy forbids WebAssembly makes this reject. */
export async function instantiateWasm<Exports>(moduleBase64: string): Promise<Exports> {
  const bytes = Uint8Array.from(atob(moduleBase64), character => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as unknown as Exports;
}

/** Grows a memory to at least this size, which makes views on it useless. Gives its size. */
export function ensureBytes(memory: WebAssembly.Memory, bytes: number): number {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return memory.buffer.byteLength;
}
