import { type StrokeTissue, tissueLabel } from './stroke-tissues.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { abs, atan2, floor, hypot, max, min, round, PI } = Math;

/** Grid of the phantom. x grows to the patient's left, y to the back, z to the head, as in DICOM. */
export interface StrokeGrid {
  /** Voxels per axis [nx, ny, nz]. */
  readonly dimensions: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
}

/** Half axes of the brain in its lowest slice, mm. The slices above are smaller by up to 12 %. */
const BRAIN_MM = { x: 66, y: 84 };
const SKULL_MM = 7;
const SCALP_MM = 6;
const CORTEX_MM = 14;

/**
 * Lesion: a wedge of the right middle cerebral artery, as angles to the right of the middle and distances from the center as a
 * part of the brain's half axes. Slices as parts of the height, -0.5 at the foot and 0.5 at the head.
 */
const PENUMBRA = { halfAngle: 48, from: 0.32, slices: [-0.35, 0.35] } as const;
const CORE = { halfAngle: 29, from: 0.42, slices: [-0.25, 0.25] } as const;

/** Arteries that are cut across, mm from the center: both anterior cerebral arteries together, and the open left middle one. */
const ARTERIES = [
  { x: 0, y: -38 },
  { x: 34, y: -10 },
] as const;
const ARTERY_RADIUS_MM = 2.2;
const ARTERY_SLICES = [-0.32, 0.05] as const;
const SINUS_RADIUS_MM = 4.5;

/** Label of every voxel (x fastest), see STROKE_TISSUES. */
export function strokeAnatomy({ dimensions, spacingMm }: StrokeGrid): Uint8Array {
  const [nx, ny, nz] = dimensions;
  const labels = new Uint8Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) {
    const height = (z + 0.5) / nz - 0.5;
    const scale = 1 - 0.12 * (height + 0.5);
    for (let y = 0; y < ny; y++) {
      const yMm = (y - (ny - 1) / 2) * spacingMm[1];
      for (let x = 0; x < nx; x++) {
        const xMm = (x - (nx - 1) / 2) * spacingMm[0];
        labels[(z * ny + y) * nx + x] = tissueLabel(tissueAt(xMm, yMm, height, scale));
      }
    }
    drawVessels(labels, { dimensions, spacingMm }, z, height, scale);
  }
  return labels;
}

function tissueAt(x: number, y: number, height: number, scale: number): StrokeTissue {
  const brain = { x: BRAIN_MM.x * scale, y: BRAIN_MM.y * scale };
  const radius = hypot(x / brain.x, y / brain.y);
  if (radius > 1) {
    if (hypot(x / (brain.x + SKULL_MM), y / (brain.y + SKULL_MM)) <= 1) return 'skull';
    const head = SKULL_MM + SCALP_MM;
    return hypot(x / (brain.x + head), y / (brain.y + head)) <= 1 ? 'scalp' : 'air';
  }
  const side = abs(x);
  if (abs(height) < 0.3 && hypot((side - 9) / 5, (y + 2) / 22) <= 1) return 'cerebrospinal fluid';
  const cortex = hypot(x / (brain.x - CORTEX_MM), y / (brain.y - CORTEX_MM)) > 1;
  const nuclei = hypot((side - 24) / 7, (y - 2) / 18) <= 1;
  const gray = cortex || nuclei;
  const angle = (atan2(abs(y / brain.y), -x / brain.x) * 180) / PI;
  const within = (part: typeof CORE | typeof PENUMBRA) =>
    angle <= part.halfAngle && radius >= part.from && height >= part.slices[0] && height <= part.slices[1];
  if (within(CORE)) return gray ? 'gray matter, core' : 'white matter, core';
  if (within(PENUMBRA)) return gray ? 'gray matter, penumbra' : 'white matter, penumbra';
  return gray ? 'gray matter' : 'white matter';
}

/** Arteries with a rim of partial volume, and the sinus at the back: at least one voxel each, however coarse the grid. */
function drawVessels(labels: Uint8Array, grid: StrokeGrid, z: number, height: number, scale: number): void {
  if (height >= ARTERY_SLICES[0] && height <= ARTERY_SLICES[1]) {
    for (const { x, y } of ARTERIES) {
      drawDisk(labels, grid, z, x, y, ARTERY_RADIUS_MM + grid.spacingMm[0], tissueLabel('artery, partial volume'));
      drawDisk(labels, grid, z, x, y, ARTERY_RADIUS_MM, tissueLabel('artery'));
    }
  }
  const sinusY = BRAIN_MM.y * scale - SINUS_RADIUS_MM - 2;
  drawDisk(labels, grid, z, 0, sinusY, SINUS_RADIUS_MM, tissueLabel('sagittal sinus'));
}

function drawDisk(
  labels: Uint8Array,
  { dimensions, spacingMm }: StrokeGrid,
  z: number,
  xMm: number,
  yMm: number,
  radiusMm: number,
  label: number,
): void {
  const [nx, ny] = dimensions;
  const centerX = round(xMm / spacingMm[0] + (nx - 1) / 2);
  const centerY = round(yMm / spacingMm[1] + (ny - 1) / 2);
  const [reachX, reachY] = [floor(radiusMm / spacingMm[0]), floor(radiusMm / spacingMm[1])];
  for (let y = max(0, centerY - reachY); y <= min(ny - 1, centerY + reachY); y++) {
    for (let x = max(0, centerX - reachX); x <= min(nx - 1, centerX + reachX); x++) {
      const distance = hypot((x - centerX) * spacingMm[0], (y - centerY) * spacingMm[1]);
      if (distance <= radiusMm) labels[(z * ny + y) * nx + x] = label;
    }
  }
}
