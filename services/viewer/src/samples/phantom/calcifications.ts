import { coronaryPaths, pointOnPath, type VesselName } from './coronaries.ts';
import { dimensions, type Point, pixelIndex, positionMm, spacingMm } from './grid.ts';
import { descendingAortaMm, descendingAortaRadiusMm } from './organs.ts';

/** One placed calcification: where it sits, and every voxel of it with its HU before noise. */
export interface PlacedCalcification {
  readonly vessel: VesselName | 'aorta';
  /** Indices into the volume (x fastest, then y, then z), ascending. */
  readonly voxels: readonly number[];
  readonly baseHu: readonly number[];
}

/** Lowest HU of a placed voxel before noise. */
const floorHu = 166;

/**
 * Noise inside a calcification is scaled by this: at most ±70 x 0.45 = ±31.5 HU, hence never below 130 HU from a base of 166,
 * and never over the edge of a weight class from a base in its middle.
 */
export const calcificationNoiseScale = 0.45;

interface Plaque {
  readonly vessel: VesselName;
  /** Share of the artery's length, 0 at its origin. */
  readonly share: number;
  /** Half axes in mm: along the artery and across it in the slice, and in z. */
  readonly halfLengthMm: number;
  readonly halfWidthMm: number;
  readonly halfHeightMm: number;
  readonly peakHu: number;
}

const plaque = (
  vessel: VesselName,
  share: number,
  [halfLengthMm, halfWidthMm, halfHeightMm]: readonly [number, number, number],
  peakHu: number,
): Plaque => ({ vessel, share, halfLengthMm, halfWidthMm, halfHeightMm, peakHu });

/** Sizes from five pixels in one slice to plaques over five slices; peaks in the middle of each weight class. */
const plaques: readonly Plaque[] = [
  plaque('LM', 0.55, [2.1, 1.2, 4], 350),
  plaque('LAD', 0.16, [3.3, 1.5, 4], 640),
  plaque('LAD', 0.36, [2.2, 1.5, 4], 250),
  plaque('LAD', 0.56, [2.4, 1.4, 5], 480),
  plaque('LAD', 0.78, [0.9, 0.8, 1], 166),
  plaque('LCX', 0.3, [2.4, 1.3, 4], 350),
  plaque('LCX', 0.66, [1.7, 1.2, 1], 250),
  plaque('RCA', 0.18, [2.6, 1.4, 4], 520),
  plaque('RCA', 0.46, [1.8, 1.5, 7.5], 730),
  plaque('RCA', 0.72, [1.6, 1.4, 1], 166),
];

/** Voxels of an ellipsoid around a voxel, in slices where it covers at least 3 pixels, brightest in the middle. */
function ellipsoidVoxels(
  center: readonly [x: number, y: number, z: number],
  direction: readonly [number, number],
  { halfLengthMm, halfWidthMm, halfHeightMm, peakHu }: Omit<Plaque, 'vessel' | 'share'>,
): { voxels: number[]; baseHu: number[] } {
  const [columns, rows, slices] = dimensions;
  const reach = Math.ceil(Math.max(halfLengthMm, halfWidthMm) / spacingMm[0]);
  const reachZ = Math.floor(halfHeightMm / spacingMm[2]);
  const voxels: number[] = [];
  const baseHu: number[] = [];
  for (let z = Math.max(0, center[2] - reachZ); z <= Math.min(slices - 1, center[2] + reachZ); z++) {
    const inSlice: number[] = [];
    const huInSlice: number[] = [];
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const along = (dx * direction[0] + dy * direction[1]) * spacingMm[0];
        const across = (dy * direction[0] - dx * direction[1]) * spacingMm[0];
        const up = (z - center[2]) * spacingMm[2];
        const level = (along / halfLengthMm) ** 2 + (across / halfWidthMm) ** 2 + (up / halfHeightMm) ** 2;
        if (level >= 1) continue;
        inSlice.push((z * rows + center[1] + dy) * columns + center[0] + dx);
        huInSlice.push(Math.round(floorHu + (peakHu - floorHu) * (1 - level)));
      }
    }
    // 3 pixels are 1.65 mm², safely over the 1 mm² below which a scorer drops a component
    if (inSlice.length < 3) continue;
    voxels.push(...inSlice);
    baseHu.push(...huInSlice);
  }
  return { voxels, baseHu };
}

/** Nearest voxel [x, y, z] to a point in mm. */
function nearestVoxel([x, y, z]: Point): [number, number, number] {
  return [pixelIndex(x), pixelIndex(y), Math.round(z / spacingMm[2])];
}

/** All calcifications of the phantom: those of the coronary arteries, in the order of the vessels. */
export function coronaryCalcifications(): PlacedCalcification[] {
  const paths = coronaryPaths();
  return plaques.map(shape => {
    const { point, direction } = pointOnPath(paths[shape.vessel], shape.share);
    return { vessel: shape.vessel, ...ellipsoidVoxels(nearestVoxel(point), direction, shape) };
  });
}

/** A plaque in the wall of the descending aorta, bright enough to score: the realistic distractor that a reader leaves out. */
export function aorticCalcification(): PlacedCalcification {
  const voxels: number[] = [];
  const baseHu: number[] = [];
  const [columns, rows] = dimensions;
  for (let z = 22; z <= 25; z++) {
    const [centerX, centerY] = descendingAortaMm(z * spacingMm[2]);
    for (let y = pixelIndex(centerY) - 20; y <= pixelIndex(centerY); y++) {
      for (let x = pixelIndex(centerX); x <= pixelIndex(centerX) + 20; x++) {
        const dx = positionMm(x) - centerX;
        const dy = positionMm(y) - centerY;
        const radius = Math.sqrt(dx * dx + dy * dy);
        // the front left of the wall, away from the spine
        if (Math.abs(radius - descendingAortaRadiusMm + 1) > 1 || dx < 3 || dy > -4) continue;
        voxels.push((z * rows + y) * columns + x);
        baseHu.push(430);
      }
    }
  }
  return { vessel: 'aorta', voxels, baseHu };
}
