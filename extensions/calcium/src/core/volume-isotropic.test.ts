import { thresholdMask } from '@voxelwise/compute/twins';
import {
  findLesions,
  forSeeds,
  integer,
  lesionAt,
  lesionsOf,
  randomVolume,
  volumeWith,
} from './calcium.test-support.ts';
import {
  DEFAULT_CONVENTION,
  excludePadding,
  type HuVolume,
  isotropicSamples,
  NO_VOXEL_HU,
  scoreLesion,
  scoreLesions,
  stepsPerGap,
} from './index.ts';

const isotropic = { volumeMethod: 'isotropic' } as const;
const everyPixel = { rule: 'pixels', pixels: 1 } as const;

/**
 * The definition, slowly: the finer stack is built sample by sample, and every sample that reaches the threshold is
 * given to one voxel of the original slices. Whole HU are compared without division.
 * @returns samples per voxel of the volume.
 */
function samplesByDefinition({ voxels, dimensions, spacingMm }: HuVolume, thresholdHu: number): number[] {
  const [nx, ny, nz] = dimensions;
  const steps = stepsPerGap(spacingMm);
  const owned = new Array<number>(voxels.length).fill(0);
  for (let fine = 0; fine <= (nz - 1) * steps; fine++) {
    const slice = Math.min(nz - 1, Math.floor(fine / steps));
    const step = fine - slice * steps;
    for (let pixel = 0; pixel < nx * ny; pixel++) {
      const low = slice * nx * ny + pixel;
      const high = low + nx * ny;
      if (step === 0) {
        if (voxels[low]! >= thresholdHu) owned[low]!++;
        continue;
      }
      if (voxels[low] === NO_VOXEL_HU || voxels[high] === NO_VOXEL_HU) continue;
      if (voxels[low]! * (steps - step) + voxels[high]! * step < thresholdHu * steps) continue;
      const isLowIn = voxels[low]! >= thresholdHu;
      const isHighIn = voxels[high]! >= thresholdHu;
      const isLowNearer = 2 * step <= steps;
      owned[isLowIn && (!isHighIn || isLowNearer) ? low : high]!++;
    }
  }
  return owned;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('the volume on isotropic voxels', () => {
  test('steps are as high as pixels are wide, and at least one', () => {
    expect(stepsPerGap([0.5, 0.5, 3])).toBe(6);
    expect(stepsPerGap([0.488, 0.488, 3])).toBe(6);
    expect(stepsPerGap([0.4, 0.9, 3])).toBe(5);
    expect(stepsPerGap([0.7, 0.7, 0.5])).toBe(1);
    expect(stepsPerGap([0.7, 0.7, 0.2])).toBe(1);
  });

  const block = (hu: number, incrementMm = 3, slices: readonly number[] = [2]) =>
    volumeWith([16, 16, 6], [0.5, 0.5, incrementMm], (x, y, z) =>
      x >= 4 && x < 8 && y >= 4 && y < 8 && slices.includes(z) ? hu : 40,
    );

  test.each([
    // 40 + 410 t reaches 130 at t = 0.2195: 4 of 5 steps on either side, (1 + 8) * 0.5 mm high.
    ['450 HU in one slice', block(450), 16 * 0.25 * 4.5],
    // 40 + 90 t reaches 130 at t = 1 only: the slice itself, 0.5 mm high.
    ['130 HU in one slice', block(130), 16 * 0.25 * 0.5],
    // 40 + 180 t reaches 130 at exactly t = 1/2, which counts.
    ['220 HU in one slice: exactly at the threshold half way', block(220), 16 * 0.25 * (1 + 6) * 0.5],
    ['450 HU in two slices', block(450, 3, [2, 3]), 16 * 0.25 * (4 + 7 + 4) * 0.5],
    ['450 HU in the first slice: nothing beyond it', block(450, 3, [0]), 16 * 0.25 * (1 + 4) * 0.5],
    ['450 HU in the last slice', block(450, 3, [5]), 16 * 0.25 * (1 + 4) * 0.5],
    ['450 HU everywhere: from the first centre to the last', block(450, 3, [0, 1, 2, 3, 4, 5]), 16 * 0.25 * 31 * 0.5],
    ['450 HU at 0.5 mm: nothing between slices', block(450, 0.5), 16 * 0.25 * 0.5],
  ])('%s', (_, volume, volumeMm3) => {
    const score = scoreLesions(lesionsOf(volume, isotropic));
    expect(score.volumeMm3).toBeCloseTo(volumeMm3, 9);
    expect(score.agatston).toBe(scoreLesions(lesionsOf(volume)).agatston);
  });

  test('of all calcium is the count of the whole finer stack, at any threshold and spacing', async () => {
    await forSeeds(20, random => {
      const spacingMm = [0.4 + random() / 2, 0.4 + random() / 2, 0.3 + 4 * random()] as const;
      const dimensions = [integer(random, 1, 20), integer(random, 1, 9), integer(random, 1, 6)] as const;
      const volume = randomVolume(random, dimensions, integer(random, 1, 9) / 10, spacingMm);
      const [dx, dy, incrementMm] = spacingMm;
      for (const thresholdHu of [130, 200, 301]) {
        const count = sum(samplesByDefinition(volume, thresholdHu));
        const set = lesionsOf(volume, { ...isotropic, thresholdHu, minimumLesion: everyPixel });
        const voxelMm3 = (dx * dy * incrementMm) / stepsPerGap(spacingMm);
        expect(scoreLesions(set).volumeMm3).toBeCloseTo(count * voxelMm3, 6);
      }
    });
  });

  test('of every lesion is the samples of its voxels, under every rule of what counts', async () => {
    await forSeeds(12, random => {
      const volume = randomVolume(random, [20, 12, 5], integer(random, 1, 6) / 10, [
        0.5,
        0.5,
        integer(random, 1, 6) / 2,
      ]);
      const [nx, ny] = volume.dimensions;
      const owned = samplesByDefinition(volume, 130);
      for (const connectivity of [4, 8] as const) {
        const set = lesionsOf(volume, { ...isotropic, connectivity });
        const counts = new Array<number>(set.lesions.count).fill(0);
        for (const [voxel, samples] of owned.entries()) {
          const lesion = lesionAt(set, voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny)));
          if (lesion >= 0) counts[lesion]! += samples;
        }
        expect([...set.lesions.isotropicVoxels!]).toEqual(counts);
      }
    });
  });

  test('adds up over lesions and over vessels', async () => {
    await forSeeds(12, random => {
      const volume = randomVolume(random, [24, 16, 5], integer(random, 1, 6) / 10, [0.5, 0.6, 2.5]);
      const set = lesionsOf(volume, isotropic);
      const total = scoreLesions(set).volumeMm3;
      const lesions = Array.from({ length: set.lesions.count }, (_, lesion) => scoreLesion(set, lesion).volumeMm3);
      expect(sum(lesions)).toBeCloseTo(total, 6);
      const vessel = lesions.map(() => integer(random, 0, 3));
      const vessels = [0, 1, 2, 3].map(v => scoreLesions(set, lesion => vessel[lesion] === v).volumeMm3);
      expect(sum(vessels)).toBeCloseTo(total, 6);
    });
  });

  test('flipping the stack changes nothing', async () => {
    await forSeeds(8, random => {
      const volume = randomVolume(random, [20, 12, 5], 0.3, [0.5, 0.5, integer(random, 1, 6) / 2]);
      const [nx, ny, nz] = volume.dimensions;
      const flipped = volumeWith(
        volume.dimensions,
        volume.spacingMm,
        (x, y, z) => volume.voxels[x + nx * (y + ny * (nz - 1 - z))]!,
      );
      // Every pixel counts, so that every gap whose ends both reach the threshold lies inside one lesion.
      const switches = { ...isotropic, minimumLesion: everyPixel };
      const volumes = (of: HuVolume) => {
        const set = lesionsOf(of, switches);
        return [...set.lesions.isotropicVoxels!].sort((a, b) => a - b);
      };
      expect(volumes(flipped)).toEqual(volumes(volume));
    });
  });

  test('twice the pixel spacing in plane and between slices is eight times the volume', async () => {
    await forSeeds(6, random => {
      const volume = randomVolume(random, [20, 12, 4], 0.3, [0.4, 0.5, 3]);
      const larger: HuVolume = { ...volume, spacingMm: [0.8, 1, 6] };
      const switches = { ...isotropic, minimumLesion: everyPixel };
      const [once, twice] = [volume, larger].map(each => scoreLesions(lesionsOf(each, switches)).volumeMm3);
      expect(twice).toBeCloseTo(8 * once!, 6);
    });
  });

  test('what a region leaves out keeps its half of the gap', () => {
    // A mask that ends in the middle of the calcium: slice 2 is looked at, slice 3 above it is not.
    const volume = block(450, 3, [2, 3]);
    const mask = thresholdMask(block(450, 3, [2]), 130);
    const set = findLesions(mask, volume, { ...DEFAULT_CONVENTION, ...isotropic });
    expect(scoreLesions(set).volumeMm3).toBeCloseTo(16 * 0.25 * (4 + 1 + 3) * 0.5, 9);
  });

  test('nothing is interpolated towards padding', () => {
    // In 60 steps even the way to -32768 HU would have samples at or above the threshold.
    const volume = volumeWith([8, 8, 2], [0.5, 0.5, 30], (_, __, z) => (z === 0 ? 3000 : -2000));
    excludePadding(volume.voxels, -2000, -2000);
    const { isotropicVoxels } = lesionsOf(volume, isotropic).lesions;
    expect([...isotropicVoxels!]).toEqual([64]);
  });

  test('of fractional values never takes the neighbouring voxel itself', () => {
    const neighbourHu = Math.fround(129.9);
    const volume = {
      voxels: Float32Array.of(30_000, neighbourHu),
      dimensions: [1, 1, 2],
      spacingMm: [1, 1, 4],
    } as const;
    const runs = { start: Int32Array.of(0), end: Int32Array.of(1), rowStart: Int32Array.of(0, 1, 1), count: 1 };
    const justAbove = neighbourHu + 3e-14;
    expect(justAbove > neighbourHu).toBe(true);
    expect([...isotropicSamples(volume, runs, justAbove)]).toEqual([4]);
  });
});
