/** Geometry of boxes of voxels seen in parallel projection. Pure numbers: where to draw which face, how bright. */

/** A point on the canvas with its distance towards the viewer. */
export type Projected = readonly [x: number, y: number, towardsViewer: number];

/** Where voxel (0, 0, 0) is seen, and how far one step along each axis of the volume moves that. */
export interface Projection {
  readonly origin: Projected;
  readonly axes: readonly [Projected, Projected, Projected];
}

/** A face of every box: the outer side along one axis. */
export interface Face {
  readonly axis: 0 | 1 | 2;
  /** 1 for the side of higher indices, -1 for the other one. */
  readonly side: 1 | -1;
  /** From 0, seen edge on, to 1, seen from the front. */
  readonly frontality: number;
}

/** Numbers per box: first column, column after the last, row, slice. */
export const BOX_STRIDE = 4;

/** The three sides of a box that a viewer sees. @param lengthsMm length of a step along each axis */
export function visibleFaces({ axes }: Projection, lengthsMm: readonly [number, number, number]): Face[] {
  return ([0, 1, 2] as const).map(axis => {
    const towards = axes[axis][2] / lengthsMm[axis];
    return { axis, side: towards >= 0 ? 1 : -1, frontality: Math.min(1, Math.abs(towards)) };
  });
}

/** Boxes in the order in which they have to be drawn: the farthest first. */
export function farthestFirst(boxes: Int32Array, { axes }: Projection): Int32Array {
  const count = boxes.length / BOX_STRIDE;
  const depth = new Float64Array(count);
  for (let box = 0; box < count; box++) {
    const [column, row, slice] = centreOf(boxes, box);
    depth[box] = column * axes[0][2] + row * axes[1][2] + slice * axes[2][2];
  }
  return Int32Array.from({ length: count }, (_, box) => box).sort((a, b) => depth[a]! - depth[b]!);
}

/** The four corners [x, y, x, y, ...] of a face of a box, on the canvas. */
export function cornersOf(boxes: Int32Array, box: number, { axis, side }: Face, projection: Projection): number[] {
  const at = box * BOX_STRIDE;
  const low = [boxes[at]! - 0.5, boxes[at + 2]! - 0.5, boxes[at + 3]! - 0.5];
  const high = [boxes[at + 1]! - 0.5, boxes[at + 2]! + 0.5, boxes[at + 3]! + 0.5];
  const along = side > 0 ? high[axis]! : low[axis]!;
  const [u, v] = axis === 0 ? [1, 2] : axis === 1 ? [0, 2] : [0, 1];
  const corners: number[] = [];
  for (const [first, second] of [
    [low[u]!, low[v]!],
    [high[u]!, low[v]!],
    [high[u]!, high[v]!],
    [low[u]!, high[v]!],
  ] as const) {
    const voxel = [0, 0, 0];
    voxel[axis] = along;
    voxel[u] = first;
    voxel[v] = second;
    const [x, y] = project(projection, voxel[0]!, voxel[1]!, voxel[2]!);
    corners.push(x, y);
  }
  return corners;
}

/** Where a place of the volume, in voxel indices, is seen. */
export function project({ origin, axes }: Projection, column: number, row: number, slice: number): Projected {
  const along = (i: 0 | 1 | 2) => origin[i] + column * axes[0][i] + row * axes[1][i] + slice * axes[2][i];
  return [along(0), along(1), along(2)];
}

/** Middle of a box in voxel indices. */
export function centreOf(boxes: Int32Array, box: number): [number, number, number] {
  const at = box * BOX_STRIDE;
  return [(boxes[at]! + boxes[at + 1]! - 1) / 2, boxes[at + 2]!, boxes[at + 3]!];
}
