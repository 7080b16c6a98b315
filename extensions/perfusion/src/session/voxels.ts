import type { Voxel } from './state.ts';

type Dimensions = readonly [number, number, number];

/** Index of a voxel, x fastest, then y, then z. */
export function voxelIndex([column, row, slice]: Voxel, [nx, ny]: Dimensions): number {
  return (slice * ny + row) * nx + column;
}

export function voxelAt(index: number, [nx, ny]: Dimensions): Voxel {
  const slice = Math.floor(index / (nx * ny));
  const inSlice = index - slice * nx * ny;
  return [inSlice % nx, Math.floor(inSlice / nx), slice];
}

/** True where a pixel lies within the images. */
export function isInside([column, row]: readonly [number, number], [nx, ny]: Dimensions): boolean {
  return column >= 0 && row >= 0 && column < nx && row < ny;
}
