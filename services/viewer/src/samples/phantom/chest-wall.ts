import { bump, coverage, dimensions, mix, paint, positionMm, type Slice, topMm } from './grid.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { abs, atan2, floor, max, round, sqrt, PI } = Math;

const [columns, rows] = dimensions;

/** Half axes and center of the skin outline and of the rib ring, mm. */
const body = { radiusX: 170, radiusY: 107, centerY: 0, exponent: 2.35 };
const ribRing = { radiusX: 141, radiusY: 89, centerY: -1, exponent: 2.15 };

/** Angle along a rib (0 = posterior midline, pi = anterior midline) where bone starts and where it turns into cartilage. */
const ribStart = 0.29;
const costochondral = 2.3;

/** Vertical distance of two ribs, and of two vertebrae, mm. */
export const segmentMm = 25;

/** How far the front of a rib lies below its head, mm. */
const ribDropMm = 82;

interface OutlineMaps {
  readonly bodyLevel: Float32Array;
  readonly bodyRadius: Float32Array;
  readonly ribLevel: Float32Array;
  readonly ribRadius: Float32Array;
  readonly angle: Float32Array;
}

let maps: OutlineMaps | undefined;

/** Superellipse level (1 on the outline) of every pixel, distance to the center in units of that level, and rib angle. */
function outlineMaps(): OutlineMaps {
  if (maps) return maps;
  const made = {
    bodyLevel: new Float32Array(columns * rows),
    bodyRadius: new Float32Array(columns * rows),
    ribLevel: new Float32Array(columns * rows),
    ribRadius: new Float32Array(columns * rows),
    angle: new Float32Array(columns * rows),
  };
  const level = (x: number, y: number, shape: typeof body) =>
    (abs(x / shape.radiusX) ** shape.exponent + abs(y / shape.radiusY) ** shape.exponent) ** (1 / shape.exponent);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column;
      const x = positionMm(column);
      const y = positionMm(row);
      made.bodyLevel[index] = level(x, y - body.centerY, body);
      made.bodyRadius[index] = sqrt(x * x + (y - body.centerY) ** 2) / made.bodyLevel[index]!;
      made.ribLevel[index] = level(x, y - ribRing.centerY, ribRing);
      made.ribRadius[index] = sqrt(x * x + (y - ribRing.centerY) ** 2) / made.ribLevel[index]!;
      made.angle[index] = atan2(abs(x) / ribRing.radiusX, (y - ribRing.centerY) / ribRing.radiusY);
    }
  }
  maps = made;
  return made;
}

/** The chest narrows towards the neck: scale of the rib ring at a height in mm. */
function ribScale(zMm: number): number {
  return 1 - 0.085 * (zMm / topMm) ** 2;
}

/** Position in y (mm) of the back of the sternum's mid-plane at a height in mm. */
export function sternumCenterMm(zMm: number): number {
  return ribRing.centerY - ribRing.radiusY * ribScale(zMm) - 1;
}

/** Height in mm of the head of rib `index`. */
export function ribHeadMm(index: number): number {
  return 4 + segmentMm * index;
}

/** How far a rib has come down at an angle; the cartilage climbs back to the sternum. */
function dropMm(angle: number): number {
  if (angle < costochondral) return ribDropMm * ((angle - ribStart) / (costochondral - ribStart));
  return ribDropMm - 42 * ((angle - costochondral) / (PI - costochondral));
}

/** Thickness in mm of the muscles on the outside of the ribs: erector spinae, latissimus and serratus, pectoralis. */
function muscleMm(angle: number, zMm: number): number {
  const height = zMm / topMm;
  return (
    3.5 +
    13 * bump(angle, 0.25, 0.45) +
    (8 + 9 * height) * bump(angle, 1.05, 0.8) +
    (3 + 15 * height) * bump(angle, 2.36, 0.66)
  );
}

/**
 * Paints what the ring of the chest is made of: skin, subcutaneous fat, muscle, ribs with cortex and marrow, costal cartilage,
 * and the lungs inside. Everything else is painted over it.
 */
export function paintChestWall(slice: Slice): void {
  const { bodyLevel, bodyRadius, ribLevel, ribRadius, angle } = outlineMaps();
  const { hu, zMm } = slice;
  const skinScale = 1 - 0.035 * (zMm / topMm) ** 2;
  const ringScale = ribScale(zMm);
  for (let index = 0; index < hu.length; index++) {
    const depthMm = (skinScale - bodyLevel[index]!) * bodyRadius[index]!;
    if (depthMm < -1) continue;
    const outsideMm = (ribLevel[index]! - ringScale) * ribRadius[index]!;
    const phi = angle[index]!;
    const muscle = coverage(outsideMm - muscleMm(phi, zMm)) * coverage(7 - depthMm);
    let value = mix(-105, 52, muscle);
    // the fat plane between the superficial and the deep muscles
    if (outsideMm > 3) value = mix(value, -70, 0.8 * bump(outsideMm, 0.55 * muscleMm(phi, zMm) + 1.5, 1.5));
    value = mix(value, 25, coverage(depthMm - 1.8));
    const row = floor(index / columns);
    const side = index - row * columns < columns / 2 ? -1 : 1;
    if (outsideMm < -3) {
      // gravity: the back of the lung is denser when the patient lies supine
      const lungHu = -868 + 0.42 * positionMm(row);
      value = mix(value, -60, coverage(outsideMm + 4.2));
      value = mix(value, lungHu, coverage(outsideMm + 5.6));
    }
    if (outsideMm > -6 && outsideMm < 6 && phi > ribStart - 0.02) value = ribValue(value, outsideMm, phi, zMm, side);
    hu[index] = mix(hu[index]!, value, coverage(-depthMm));
  }
}

/** HU of a pixel in the ring, with the rib or cartilage that passes there painted over `value`. */
function ribValue(value: number, outsideMm: number, phi: number, zMm: number, side: number): number {
  const height = zMm + dropMm(phi) - (side < 0 ? 3 : 0);
  const nearest = round((height - ribHeadMm(0)) / segmentMm);
  const offZ = height - ribHeadMm(nearest);
  const end = costochondral + 0.06 * side - (nearest < 3 ? 0.12 * (3 - nearest) : 0);
  if (phi < end) {
    const level = sqrt((outsideMm / 4.1) ** 2 + (offZ / 5.9) ** 2);
    const bone = coverage((level - 1) * 4.6);
    return mix(mix(value, 820, bone), 240, coverage((level - 0.62) * 4.6));
  }
  if (phi > 3.02) return value;
  const level = sqrt((outsideMm / 4.6) ** 2 + (offZ / 7) ** 2);
  return mix(value, 59, coverage((level - 1) * 5));
}

/** Paints the couch: a curved carbon shell around foam on a thin mattress; all of it stays far below 130 HU. */
export function paintTable(slice: Slice): void {
  const center = -222;
  const wide = { left: -165, right: 165, front: 40, back: 175 };
  const radius = (x: number, y: number) => sqrt(x * x + (y - center) ** 2);
  const inside = (x: number) => abs(x) - 158;
  const layer = (inner: number, outer: number) => (x: number, y: number) => {
    const r = radius(x, y);
    return max(inner - r, r - outer, inside(x));
  };
  paint(slice, wide, layer(331.5, 337), -900);
  paint(slice, wide, layer(337, 366), -140);
  paint(slice, wide, layer(339, 364), -945);
}
