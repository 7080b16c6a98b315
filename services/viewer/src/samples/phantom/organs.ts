import { type Point, paint, paintEllipse, paintSegment, type Slice, type TubeSegment } from './grid.ts';
import { randomIntegers } from './noise.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { max, sqrt } = Math;

/** Accepts pixels that are lung so far, so that a shape pushes into the lung and into nothing else. */
const isLung = (hu: number) => hu < -150;

/** Center of the descending aorta at a height in mm. */
export function descendingAortaMm(zMm: number): readonly [x: number, y: number] {
  return [25 - 6 * (1 - zMm / 141), 33 - 3 * (zMm / 141)];
}

/** Outer radius of the descending aorta, mm. */
export const descendingAortaRadiusMm = 12.5;

/** Dome of an upper abdominal organ: upper part of an ellipsoid, mm and HU. */
interface Dome {
  readonly center: Point;
  readonly radii: Point;
  readonly hu: number;
}

const domes: readonly Dome[] = [
  { center: [-66, 0, -36], radii: [92, 86, 70], hu: 56 },
  { center: [4, -36, -42], radii: [96, 60, 59], hu: 56 },
  { center: [74, 18, -44], radii: [66, 66, 64], hu: 48 },
];

/** Paints the domes of liver and spleen with the diaphragm over them, and the stomach with its gas. */
export function paintAbdomen(slice: Slice): void {
  for (const { center, radii, hu } of domes) {
    const lift = (slice.zMm - center[2]) / radii[2];
    if (lift >= 1) continue;
    const scale = sqrt(1 - lift * lift);
    paintEllipse(slice, [center[0], center[1]], [radii[0] * scale, radii[1] * scale], hu, isLung);
  }
  if (slice.zMm < 14) {
    const scale = sqrt(1 - (slice.zMm / 15) ** 2);
    paintEllipse(slice, [52, -6], [30 * scale + 2, 24 * scale + 2], 40);
    // the patient lies supine, so the gas is in front of a level
    const level = (x: number, y: number) =>
      max(sqrt(((x - 52) / 30) ** 2 + ((y + 6) / 24) ** 2) * 26 - 26 * scale, y + 2);
    paint(slice, { left: 20, right: 84, front: -32, back: 0 }, level, -980);
  }
}

/** Paints descending aorta, esophagus and azygos vein. */
export function paintPosteriorMediastinum(slice: Slice): void {
  const [x, y] = descendingAortaMm(slice.zMm);
  paintEllipse(slice, [x, y], [descendingAortaRadiusMm + 1.5, descendingAortaRadiusMm + 1.5], -80);
  paintEllipse(slice, [x, y], [descendingAortaRadiusMm, descendingAortaRadiusMm], 44);
  paintEllipse(slice, [x, y], [descendingAortaRadiusMm - 1.6, descendingAortaRadiusMm - 1.6], 39);
  paintEllipse(slice, [3, 26], [7.5, 5], 36);
  if (slice.zMm % 21 < 9) paintEllipse(slice, [3, 26], [1.8, 1], -500);
  paintEllipse(slice, [-9, 32], [4, 3.6], 40);
}

const airways: readonly TubeSegment[] = [
  { from: [-2, 7, 160], to: [-1, 10, 126], radiusFrom: 8.6, radiusTo: 8.8 },
  { from: [-1, 10, 126], to: [-26, 12, 106], radiusFrom: 6.8, radiusTo: 6.4 },
  { from: [-26, 12, 106], to: [-42, 12, 92], radiusFrom: 5.6, radiusTo: 4.8 },
  { from: [-26, 12, 106], to: [-58, 6, 120], radiusFrom: 4.4, radiusTo: 3 },
  { from: [-42, 12, 92], to: [-52, 26, 60], radiusFrom: 4.4, radiusTo: 2.6 },
  { from: [-42, 12, 92], to: [-62, -14, 74], radiusFrom: 3.2, radiusTo: 2 },
  { from: [-1, 10, 126], to: [30, 15, 102], radiusFrom: 6.2, radiusTo: 5.6 },
  { from: [30, 15, 102], to: [46, 20, 88], radiusFrom: 5, radiusTo: 4.2 },
  { from: [30, 15, 102], to: [60, 0, 112], radiusFrom: 4, radiusTo: 2.6 },
  { from: [46, 20, 88], to: [60, 36, 54], radiusFrom: 3.8, radiusTo: 2.2 },
];

/** Paints trachea, main and lobar bronchi: air of -985 HU in a thin wall. */
export function paintAirways(slice: Slice): void {
  for (const segment of airways) paintSegment(slice, segment, 20, 1.4);
  for (const segment of airways) paintSegment(slice, segment, -985);
}

/** Arteries and veins of the lungs: a random tree of tubes from both hila; the same for the same seed. */
export function lungVessels(seed: number): TubeSegment[] {
  const next = randomIntegers(seed);
  const random = () => next() / 0x100000000;
  const spread = () => random() * 2 - 1;
  const tree: TubeSegment[] = [];
  const grow = (from: Point, direction: Point, radius: number, depth: number): void => {
    const reach = (7 + 11 * random()) * (0.62 + radius * 0.16);
    const bend: Point = [
      direction[0] + 0.36 * spread(),
      direction[1] + 0.36 * spread(),
      direction[2] + 0.36 * spread(),
    ];
    const norm = sqrt(bend[0] ** 2 + bend[1] ** 2 + bend[2] ** 2) || 1;
    const unit: Point = [bend[0] / norm, bend[1] / norm, bend[2] / norm];
    const to: Point = [from[0] + unit[0] * reach, from[1] + unit[1] * reach, from[2] + unit[2] * reach];
    const thinner = radius * (0.8 + 0.1 * random());
    tree.push({ from, to, radiusFrom: radius, radiusTo: thinner });
    if (depth === 0 || thinner < 0.42) return;
    grow(to, unit, thinner, depth - 1);
    if (random() < 0.72) {
      const aside: Point = [unit[0] + 1.1 * spread(), unit[1] + 1.1 * spread(), unit[2] + 1.1 * spread()];
      grow(to, aside, thinner * (0.6 + 0.25 * random()), depth - 1);
    }
  };
  for (const side of [-1, 1]) {
    for (let trunk = 0; trunk < 30; trunk++) {
      const height = trunk / 29;
      const hilum: Point = [side * (44 + 8 * random()), 10 + 12 * spread(), 72 + 46 * height];
      const aim: Point = [side * (0.5 + 0.8 * random()), 1.15 * spread(), (height - 0.5) * 2.2 + 0.5 * spread()];
      grow(hilum, aim, 2 + 1.9 * random(), 9);
    }
  }
  return tree;
}

/** Paints lung vessels where there is lung. */
export function paintLungVessels(slice: Slice, tree: readonly TubeSegment[]): void {
  for (const segment of tree) paintSegment(slice, segment, 35, 0, isLung);
}
