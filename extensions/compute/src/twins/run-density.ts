import type { VoxelArray } from '../volume.ts';

/** The golden ratio's fraction: its multiples lie evenly in any order, so no pattern of a volume can hide between them. */
const GOLDEN = 0.6180339887498949;

/** How many voxels of a volume reach a threshold, and in how many runs, as parts of all voxels. */
export interface RunDensity {
  readonly voxels: number;
  readonly runs: number;
}

/** Estimated from some voxels and their neighbors before them, spread over the volume. The same volume, the same estimate. */
export function estimateRunDensity(voxels: VoxelArray, width: number, threshold: number, looks = 1 << 12): RunDensity {
  let inside = 0;
  let starts = 0;
  const count = Math.min(looks, voxels.length);
  for (let look = 0; look < count; look++) {
    const voxel = looks < voxels.length ? Math.floor(((look * GOLDEN) % 1) * voxels.length) : look;
    if (!(voxels[voxel]! >= threshold)) continue;
    inside++;
    if (voxel % width === 0 || !(voxels[voxel - 1]! >= threshold)) starts++;
  }
  return { voxels: inside / count, runs: starts / count };
}
