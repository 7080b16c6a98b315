import { forSeeds, integer, lesionsOf, randomVolume, volumeWith } from './calcium.test-support.ts';
import { scoreByDefinition } from './definition.test-support.ts';
import { type Convention, DEFAULT_CONVENTION, type HuVolume, scoreLesion, scoreLesions } from './index.ts';

const DENSITIES = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

const CONVENTIONS: readonly Convention[] = ([4, 8] as const).flatMap(connectivity =>
  [true, false].flatMap(equivalent3mm =>
    [
      { rule: 'area', areaMm2: 1 } as const,
      { rule: 'pixels', pixels: 3 } as const,
      { rule: 'area', areaMm2: 0 } as const,
    ].map(minimumLesion => ({ ...DEFAULT_CONVENTION, connectivity, equivalent3mm, minimumLesion })),
  ),
);

describe('scoreLesions equals the definition on random volumes', () => {
  test.each(DENSITIES)('of density %d, under every convention', async density => {
    await forSeeds(2, random => {
      const dimensions = [integer(random, 1, 36), integer(random, 1, 14), integer(random, 1, 5)] as const;
      const volume = randomVolume(random, dimensions, density, [
        0.4 + random() / 3,
        0.4 + random() / 3,
        0.5 + random(),
      ]);
      for (const convention of CONVENTIONS) {
        const expected = scoreByDefinition(volume, convention);
        const score = scoreLesions(lesionsOf(volume, convention));
        expect(score.agatston).toBeCloseTo(expected.agatston, 6);
        expect(score.volumeMm3).toBeCloseTo(expected.volumeMm3, 6);
        expect(score.lesions).toBe(expected.lesions.length);
        expect(score.lesionSlices).toBe(expected.components.length);
      }
    });
  });

  test('at other thresholds: below 130 HU dim components have volume but no weight', async () => {
    await forSeeds(6, random => {
      const volume = randomVolume(random, [20, 12, 3], 0.1);
      for (const thresholdHu of [50, 100, 129.5, 130, 200, 300, 601]) {
        const expected = scoreByDefinition(volume, { ...DEFAULT_CONVENTION, thresholdHu });
        const score = scoreLesions(lesionsOf(volume, { thresholdHu }));
        expect(score.agatston).toBeCloseTo(expected.agatston, 6);
        expect(score.volumeMm3).toBeCloseTo(expected.volumeMm3, 6);
      }
    });
    const dim = volumeWith([8, 8, 1], [0.5, 0.5, 3], (x, y) => (x < 4 && y < 4 ? 129 : 0));
    expect(scoreLesions(lesionsOf(dim, { thresholdHu: 50 }))).toEqual({
      agatston: 0,
      volumeMm3: 12,
      lesions: 1,
      lesionSlices: 1,
    });
  });

  test('of fractional values', async () => {
    await forSeeds(4, random => {
      const whole = randomVolume(random, [20, 12, 3], 0.2);
      const volume = { ...whole, voxels: Float32Array.from(whole.voxels, value => value + random() - 0.5) };
      expect(scoreLesions(lesionsOf(volume)).agatston).toBeCloseTo(
        scoreByDefinition(volume, DEFAULT_CONVENTION).agatston,
        6,
      );
    });
  });
});

describe('scores of parts and of the whole', () => {
  test('the scores of all lesions add up to the total, and so do those of any two halves', async () => {
    await forSeeds(12, random => {
      const set = lesionsOf(randomVolume(random, [30, 20, 5], integer(random, 1, 6) / 10));
      const total = scoreLesions(set);
      const each = Array.from({ length: set.lesions.count }, (_, lesion) => scoreLesion(set, lesion));
      const half = Array.from(each, () => random() < 0.5);
      const halves = [scoreLesions(set, lesion => half[lesion]!), scoreLesions(set, lesion => !half[lesion]!)];
      for (const parts of [each, halves]) {
        const sum = (of: 'agatston' | 'volumeMm3' | 'lesions' | 'lesionSlices') =>
          parts.reduce((so_far, part) => so_far + part[of], 0);
        expect(sum('agatston')).toBeCloseTo(total.agatston, 6);
        expect(sum('volumeMm3')).toBeCloseTo(total.volumeMm3, 6);
        expect(sum('lesions')).toBe(total.lesions);
        expect(sum('lesionSlices')).toBe(total.lesionSlices);
      }
    });
  });

  test('nothing scores zero', () => {
    const zero = { agatston: 0, volumeMm3: 0, lesions: 0, lesionSlices: 0 };
    expect(scoreLesions(lesionsOf(volumeWith([9, 9, 2], [0.5, 0.5, 3], () => 129)))).toEqual(zero);
    const set = lesionsOf(volumeWith([9, 9, 2], [0.5, 0.5, 3], () => 500));
    expect(scoreLesions(set, () => false)).toEqual(zero);
  });
});

