import { readFileSync } from 'node:fs';

/** Voxels of an uncompressed NIfTI-1 file of 64-bit floats, x fastest, in little endian. */
export function readNifti(file: string): { readonly dimensions: readonly number[]; readonly values: Float64Array } {
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getInt16(70, true);
  if (view.getInt32(0, true) !== 348 || type !== 64) throw new Error(`${file} is not NIfTI-1 of 64-bit floats.`);
  const axes = view.getInt16(40, true);
  const dimensions = Array.from({ length: axes }, (_, axis) => view.getInt16(42 + 2 * axis, true));
  const start = view.getFloat32(108, true);
  const count = dimensions.reduce((product, size) => product * size, 1);
  return { dimensions, values: Float64Array.from({ length: count }, (_, i) => view.getFloat64(start + 8 * i, true)) };
}
