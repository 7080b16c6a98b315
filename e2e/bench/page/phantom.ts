import { cardiacPhantom, paddingHu } from '@voxelwise/viewer/cardiac-phantom';
import { noiseSlices } from '@voxelwise/viewer/phantom-noise';

/** A volume of Hounsfield units that every contender gets: the same voxels on every machine. */
export interface BenchVolume {
  /** In ordinary memory, as our modes load it. */
  readonly voxels: Int16Array;
  readonly dimensions: readonly [number, number, number];
}

const NOISE_HU = 25;
const LOWEST_HU = -1024;

/** Share of the sample study's field of view, so that the chest fills the image: 296 of 380 mm. */
const ZOOM = 0.78;

/**
 * A chest with ribs, spine, sternum and calcifications, 512 x 512: the anatomy of the sample study, enlarged, with noise
 * of 25 HU that differs from slice to slice. Slices beyond the 48 of the study run through it back and forth.
 * 3.6 % of the voxels reach 130 HU.
 */
export function chestPhantom(slices: number): BenchVolume {
  const {
    hu,
    dimensions: [columns, rows, studySlices],
  } = cardiacPhantom({ seed: 20, noiseHu: 0 });
  const length = columns * rows * slices;
  const voxels = new Int16Array(length);
  const noise = new Int16Array(columns * rows);
  const drawNoise = noiseSlices(1, columns, rows, NOISE_HU);
  const enlarged = (index: number, count: number) => Math.floor(count / 2 + (index - count / 2) * ZOOM);
  const sourceColumns = Int32Array.from({ length: columns }, (_, x) => enlarged(x, columns));
  const period = 2 * (studySlices - 1);
  for (let z = 0; z < slices; z++) {
    const there = z % period;
    const sourceSlice = (there < studySlices ? there : period - there) * rows * columns;
    drawNoise(noise);
    for (let y = 0; y < rows; y++) {
      const source = sourceSlice + enlarged(y, rows) * columns;
      const target = (z * rows + y) * columns;
      for (let x = 0; x < columns; x++) {
        const value = hu[source + sourceColumns[x]!]!;
        voxels[target + x] = value === paddingHu ? value : Math.max(LOWEST_HU, value + noise[y * columns + x]!);
      }
    }
  }
  return { voxels, dimensions: [columns, rows, slices] };
}