describe('how a score answers to its image', () => {
  const remapped = (volume: HuVolume, from: (x: number, y: number, z: number) => [number, number, number]) =>
    volumeWith(volume.dimensions, volume.spacingMm, (x, y, z) => {
      const [fx, fy, fz] = from(x, y, z);
      return volume.voxels[fx + volume.dimensions[0] * (fy + volume.dimensions[1] * fz)]!;
    });

  /** Everything but the last bits of the floats. */
  const rounded = (volume: HuVolume, convention: Partial<Convention> = {}) => {
    const score = scoreLesions(lesionsOf(volume, convention));
    return { ...score, agatston: score.agatston.toFixed(6), volumeMm3: score.volumeMm3.toFixed(6) };
  };

  test('flipping it along x, y or z changes nothing', async () => {
    await forSeeds(6, random => {
      const volume = randomVolume(random, [37, 15, 4], 0.25);
      const [nx, ny, nz] = volume.dimensions;
      for (const connectivity of [4, 8] as const) {
        const score = rounded(volume, { connectivity });
        expect(
          rounded(
            remapped(volume, (x, y, z) => [nx - 1 - x, y, z]),
            { connectivity },
          ),
        ).toEqual(score);
        expect(
          rounded(
            remapped(volume, (x, y, z) => [x, ny - 1 - y, z]),
            { connectivity },
          ),
        ).toEqual(score);
        expect(
          rounded(
            remapped(volume, (x, y, z) => [x, y, nz - 1 - z]),
            { connectivity },
          ),
        ).toEqual(score);
      }
    });
  });

  test('moving it within a larger image changes nothing, not even across word borders', async () => {
    await forSeeds(4, random => {
      const volume = randomVolume(random, [13, 9, 3], 0.3);
      const [nx, ny, nz] = volume.dimensions;
      for (const [ox, oy, oz] of [
        [0, 0, 0],
        [1, 3, 2],
        [25, 0, 1],
        [31, 11, 0],
        [47, 11, 2],
      ] as const) {
        const moved = volumeWith([60, 20, 5], volume.spacingMm, (x, y, z) => {
          const [fx, fy, fz] = [x - ox, y - oy, z - oz];
          const isInside = fx >= 0 && fx < nx && fy >= 0 && fy < ny && fz >= 0 && fz < nz;
          return isInside ? volume.voxels[fx + nx * (fy + ny * fz)]! : -1000;
        });
        expect(rounded(moved)).toEqual(rounded(volume));
      }
    });
  });

  test('twice the increment doubles the equivalent score and the volume, and leaves the plain score', async () => {
    await forSeeds(6, random => {
      const volume = randomVolume(random, [30, 12, 4], 0.3, [0.45, 0.55, 1.3]);
      const thicker: HuVolume = { ...volume, spacingMm: [0.45, 0.55, 2.6] };
      const [once, twice] = [scoreLesions(lesionsOf(volume)), scoreLesions(lesionsOf(thicker))];
      expect(twice.agatston).toBeCloseTo(2 * once.agatston, 6);
      expect(twice.volumeMm3).toBeCloseTo(2 * once.volumeMm3, 6);
      const plain = [volume, thicker].map(each => scoreLesions(lesionsOf(each, { equivalent3mm: false })).agatston);
      expect(plain[1]).toBe(plain[0]);
    });
  });

  test('twice the pixel spacing gives four times the score under the pixel rule', async () => {
    await forSeeds(6, random => {
      const minimumLesion = { rule: 'pixels', pixels: 3 } as const;
      const volume = randomVolume(random, [30, 12, 4], 0.3, [0.4, 0.5, 3]);
      const larger: HuVolume = { ...volume, spacingMm: [0.8, 1, 3] };
      const [once, twice] = [volume, larger].map(each => scoreLesions(lesionsOf(each, { minimumLesion })));
      expect(twice!.agatston).toBeCloseTo(4 * once!.agatston, 6);
      expect(twice!.volumeMm3).toBeCloseTo(4 * once!.volumeMm3, 6);
    });
  });
});
