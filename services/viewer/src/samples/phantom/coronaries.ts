import { mix, type Point, paintSegment, paintTube, type Slice } from './grid.ts';
import { heartDistanceMm } from './heart.ts';

/** The four vessels of a calcium score, in the order of reports. */
export const vesselNames = ['LM', 'LAD', 'LCX', 'RCA'] as const;
export type VesselName = (typeof vesselNames)[number];

/** Outer radius of a coronary artery, mm. */
export const coronaryRadiusMm = 1.6;

/** Course of each artery as control points in mm, before it is laid onto the surface of the heart. */
const courses: Record<VesselName, readonly Point[]> = {
  LM: [
    [13, -14, 85],
    [20, -15, 87],
    [28, -18, 87],
    [35, -23, 85],
  ],
  LAD: [
    [35, -23, 85],
    [40, -38, 82],
    [43, -52, 74],
    [50, -62, 63],
    [60, -70, 50],
    [70, -72, 36],
    [76, -68, 25],
  ],
  LCX: [
    [35, -23, 85],
    [43, -10, 82],
    [45, 2, 75],
    [43, 10, 65],
    [36, 14, 55],
    [26, 12, 44],
  ],
  RCA: [
    [-8, -31, 88],
    [-17, -42, 82],
    [-27, -50, 72],
    [-31, -50, 58],
    [-30, -46, 44],
    [-25, -34, 30],
    [-13, -17, 20],
    [2, -8, 15],
  ],
};

/** Point of a Catmull-Rom spline through `points` at a share (0 to 1) of its length in control points. */
function splinePoint(points: readonly Point[], share: number): Point {
  const scaled = share * (points.length - 1);
  const index = Math.min(points.length - 2, Math.floor(scaled));
  const t = scaled - index;
  const p1 = points[index]!;
  const p2 = points[index + 1]!;
  const p0 = points[index - 1] ?? p1;
  const p3 = points[index + 2] ?? p2;
  const axis = (a: 0 | 1 | 2) =>
    0.5 *
    (2 * p1[a] +
      (p2[a] - p0[a]) * t +
      (2 * p0[a] - 5 * p1[a] + 4 * p2[a] - p3[a]) * t * t +
      (3 * p1[a] - p0[a] - 3 * p2[a] + p3[a]) * t * t * t);
  return [axis(0), axis(1), axis(2)];
}

/** Moves a point along the gradient of the heart's distance until it lies `heightMm` above the surface. */
function layOnHeart(point: Point, heightMm: number): Point {
  let [x, y, z] = point;
  for (let step = 0; step < 8; step++) {
    const distance = heartDistanceMm(x, y, z);
    const slopeX = (heartDistanceMm(x + 0.5, y, z) - heartDistanceMm(x - 0.5, y, z)) / 1;
    const slopeY = (heartDistanceMm(x, y + 0.5, z) - heartDistanceMm(x, y - 0.5, z)) / 1;
    const slopeZ = (heartDistanceMm(x, y, z + 0.5) - heartDistanceMm(x, y, z - 0.5)) / 1;
    const square = slopeX * slopeX + slopeY * slopeY + slopeZ * slopeZ || 1;
    const move = (0.7 * (heightMm - distance)) / square;
    x += slopeX * move;
    y += slopeY * move;
    z += slopeZ * move;
  }
  return [x, y, z];
}

/** Points along an artery, evenly spaced in control points: on the heart, in the fat of its groove. */
function course(name: VesselName): Point[] {
  const control = courses[name];
  const count = (control.length - 1) * 6;
  const raw = Array.from({ length: count + 1 }, (_, index) => {
    const point = splinePoint(control, index / count);
    if (name === 'LM') return point;
    const laid = layOnHeart(point, 3);
    // near the ostium the artery has not reached the heart's surface yet
    const share = Math.min(1, index / 6);
    return [mix(point[0], laid[0], share), mix(point[1], laid[1], share), mix(point[2], laid[2], share)] as Point;
  });
  let smooth = raw;
  for (let pass = 0; pass < 3; pass++) {
    const previous = smooth;
    smooth = previous.map((point, index) => {
      const before = previous[index - 1];
      const after = previous[index + 1];
      if (!before || !after) return point;
      const axis = (a: 0 | 1 | 2) => (before[a] + 2 * point[a] + after[a]) / 4;
      return [axis(0), axis(1), axis(2)];
    });
  }
  return smooth;
}

/** Center lines of the four arteries in mm, from the aortic root outwards. */
export function coronaryPaths(): Record<VesselName, readonly Point[]> {
  return { LM: course('LM'), LAD: course('LAD'), LCX: course('LCX'), RCA: course('RCA') };
}

/** Point in mm at a share (0 to 1) of a center line, and the direction of the artery in the plane of the slice (unit vector). */
export function pointOnPath(
  path: readonly Point[],
  share: number,
): { point: Point; direction: readonly [number, number] } {
  const scaled = share * (path.length - 1);
  const index = Math.min(path.length - 2, Math.floor(scaled));
  const from = path[index]!;
  const to = path[index + 1]!;
  const t = scaled - index;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const norm = Math.sqrt(dx * dx + dy * dy);
  return {
    point: [mix(from[0], to[0], t), mix(from[1], to[1], t), mix(from[2], to[2], t)],
    direction: norm < 0.05 ? [1, 0] : [dx / norm, dy / norm],
  };
}

/** Paints the arteries as tubes of soft tissue, each in a channel of fat. */
export function paintCoronaries(slice: Slice, paths: Record<VesselName, readonly Point[]>): void {
  for (const name of vesselNames) {
    const path = paths[name];
    // the first points lie in the wall of the aorta, which keeps its shape
    for (let index = name === 'LM' || name === 'RCA' ? 3 : 1; index < path.length; index++) {
      const segment = { from: path[index - 1]!, to: path[index]!, radiusFrom: 4.2, radiusTo: 4.2 };
      paintSegment(slice, segment, -92, 0, hu => hu > -300);
    }
  }
  for (const name of vesselNames) paintTube(slice, paths[name], coronaryRadiusMm, 42);
}
