import type { Dimensions } from './components.ts';

/** A region of interest in one slice. Points are in voxels: the center of the first voxel is [0, 0]. */
export type PlaneRegion = {
  /** 0-based. */
  readonly slice: number;
} & (
  | { readonly shape: 'disk'; readonly center: readonly [number, number]; readonly radiusMm: number }
  | {
      readonly shape: 'ellipse';
      readonly center: readonly [number, number];
      /** Half axes along x and y. */
      readonly radiiMm: readonly [number, number];
    }
  | { readonly shape: 'polygon'; readonly points: readonly (readonly [number, number])[] }
);

/**
 * Voxels whose center lies in a region, as ascending indices of [nx, ny, nz]. A region that is smaller than a voxel gives the one
 * it lies on. Parts outside of the slice are left out.
 */
export function voxelsInRegion(
  region: PlaneRegion,
  [nx, ny, nz]: Dimensions,
  spacingMm: readonly [number, number, number],
): Int32Array {
  if (!Number.isInteger(region.slice) || region.slice < 0 || region.slice >= nz) {
    throw new RangeError(`There is no slice ${region.slice + 1} in ${nz} slices.`);
  }
  const isInside = insideOf(region, spacingMm);
  const voxels: number[] = [];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) if (isInside(x, y)) voxels.push((region.slice * ny + y) * nx + x);
  }
  if (voxels.length === 0) {
    const [x, y] = centerOf(region);
    const nearest = [Math.round(x), Math.round(y)] as const;
    const isThere = nearest[0] >= 0 && nearest[0] < nx && nearest[1] >= 0 && nearest[1] < ny;
    if (isThere) voxels.push((region.slice * ny + nearest[1]) * nx + nearest[0]);
  }
  return Int32Array.from(voxels);
}

function insideOf(region: PlaneRegion, spacingMm: readonly [number, number, number]) {
  if (region.shape === 'polygon') return (x: number, y: number) => isInPolygon(x, y, region.points);
  const radii = region.shape === 'disk' ? [region.radiusMm, region.radiusMm] : region.radiiMm;
  const [centerX, centerY] = region.center;
  return (x: number, y: number) =>
    Math.hypot(((x - centerX) * spacingMm[0]) / radii[0]!, ((y - centerY) * spacingMm[1]) / radii[1]!) <= 1;
}

function centerOf(region: PlaneRegion): readonly [number, number] {
  if (region.shape !== 'polygon') return region.center;
  const { points } = region;
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return [mean(0), mean(1)];
}

/** Even-odd rule: a ray to the right crosses the outline an odd number of times. */
function isInPolygon(x: number, y: number, points: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i]!;
    const [xj, yj] = points[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
