import { type Baseline, contrastOfSlice, type DynamicVolume, type SmoothingWeights } from '../core/index.ts';

/**
 * Contrast of one voxel as the maps see it: smoothed with its neighbors within the mask. Only what the filter reaches is converted
 * and smoothed, which gives the same as smoothing the whole slice.
 * @returns null outside the mask, and where the voxel has no contrast
 */
export function smoothedContrast(
  volume: DynamicVolume,
  mask: Uint8Array,
  voxel: number,
  { baseline, smoothing }: { readonly baseline: Baseline; readonly smoothing: SmoothingWeights },
): Float64Array | null {
  if (mask[voxel] !== 1) return null;
  const [nx, ny] = volume.dimensions;
  const { timePoints, voxels } = volume;
  const slice = Math.floor(voxel / (nx * ny));
  const [column, row] = [voxel % nx, Math.floor(voxel / nx) % ny];
  const [reachX, reachY] = [smoothing.x.length >> 1, smoothing.y.length >> 1];
  const [left, right] = [Math.max(0, column - reachX), Math.min(nx, column + reachX + 1)];
  const [top, bottom] = [Math.max(0, row - reachY), Math.min(ny, row + reachY + 1)];
  const [width, height] = [right - left, bottom - top];
  const part = new (voxels instanceof Int16Array ? Int16Array : Float32Array)(width * height * timePoints);
  const partMask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * nx + left;
    partMask.set(mask.subarray(slice * nx * ny + from, slice * nx * ny + from + width), y * width);
    for (let t = 0; t < timePoints; t++) {
      const first = (slice * timePoints + t) * nx * ny + from;
      part.set(voxels.subarray(first, first + width), (t * height + y) * width);
    }
  }
  const cut: DynamicVolume = { ...volume, voxels: part, dimensions: [width, height, 1] };
  const contrast = contrastOfSlice(cut, 0, { baseline, smoothing, mask: partMask });
  const at = (row - top) * width + (column - left);
  const curve = Float64Array.from({ length: timePoints }, (_, t) => contrast[t * width * height + at]!);
  return curve.every(Number.isFinite) ? curve : null;
}
