// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { max, min, round, sqrt } = Math;

/** Size of the generated volume in voxels: columns (x), rows (y), slices (z). */
export const dimensions: readonly [number, number, number] = [512, 512, 48];

/** 380 mm field of view over 512 columns, an exact binary fraction so that no reader rounds it. */
export const spacingMm: readonly [number, number, number] = [0.7421875, 0.7421875, 3];

/** Diameter of the reconstruction circle in mm; voxels outside of it hold padding. */
export const reconstructionDiameterMm = 380;

/** Height of the last slice above the first, in mm. */
export const topMm = (dimensions[2] - 1) * spacingMm[2];

/** Point in phantom coordinates, mm: x to the patient's left, y to posterior, z to superior; origin at the image center of slice 0. */
export type Point = readonly [x: number, y: number, z: number];

/** In-plane bounding box in mm. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly front: number;
  readonly back: number;
}

/** One slice while it is painted: HU of 512 x 512 pixels, x fastest, at height `zMm`. */
export interface Slice {
  readonly hu: Float32Array;
  readonly zMm: number;
}

const [columns, rows] = dimensions;
const pixelMm = spacingMm[0];

/** Width in mm over which an edge fades: the partial volume of a soft reconstruction kernel. */
const edgeMm = 1.3;

/** In-plane position in mm of the center of column or row `index`. */
export function positionMm(index: number): number {
  return (index - (columns - 1) / 2) * pixelMm;
}

/** Nearest column or row to an in-plane position in mm. */
export function pixelIndex(mm: number): number {
  return round(mm / pixelMm + (columns - 1) / 2);
}

/** Share of a pixel (0 to 1) that a shape covers, from the signed distance of its center to the shape's surface in mm. */
export function coverage(signedDistanceMm: number): number {
  const share = 0.5 - signedDistanceMm / edgeMm;
  return max(0, min(1, share));
}

/** Linear blend: `from` at share 0, `to` at share 1. */
export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** Smooth bump: 1 at `center`, 0 from `halfWidth` away. */
export function bump(value: number, center: number, halfWidth: number): number {
  const offset = (value - center) / halfWidth;
  return offset <= -1 || offset >= 1 ? 0 : (1 - offset * offset) ** 2;
}

/**
 * Paints a shape into a slice with soft edges.
 * @param signedDistanceMm distance of (x, y) in mm to the shape's surface, negative inside
 * @param accepts with it, only pixels whose present HU it accepts are painted
 */
export function paint(
  slice: Slice,
  box: Box,
  signedDistanceMm: (x: number, y: number) => number,
  hu: number,
  accepts?: (presentHu: number) => boolean,
): void {
  const firstColumn = max(0, pixelIndex(box.left) - 1);
  const lastColumn = min(columns - 1, pixelIndex(box.right) + 1);
  const firstRow = max(0, pixelIndex(box.front) - 1);
  const lastRow = min(rows - 1, pixelIndex(box.back) + 1);
  for (let row = firstRow; row <= lastRow; row++) {
    const y = positionMm(row);
    for (let column = firstColumn; column <= lastColumn; column++) {
      const share = coverage(signedDistanceMm(positionMm(column), y));
      if (share === 0) continue;
      const index = row * columns + column;
      const present = slice.hu[index]!;
      if (accepts && !accepts(present)) continue;
      slice.hu[index] = present + (hu - present) * share;
    }
  }
}

/** Signed distance in mm of (x, y) to an axis-aligned ellipse (first-order approximation, exact on the outline). */
export function ellipseDistanceMm(x: number, y: number, radiusX: number, radiusY: number): number {
  const u = x / radiusX;
  const v = y / radiusY;
  const level = sqrt(u * u + v * v);
  const slope = sqrt((u / radiusX) ** 2 + (v / radiusY) ** 2);
  return slope === 0 ? -min(radiusX, radiusY) : (level * (level - 1)) / slope;
}

/** Paints a soft-edged ellipse centered at (x, y), all in mm. */
export function paintEllipse(
  slice: Slice,
  center: readonly [number, number],
  radii: readonly [number, number],
  hu: number,
  accepts?: (presentHu: number) => boolean,
): void {
  const [centerX, centerY] = center;
  const [radiusX, radiusY] = radii;
  const box = {
    left: centerX - radiusX - 1,
    right: centerX + radiusX + 1,
    front: centerY - radiusY - 1,
    back: centerY + radiusY + 1,
  };
  paint(slice, box, (x, y) => ellipseDistanceMm(x - centerX, y - centerY, radiusX, radiusY), hu, accepts);
}

/** Straight piece of a tube: two ends and the radius at each, in mm. */
export interface TubeSegment {
  readonly from: Point;
  readonly to: Point;
  readonly radiusFrom: number;
  readonly radiusTo: number;
}

/** Paints where a straight tube with round ends crosses a slice; `extraMm` widens it. */
export function paintSegment(
  slice: Slice,
  { from, to, radiusFrom, radiusTo }: TubeSegment,
  hu: number,
  extraMm = 0,
  accepts?: (presentHu: number) => boolean,
): void {
  const reach = max(radiusFrom, radiusTo) + extraMm + 1;
  if (slice.zMm < min(from[2], to[2]) - reach || slice.zMm > max(from[2], to[2]) + reach) return;
  const [dx, dy, dz] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const lengthSquared = dx * dx + dy * dy + dz * dz || 1;
  const pz = slice.zMm - from[2];
  const box = {
    left: min(from[0], to[0]) - reach,
    right: max(from[0], to[0]) + reach,
    front: min(from[1], to[1]) - reach,
    back: max(from[1], to[1]) + reach,
  };
  const distance = (x: number, y: number) => {
    const px = x - from[0];
    const py = y - from[1];
    const along = min(1, max(0, (px * dx + py * dy + pz * dz) / lengthSquared));
    const [ex, ey, ez] = [px - along * dx, py - along * dy, pz - along * dz];
    return sqrt(ex * ex + ey * ey + ez * ez) - mix(radiusFrom, radiusTo, along) - extraMm;
  };
  paint(slice, box, distance, hu, accepts);
}

/** Paints a tube of constant radius along a polyline, all in mm. */
export function paintTube(slice: Slice, path: readonly Point[], radiusMm: number, hu: number): void {
  for (let index = 1; index < path.length; index++) {
    paintSegment(slice, { from: path[index - 1]!, to: path[index]!, radiusFrom: radiusMm, radiusTo: radiusMm }, hu);
  }
}

/** Paints bone: a cortical shell of `cortexMm` around marrow. */
export function paintBone(
  slice: Slice,
  box: Box,
  signedDistanceMm: (x: number, y: number) => number,
  { cortexHu, marrowHu, cortexMm }: { cortexHu: number; marrowHu: number; cortexMm: number },
): void {
  paint(slice, box, signedDistanceMm, cortexHu);
  paint(slice, box, (x, y) => signedDistanceMm(x, y) + cortexMm, marrowHu);
}
