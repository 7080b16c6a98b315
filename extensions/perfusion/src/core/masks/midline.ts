import type { MirrorLine } from '../regions/region-voxels.ts';
import type { Dimensions } from './components.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { atan2, cos, floor, round, sin, PI } = Math;

/**
 * The plane between the hemispheres: x * cos(angle) + y * sin(angle) = offset of the slice, x and y in mm from the center of the
 * first voxel. An angle of 0 is a plane that stands upright in the image.
 */
export interface Midline {
  readonly angleRad: number;
  /** One per slice, mm. */
  readonly offsetsMm: Float64Array;
}

const MOST_DEGREES = 30;
/** Sectors of half a degree, and over how many on both sides their voxels are averaged. */
const SECTORS = 720;
const SMOOTHED_SECTORS = 6;

/**
 * Finds the midline as the axis about which the brain mask is symmetric.
 *
 * The angle, up to 30 degrees from upright and in steps of half a degree, is that at which the numbers of voxels in the
 * directions from the center of gravity differ least from their mirror image, all slices together. The offset of a slice is that of its center of gravity, on a line
 * over the slices (least squares by area), so that a tilted head has a tilted plane. Masks do not show lesions, so a stroke does
 * not move the midline; a shift of the midline by swelling is not seen.
 * @returns null when the mask is empty
 */
export function findMidline(
  brain: Uint8Array,
  [nx, ny, nz]: Dimensions,
  spacingMm: readonly [number, number, number],
): Midline | null {
  const slices = Array.from({ length: nz }, (_, z) => gravityOf(brain, nx, ny, z, spacingMm));
  if (slices.every(({ area }) => area === 0)) return null;
  const sectors = voxelsPerDirection(brain, [nx, ny, nz], spacingMm, slices);
  let turn = 0;
  let least = Number.POSITIVE_INFINITY;
  const most = (MOST_DEGREES * SECTORS) / 360;
  for (let step = 0; step <= most; step++) {
    for (const sectorsTurned of step === 0 ? [0] : [step, -step]) {
      const difference = asymmetryAt(sectors, sectorsTurned);
      if (difference < least) {
        least = difference;
        turn = sectorsTurned;
      }
    }
  }
  const angleRad = (turn * 2 * PI) / SECTORS;
  return { angleRad, offsetsMm: offsetsOf(slices, angleRad) };
}

/** The line in which the midline cuts a slice, in image pixels. */
export function mirrorLine(
  { angleRad, offsetsMm }: Midline,
  slice: number,
  spacingMm: readonly [number, number, number],
): MirrorLine {
  const normal = [cos(angleRad), sin(angleRad)] as const;
  const offsetMm = offsetsMm[slice]!;
  return {
    through: [(offsetMm * normal[0]) / spacingMm[0], (offsetMm * normal[1]) / spacingMm[1]],
    along: [-normal[1], normal[0]],
  };
}

/** Whether a voxel lies on the side of larger x. Which side of the patient that is depends on the orientation of the images. */
export function isBeyondMidline(
  { angleRad, offsetsMm }: Midline,
  voxel: number,
  [nx, ny]: Dimensions,
  spacingMm: readonly [number, number, number],
): boolean {
  const z = floor(voxel / (nx * ny));
  const inSlice = voxel - z * nx * ny;
  const x = (inSlice % nx) * spacingMm[0];
  const y = floor(inSlice / nx) * spacingMm[1];
  return x * cos(angleRad) + y * sin(angleRad) > offsetsMm[z]!;
}

interface Gravity {
  readonly area: number;
  readonly xMm: number;
  readonly yMm: number;
}

function gravityOf(brain: Uint8Array, nx: number, ny: number, z: number, spacingMm: readonly number[]): Gravity {
  let [area, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      if (brain[(z * ny + y) * nx + x] !== 1) continue;
      area++;
      sumX += x;
      sumY += y;
    }
  }
  return { area, xMm: (sumX / area) * spacingMm[0]!, yMm: (sumY / area) * spacingMm[1]! };
}

/** Voxels of the mask by their direction from the center of gravity of their slice, smoothed a little. */
function voxelsPerDirection(
  brain: Uint8Array,
  [nx, ny, nz]: Dimensions,
  spacingMm: readonly [number, number, number],
  slices: readonly Gravity[],
): Float64Array {
  const counts = new Float64Array(SECTORS);
  for (let z = 0; z < nz; z++) {
    const { xMm, yMm } = slices[z]!;
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        if (brain[(z * ny + y) * nx + x] !== 1) continue;
        const direction = atan2(y * spacingMm[1] - yMm, x * spacingMm[0] - xMm) / (2 * PI);
        counts[wrapped(round(direction * SECTORS))]!++;
      }
    }
  }
  return counts.map((_, sector) => {
    let sum = 0;
    for (let by = -SMOOTHED_SECTORS; by <= SMOOTHED_SECTORS; by++) sum += counts[wrapped(sector + by)]!;
    return sum;
  });
}

/** Squared differences from the mirror image about an axis that is turned from upright by so many sectors. */
function asymmetryAt(sectors: Float64Array, turned: number): number {
  // the axis itself points a quarter of a turn away from its normal
  const axis = turned + SECTORS / 4;
  let sum = 0;
  for (let by = 1; by < SECTORS / 2; by++) sum += (sectors[wrapped(axis + by)]! - sectors[wrapped(axis - by)]!) ** 2;
  return sum;
}

function wrapped(sector: number): number {
  return ((sector % SECTORS) + SECTORS) % SECTORS;
}

/** A line through the offsets of the centers of gravity, by least squares with the areas as weights. */
function offsetsOf(slices: readonly Gravity[], angleRad: number): Float64Array {
  let [weights, sumZ, sumOffset, sumZz, sumZOffset] = [0, 0, 0, 0, 0];
  for (const [z, { area, xMm, yMm }] of slices.entries()) {
    if (area === 0) continue;
    const offset = xMm * cos(angleRad) + yMm * sin(angleRad);
    weights += area;
    sumZ += area * z;
    sumOffset += area * offset;
    sumZz += area * z * z;
    sumZOffset += area * z * offset;
  }
  const spread = sumZz - (sumZ * sumZ) / weights;
  const slope = spread > 1e-9 ? (sumZOffset - (sumZ * sumOffset) / weights) / spread : 0;
  const start = (sumOffset - slope * sumZ) / weights;
  return Float64Array.from(slices, (_, z) => start + slope * z);
}
