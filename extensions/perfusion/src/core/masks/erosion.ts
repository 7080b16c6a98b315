import type { Dimensions } from './components.ts';

/** Takes away what lies within a box of [x, y] voxels of background or of the slice's border, slice by slice. */
export function eroded(mask: Uint8Array, dimensions: Dimensions, radius: readonly [number, number]): Uint8Array {
  return counted(mask, dimensions, radius, (count, box) => count === box);
}

/** Adds what lies within a box of [x, y] voxels of the mask, slice by slice. */
export function dilated(mask: Uint8Array, dimensions: Dimensions, radius: readonly [number, number]): Uint8Array {
  return counted(mask, dimensions, radius, count => count > 0);
}

/** A box is a row of rows, so both can be done one axis after the other. */
function counted(
  mask: Uint8Array,
  [nx, ny, nz]: Dimensions,
  [radiusX, radiusY]: readonly [number, number],
  keep: (count: number, box: number) => boolean,
): Uint8Array {
  const rows = new Uint8Array(mask.length);
  for (let row = 0; row < ny * nz; row++) line(mask, rows, row * nx, 1, nx, radiusX, keep);
  const both = new Uint8Array(mask.length);
  for (let z = 0; z < nz; z++) {
    for (let x = 0; x < nx; x++) line(rows, both, z * nx * ny + x, nx, ny, radiusY, keep);
  }
  return both;
}

/** Counts the set voxels within a radius along a line, by adding the next and taking off the last. */
function line(
  from: Uint8Array,
  to: Uint8Array,
  first: number,
  step: number,
  length: number,
  radius: number,
  keep: (count: number, box: number) => boolean,
): void {
  let count = 0;
  for (let at = 0; at < Math.min(radius, length); at++) count += from[first + at * step]!;
  for (let at = 0; at < length; at++) {
    if (at + radius < length) count += from[first + (at + radius) * step]!;
    if (at - radius - 1 >= 0) count -= from[first + (at - radius - 1) * step]!;
    to[first + at * step] = keep(count, 2 * radius + 1) ? 1 : 0;
  }
}
