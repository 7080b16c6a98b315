import { ribHeadMm, segmentMm, sternumCenterMm } from './chest-wall.ts';
import {
  bump,
  ellipseDistanceMm,
  type Point,
  paint,
  paintBone,
  paintEllipse,
  paintSegment,
  type Slice,
} from './grid.ts';

/** Position in y (mm) of the vertebral body's center at a height in mm: a slight kyphosis. */
export function vertebraCenterMm(zMm: number): number {
  return 50 - 4 * ((zMm - 70) / 70) ** 2;
}

/** Paints a straight piece of bone with cortex and marrow. */
function paintBoneSegment(slice: Slice, from: Point, to: Point, radiusMm: number): void {
  paintSegment(slice, { from, to, radiusFrom: radiusMm, radiusTo: radiusMm }, 700);
  if (radiusMm > 2.2) {
    paintSegment(slice, { from, to, radiusFrom: radiusMm - 1.7, radiusTo: radiusMm - 1.7 }, 230);
  }
}

/** Paints sternum, thoracic spine with its processes, the necks of the ribs and the scapulae. */
export function paintSkeleton(slice: Slice): void {
  paintSternum(slice);
  paintSpine(slice);
  for (let rib = 0; rib <= 9; rib++) paintRibNeck(slice, rib);
  paintScapulae(slice);
}

function paintSternum(slice: Slice): void {
  const { zMm } = slice;
  if (zMm < 18) return;
  const centerY = sternumCenterMm(zMm);
  // sternebrae: the body is wider where ribs join; below 36 mm only the xiphoid is left
  const halfWidth = zMm < 36 ? 5 + (zMm - 18) * 0.35 : 14.5 + 2.5 * bump((zMm % segmentMm) - 12, 0, 12);
  const halfDepth = zMm < 36 ? 3.6 : 5.8;
  const box = { left: -halfWidth - 2, right: halfWidth + 2, front: centerY - 9, back: centerY + 9 };
  const distance = (x: number, y: number) => ellipseDistanceMm(x, y - centerY - 0.008 * x * x, halfWidth, halfDepth);
  paintBone(slice, box, distance, { cortexHu: 560, marrowHu: 165, cortexMm: 1.5 });
}

function paintSpine(slice: Slice): void {
  const { zMm } = slice;
  const y = vertebraCenterMm(zMm);
  const phase = (((zMm - ribHeadMm(0) + 2) % segmentMm) + segmentMm) % segmentMm;
  // paraspinal muscle beside the spinous processes
  for (const side of [-1, 1]) paintEllipse(slice, [side * 25, y + 40], [21, 12], 54);
  paintEllipse(slice, [0, y + 22], [15, 13], 48);
  const waist = phase < 20 ? 1.8 * (1 - ((phase - 10) / 10) ** 2) : 0;
  const radiusX = 17.5 - waist;
  const radiusY = 14.5 - waist * 0.6;
  const box = { left: -20, right: 20, front: y - 17, back: y + 17 };
  const bodyDistance = (x: number, yAt: number) => {
    const outer = ellipseDistanceMm(x, yAt - y, radiusX, radiusY);
    // the back of the body is hollowed by the canal
    return Math.max(outer, 10 - Math.sqrt(x * x + (yAt - y - 22.5) ** 2));
  };
  if (phase > 20.5) {
    paint(slice, box, bodyDistance, 59);
  } else if (phase < 2.2 || phase > 18.3) {
    paintBone(slice, box, bodyDistance, { cortexHu: 600, marrowHu: 330, cortexMm: 1.8 });
  } else {
    paintBone(slice, box, bodyDistance, { cortexHu: 640, marrowHu: 190, cortexMm: 1.5 });
    paintEllipse(slice, [0, y + 8], [1.2, 4], 90);
  }
  const at = (x: number, offset: number): Point => [x, y + offset, zMm];
  for (const side of [-1, 1]) {
    if (phase > 3 && phase < 13) paintBoneSegment(slice, at(side * 10.5, 11), at(side * 12, 24), 3.3);
    if (phase > 4 && phase < 12) paintBoneSegment(slice, at(side * 13, 26), at(side * 32, 31), 4);
    if (phase < 4 || phase > 16) paintBoneSegment(slice, at(side * 12, 25), at(side * 13, 29), 3.8);
    if (phase > 2.5 && phase < 21) paintBoneSegment(slice, at(side * 11.5, 27), at(side * 1, 34), 2.7);
  }
  // spinous processes of the thoracic spine point down and overlap like roof tiles
  const reach = 38 + 10 * (1 - phase / segmentMm);
  paintBoneSegment(slice, at(0, 35), at(0, reach), 2.6);
  paintEllipse(slice, [0, y + 22.5], [8.6, 7.6], -20);
  paintEllipse(slice, [0, y + 22.5], [7.4, 6.4], 18);
  paintEllipse(slice, [0, y + 22.5], [4.6, 3.7], 42);
}

function paintRibNeck(slice: Slice, rib: number): void {
  const headZ = ribHeadMm(rib);
  const y = vertebraCenterMm(headZ);
  for (const side of [-1, 1]) {
    const shift = side < 0 ? 3 : 0;
    paintBoneSegment(slice, [side * 38, 82, headZ + shift], [side * 20, y + 9, headZ + 2], 3.8);
  }
}

function paintScapulae(slice: Slice): void {
  for (const side of [-1, 1]) {
    // the blade is a triangle that tapers to its lower angle
    const from: Point = [side * 88, 84, 88];
    for (let step = 0; step <= 10; step++) {
      const z = 66 + step * 8;
      if (Math.abs(slice.zMm - z) > 4) continue;
      const share = Math.min(1, step / 7);
      const innerX = 96 - 10 * share;
      const outerX = 98 + 29 * share;
      const inner: Point = [side * innerX, from[1] - (innerX - 88) * 0.6, slice.zMm];
      const outer: Point = [side * outerX, from[1] - (outerX - 88) * 0.82, slice.zMm];
      paintSegment(slice, { from: inner, to: outer, radiusFrom: 8.5, radiusTo: 9 }, 54);
      paintBoneSegment(slice, inner, outer, 1.9);
      paintBoneSegment(slice, outer, outer, 3.4);
    }
  }
}
