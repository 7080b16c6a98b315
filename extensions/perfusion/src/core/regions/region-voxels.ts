import { ellipseSpans, type Point, polygonSpans } from '@voxelwise/compute/twins';

/** A shape on a slice, in image pixels [column, row]; pixel centers have integer coordinates. */
export type RegionShape =
  | { readonly kind: 'ellipse'; readonly centre: Point; readonly radii: Point }
  | { readonly kind: 'polygon'; readonly points: readonly Point[] };

/** A line that mirrors one half of the head onto the other, in the plane of the slices: through a point, along a direction. */
export interface MirrorLine {
  /** [column, row]. */
  readonly through: Point;
  /** Unit vector [columns, rows] in mm, along the line. */
  readonly along: Point;
}

type Dimensions = readonly [number, number, number];

/** Indices of the voxels of a slice whose center lies in a shape, the rim included. */
export function regionVoxels(shape: RegionShape, slice: number, [nx, ny]: Dimensions): Int32Array {
  const rows =
    shape.kind === 'ellipse' ? ellipseSpans(shape.centre, shape.radii, nx, ny) : polygonSpans(shape.points, nx, ny);
  const voxels: number[] = [];
  rows.forEach((spans, row) => {
    for (const { start, end } of spans) {
      for (let column = start; column < end; column++) voxels.push((slice * ny + row) * nx + column);
    }
  });
  return Int32Array.from(voxels);
}

/**
 * The voxel that lies where another is mirrored to: the nearest to its mirrored center.
 * @param spacingMm [column spacing, row spacing, ...]
 * @returns -1 beside the image
 */
export function mirroredVoxel(
  voxel: number,
  { through, along }: MirrorLine,
  [nx, ny]: Dimensions,
  [dx, dy]: readonly [number, number, ...number[]],
): number {
  const slice = Math.floor(voxel / (nx * ny));
  const x = ((voxel % nx) - through[0]) * dx;
  const y = ((Math.floor(voxel / nx) % ny) - through[1]) * dy;
  const part = 2 * (x * along[0] + y * along[1]);
  const column = Math.round(through[0] + (part * along[0] - x) / dx);
  const row = Math.round(through[1] + (part * along[1] - y) / dy);
  return column >= 0 && row >= 0 && column < nx && row < ny ? (slice * ny + row) * nx + column : -1;
}

/** The voxels that lie where others are mirrored to, each once, without those beside the image. */
export function mirroredVoxels(
  voxels: ArrayLike<number>,
  line: MirrorLine,
  dimensions: Dimensions,
  spacingMm: readonly [number, number, ...number[]],
): Int32Array {
  const mirrored = new Set<number>();
  for (let i = 0; i < voxels.length; i++) {
    const other = mirroredVoxel(voxels[i]!, line, dimensions, spacingMm);
    if (other >= 0) mirrored.add(other);
  }
  return Int32Array.from(mirrored);
}
