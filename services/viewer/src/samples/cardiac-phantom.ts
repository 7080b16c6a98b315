import {
  aorticCalcification,
  calcificationNoiseScale,
  coronaryCalcifications,
  type PlacedCalcification,
} from './phantom/calcifications.ts';
import { paintChestWall, paintTable, sternumCenterMm } from './phantom/chest-wall.ts';
import { coronaryPaths, paintCoronaries, type VesselName } from './phantom/coronaries.ts';
import { dimensions, positionMm, reconstructionDiameterMm, spacingMm } from './phantom/grid.ts';
import { paintHeart, paintMediastinalFat } from './phantom/heart.ts';
import { noiseSlices } from './phantom/noise.ts';
import {
  lungVessels,
  paintAbdomen,
  paintAirways,
  paintLungVessels,
  paintPosteriorMediastinum,
} from './phantom/organs.ts';
import { paintSkeleton } from './phantom/skeleton.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { floor, max, round } = Math;

/** Version of the generator. Raise it with every change of a voxel or of the files: samples on disk are then made again. */
export const phantomVersion = 1;

/** HU of padding: stored value -2000 with a rescale intercept of -1024, as GE scanners write it outside the reconstruction circle. */
export const paddingHu = -3024;

/** Lowest HU of a reconstructed voxel. */
const lowestHu = -1024;

/** A calcification on a coronary artery: exactly the voxels that were placed. */
export interface CoronaryCalcification {
  readonly vessel: VesselName;
  /** Indices into `hu`, ascending. */
  readonly voxels: Int32Array;
}

export interface CardiacPhantom {
  /** Hounsfield units, 512 x 512 x 48: x (to the patient's left) fastest, then y (to posterior), then z (to superior). */
  readonly hu: Int16Array;
  readonly dimensions: readonly [number, number, number];
  /** Distance of voxel centers in mm: columns, rows, slices. */
  readonly spacingMm: readonly [number, number, number];
  readonly calcifications: readonly CoronaryCalcification[];
  /** Voxels of the plaque in the wall of the descending aorta, which belongs to no coronary vessel. */
  readonly aorticPlaque: Int32Array;
}

/**
 * Generates a gated, non-contrast cardiac CT of a chest: 380 mm field of view, 3 mm slices, with calcifications of known size
 * on all four coronary vessels. The same seed gives the same bytes.
 *
 * Noise is Gaussian with a standard deviation of 20 HU. Unlike real noise it is truncated at ±3.5 standard deviations (±70 HU):
 * soft tissue is at most 59 HU before noise, so it can never reach 130 HU, and the true score is exact. For the same reason noise
 * is weaker inside calcifications: a placed voxel never falls below 130 HU.
 */
export function cardiacPhantom({ seed, noiseHu = 20 }: { seed: number; noiseHu?: number }): CardiacPhantom {
  const [columns, rows, slices] = dimensions;
  const hu = new Int16Array(columns * rows * slices);
  const noise = new Int16Array(columns * rows);
  const drawNoise = noiseSlices(seed, columns, rows, noiseHu);
  const painted = new Float32Array(columns * rows);
  const vessels = lungVessels(seed);
  const arteries = coronaryPaths();
  const coronary = coronaryCalcifications();
  const aortic = aorticCalcification();
  const outside = outsideCircle();
  for (let z = 0; z < slices; z++) {
    painted.fill(-1000);
    const slice = { hu: painted, zMm: z * spacingMm[2] };
    paintTable(slice);
    paintChestWall(slice);
    paintAbdomen(slice);
    paintLungVessels(slice, vessels);
    paintMediastinalFat(slice, sternumCenterMm(slice.zMm));
    paintHeart(slice);
    paintPosteriorMediastinum(slice);
    paintCoronaries(slice, arteries);
    paintAirways(slice);
    paintSkeleton(slice);
    drawNoise(noise);
    const offset = z * columns * rows;
    for (let index = 0; index < painted.length; index++) {
      const value = floor(painted[index]! + 0.5) + noise[index]!;
      hu[offset + index] = max(lowestHu, value);
    }
    for (const calcification of [...coronary, aortic]) placeInSlice(calcification, hu, noise, offset);
    for (const index of outside) hu[offset + index] = paddingHu;
  }
  const calcifications = coronary.map(({ vessel, voxels }) => ({
    vessel: vessel as VesselName,
    voxels: Int32Array.from(voxels),
  }));
  return { hu, dimensions, spacingMm, calcifications, aorticPlaque: Int32Array.from(aortic.voxels) };
}

/** Writes the voxels of a calcification that lie in the slice starting at `offset`. */
function placeInSlice(
  { voxels, baseHu }: PlacedCalcification,
  hu: Int16Array,
  noise: Int16Array,
  offset: number,
): void {
  for (let index = 0; index < voxels.length; index++) {
    const pixel = voxels[index]! - offset;
    if (pixel < 0 || pixel >= noise.length) continue;
    hu[offset + pixel] = baseHu[index]! + round(noise[pixel]! * calcificationNoiseScale);
  }
}

/** Pixels of a slice that lie outside of the reconstruction circle. */
function outsideCircle(): Int32Array {
  const [columns, rows] = dimensions;
  const radiusSquared = (reconstructionDiameterMm / 2) ** 2;
  const pixels: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (positionMm(column) ** 2 + positionMm(row) ** 2 > radiusSquared) pixels.push(row * columns + column);
    }
  }
  return Int32Array.from(pixels);
}
