import {
  coverage,
  dimensions,
  mix,
  type Point,
  paintEllipse,
  paintSegment,
  pixelIndex,
  positionMm,
  type Slice,
} from './grid.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { abs, max, min, sqrt } = Math;
const farMm = Number.POSITIVE_INFINITY;

/** Ellipsoid: center and half axes in mm, first axis along `axis` (unit vector), the others perpendicular to it. */
interface Ellipsoid {
  readonly center: Point;
  readonly along: number;
  readonly across: number;
  readonly axis: Point;
}

/** From the base of the heart to its apex: to the left, to the front, and down. */
const longAxis: Point = [0.68, -0.58, -0.4485];
const vertical: Point = [0, 0, 1];
const sideways: Point = [1, 0, 0];

const leftVentricle: Ellipsoid = { center: [38, -26, 48], along: 52, across: 34, axis: longAxis };
const rightVentricle: Ellipsoid = { center: [9, -44, 47], along: 49, across: 31, axis: [0.78, -0.2, -0.593] };
const rightAtrium: Ellipsoid = { center: [-34, -20, 54], along: 34, across: 26, axis: vertical };
const leftAtrium: Ellipsoid = { center: [3, 2, 77], along: 35, across: 20, axis: sideways };
const outflow: Ellipsoid = { center: [17, -50, 74], along: 30, across: 17, axis: vertical };
const chambers = [leftVentricle, rightVentricle, rightAtrium, leftAtrium, outflow];

/** Signed distance in mm to an ellipsoid of revolution. */
function ellipsoidDistanceMm(shape: Ellipsoid, x: number, y: number, z: number): number {
  const [dx, dy, dz] = [x - shape.center[0], y - shape.center[1], z - shape.center[2]];
  const t = dx * shape.axis[0] + dy * shape.axis[1] + dz * shape.axis[2];
  const rest = max(0, dx * dx + dy * dy + dz * dz - t * t);
  const along2 = shape.along * shape.along;
  const across2 = shape.across * shape.across;
  const level = sqrt((t * t) / along2 + rest / across2);
  const slope = sqrt((t * t) / (along2 * along2) + rest / (across2 * across2));
  return slope === 0 ? -shape.across : (level * (level - 1)) / slope;
}

/** Creases between chambers are filled over this width in mm: on the muscle, and under the pericardium. */
const muscleBridgeMm = 7;
const pericardiumBridgeMm = 26;

/** Smooth minimum: the distance to two joined shapes, with the crease between them filled. */
function join(first: number, second: number, bridgeMm: number): number {
  const overlap = max(bridgeMm - abs(first - second), 0) / bridgeMm;
  return min(first, second) - (overlap * overlap * bridgeMm) / 4;
}

/** Distance in mm to the surface of the chambers, negative inside; the grooves between them stay. */
export function heartDistanceMm(x: number, y: number, z: number): number {
  let joined = ellipsoidDistanceMm(chambers[0]!, x, y, z);
  for (let index = 1; index < chambers.length; index++) {
    joined = join(joined, ellipsoidDistanceMm(chambers[index]!, x, y, z), muscleBridgeMm);
  }
  return joined;
}

const ascendingAorta: readonly Point[] = [
  [6, -16, 74],
  [0, -19, 84],
  [-10, -22, 97],
  [-16, -22, 112],
  [-19, -19, 150],
];
const pulmonaryTrunk: readonly Point[] = [
  [18, -50, 84],
  [20, -44, 100],
  [21, -30, 112],
  [24, -14, 119],
];
const rightPulmonaryArtery: readonly Point[] = [
  [22, -16, 113],
  [0, -1, 110],
  [-28, 1, 107],
  [-50, 3, 101],
];
const leftPulmonaryArtery: readonly Point[] = [
  [24, -14, 119],
  [34, 4, 118],
  [46, 16, 110],
];
const superiorVenaCava: readonly Point[] = [
  [-34, -14, 66],
  [-37, -11, 100],
  [-40, -11, 150],
];
const inferiorVenaCava: readonly Point[] = [
  [-30, -8, -10],
  [-32, -10, 32],
];
const pulmonaryVeins: readonly (readonly Point[])[] = [
  [
    [-24, 4, 78],
    [-48, 8, 80],
    [-66, 0, 88],
  ],
  [
    [-24, 6, 70],
    [-46, 14, 64],
  ],
  [
    [30, 4, 82],
    [48, 4, 88],
    [62, -8, 94],
  ],
  [
    [30, 8, 72],
    [46, 18, 66],
  ],
];

/** Where the chambers, the pericardium and their fat can be, mm. */
const heartBox = { left: -78, right: 108, front: -86, back: 42 };

const bloodHu = 38;
const muscleHu = 47;
const fatHu = -92;

/** Thickness of each chamber's wall in mm, in the order of `chambers`: atria have almost none. */
const wallsMm = [11, 4.5, 2.5, 2.5, 4];

/** Paints pericardium, epicardial fat and chambers of one slice in a single pass, because distances to ellipsoids cost most. */
function paintChambers(slice: Slice): void {
  const columns = dimensions[0];
  const distances = new Float64Array(chambers.length);
  // the heart rests on the diaphragm with little fat between
  const fatMm = 1.5 + 5 * min(1, max(0, (slice.zMm - 8) / 16));
  for (let row = pixelIndex(heartBox.front); row <= pixelIndex(heartBox.back); row++) {
    const y = positionMm(row);
    for (let column = pixelIndex(heartBox.left); column <= pixelIndex(heartBox.right); column++) {
      const x = positionMm(column);
      let muscle = farMm;
      let envelope = farMm;
      for (let index = 0; index < chambers.length; index++) {
        const distance = ellipsoidDistanceMm(chambers[index]!, x, y, slice.zMm);
        distances[index] = distance;
        muscle = index === 0 ? distance : join(muscle, distance, muscleBridgeMm);
        envelope = index === 0 ? distance : join(envelope, distance, pericardiumBridgeMm);
      }
      if (envelope > 9) continue;
      const at = row * columns + column;
      let hu = mix(slice.hu[at]!, 20, coverage(envelope - fatMm - 1.2));
      hu = mix(hu, fatHu, coverage(envelope - fatMm));
      hu = mix(hu, muscleHu, coverage(muscle));
      for (let index = 0; index < chambers.length; index++) {
        hu = mix(hu, bloodHu, coverage(distances[index]! + wallsMm[index]!));
      }
      slice.hu[at] = hu;
    }
  }
}

/** Paints the heart with its fat and the great vessels. Non-contrast: blood 38 HU, myocardium 47 HU. */
export function paintHeart(slice: Slice): void {
  if (slice.zMm > 4 && slice.zMm < 108) paintChambers(slice);
  const vessels: readonly (readonly [readonly Point[], number])[] = [
    [inferiorVenaCava, 11],
    [pulmonaryVeins[0]!, 6],
    [pulmonaryVeins[1]!, 6],
    [pulmonaryVeins[2]!, 6],
    [pulmonaryVeins[3]!, 6],
    [rightPulmonaryArtery, 10],
    [leftPulmonaryArtery, 10.5],
    [superiorVenaCava, 8.5],
    [pulmonaryTrunk, 13],
    [ascendingAorta, 15.5],
  ];
  for (const [path, radiusMm] of vessels) {
    for (let index = 1; index < path.length; index++) {
      const segment = { from: path[index - 1]!, to: path[index]!, radiusFrom: radiusMm, radiusTo: radiusMm };
      paintSegment(slice, segment, 44);
    }
    // wall and blood differ by a few HU only
    for (let index = 1; index < path.length; index++) {
      const segment = { from: path[index - 1]!, to: path[index]!, radiusFrom: radiusMm, radiusTo: radiusMm };
      paintSegment(slice, segment, bloodHu, -1.8);
    }
  }
}

/** Paints the fat of the mediastinum that heart and vessels lie in: behind the sternum, around the great vessels, before the spine. */
export function paintMediastinalFat(slice: Slice, sternumY: number): void {
  const { zMm } = slice;
  const high = coverage((96 - zMm) / 12);
  // between liver and sternum only a thin layer is left
  const low = coverage((zMm - 14) / 12);
  paintEllipse(slice, [2, sternumY + 9], [mix(mix(24, 15, high), 30, low), mix(15, 9, low)], -98);
  if (low < 1) paintEllipse(slice, [4, sternumY + 24], [mix(26, 12, high) * (1 - low), 18 * (1 - low)], -98);
  if (zMm > 84) {
    const grown = min(1, (zMm - 84) / 18);
    paintEllipse(slice, [-4, -16], [40 * grown, 42 * grown], -95);
  }
  paintEllipse(slice, [10, 32], [33, 15], -95);
}
