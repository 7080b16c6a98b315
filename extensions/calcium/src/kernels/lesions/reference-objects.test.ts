import { type Producer, runKernel } from '@voxelwise/compute';
import { volumeWith } from '../../core/calcium.test-support.ts';
import {
  type Convention,
  DEFAULT_CONVENTION,
  enteredCalibration,
  type HuVolume,
  type MinimumLesion,
  scoreLesions,
  scoreMass,
} from '../../core/index.ts';
import { lesionsKernel } from './index.ts';

/** Digital objects with figures that an independent scorer in Python computed. */

const PRODUCERS: readonly Producer[] = ['ts', 'wasm'];

/** The score by every producer, which must agree to the last bit, with the mass at a factor in mg/cm3 per HU. */
async function scored(volume: HuVolume, switches: Partial<Convention> = {}, factor = 0.8) {
  const calibration = enteredCalibration({ factor, unit: 'mg/cm3/HU', date: '2024-01-01', text: '' });
  const convention = { ...DEFAULT_CONVENTION, ...switches };
  const parameters = { spacingMm: volume.spacingMm, convention };
  const scores = await Promise.all(
    PRODUCERS.map(async producer => {
      const { output, report } = await runKernel(lesionsKernel, volume, parameters, { producer });
      expect(report.producer).toBe(producer);
      return { ...scoreLesions(output), ...scoreMass(output, calibration) };
    }),
  );
  expect(scores[1]).toEqual(scores[0]);
  return scores[0]!;
}

const SIZE = [64, 64, 6] as const;
const MM3: HuVolume['spacingMm'] = [0.5, 0.5, 3];
const onBackground = (hu: (x: number, y: number, z: number) => number | undefined, spacingMm = MM3) =>
  volumeWith(SIZE, spacingMm, (x, y, z) => hu(x, y, z) ?? 40);

const inBlock = (x: number, y: number) => x >= 10 && x < 14 && y >= 10 && y < 14;
/** 4 x 4 pixels of one value in slice 2. */
const block = (hu: number, incrementMm = 3) =>
  onBackground((x, y, z) => (z === 2 && inBlock(x, y) ? hu : undefined), [0.5, 0.5, incrementMm]);
const diagonal = onBackground((x, y, z) => (z === 2 && x === y && x >= 10 && x < 15 ? 500 : undefined));
const threeInARow = (pixelMm: number) =>
  onBackground((x, y, z) => (z === 2 && y === 10 && x >= 10 && x < 13 ? 500 : undefined), [pixelMm, pixelMm, 3]);
const twoPeaks = onBackground((x, y, z) => (inBlock(x, y) ? { 1: 150, 2: 450 }[z] : undefined));
const julia: HuVolume = volumeWith([4, 4, 2], [0.5, 0.5, 0.5], x => (x < 2 ? 400 : 0));

const px3: MinimumLesion = { rule: 'pixels', pixels: 3 };
const four = { connectivity: 4 } as const;
const plain = { equivalent3mm: false } as const;

describe('pixel-exact objects, to 1e-6, on both producers', () => {
  test.each<[string, HuVolume, Partial<Convention>, number, number, number]>([
    ['A1: 4x4 px of 300 HU', block(300), {}, 12, 12, 1],
    ['A2: 129 HU', block(129), {}, 0, 0, 0],
    ['A2: 130 HU', block(130), {}, 4, 12, 1],
    ['A2: 199 HU', block(199), {}, 4, 12, 1],
    ['A2: 200 HU', block(200), {}, 8, 12, 1],
    ['A2: 299 HU', block(299), {}, 8, 12, 1],
    ['A2: 300 HU', block(300), {}, 12, 12, 1],
    ['A2: 399 HU', block(399), {}, 12, 12, 1],
    ['A2: 400 HU', block(400), {}, 16, 12, 1],
    ['A2: 400 HU, 4-connected', block(400), four, 16, 12, 1],
    ['A2: 400 HU, 3 px rule', block(400), { minimumLesion: px3 }, 16, 12, 1],
    ['A3: diagonal of 5 px, 8-connected', diagonal, {}, 5, 3.75, 1],
    ['A3: diagonal of 5 px, 4-connected', diagonal, four, 0, 0, 0],
    ['A3: diagonal of 5 px, 8-connected, 3 px rule', diagonal, { minimumLesion: px3 }, 5, 3.75, 1],
    ['A3: diagonal of 5 px, 4-connected, 3 px rule', diagonal, { ...four, minimumLesion: px3 }, 0, 0, 0],
    ['A4: 3 px in a row, 1 mm2 rule', threeInARow(0.5), {}, 0, 0, 0],
    ['A4: 3 px in a row, 3 px rule', threeInARow(0.5), { minimumLesion: px3 }, 3, 2.25, 1],
    ['A4: 3 px in a row, 3 px rule, 4-connected', threeInARow(0.5), { ...four, minimumLesion: px3 }, 3, 2.25, 1],
    ['A5: 3 px at 0.5859 mm, 1 mm2 rule', threeInARow(0.5859), {}, 4.11934572, 3.08950929, 1],
    ['A5: 3 px at 0.5859 mm, 3 px rule', threeInARow(0.5859), { minimumLesion: px3 }, 4.11934572, 3.08950929, 1],
    ['A6: 150 HU, then 450 HU in the next slice', twoPeaks, {}, 20, 24, 2],
    ['A6: 4-connected', twoPeaks, four, 20, 24, 2],
    ['A7: 450 HU, every 2.5 mm', block(450, 2.5), {}, 40 / 3, 10, 1],
    ['A7: without 3 mm equivalence', block(450, 2.5), plain, 16, 10, 1],
    ['A7b: 450 HU, every 1.5 mm', block(450, 1.5), {}, 8, 6, 1],
    ['A7b: without 3 mm equivalence', block(450, 1.5), plain, 16, 6, 1],
    ['A8: 400 HU', block(400), {}, 16, 12, 1],
    ['A9: 4x2x2 voxels of 0.5 mm', julia, {}, 8 / 3, 2, 2],
    ['A9: without 3 mm equivalence', julia, plain, 16, 2, 2],
  ])('%s', async (_, volume, switches, agatston, volumeMm3, lesionSlices) => {
    const score = await scored(volume, switches);
    expect(score.agatston).toBeCloseTo(agatston, 7);
    expect(score.volumeMm3).toBeCloseTo(volumeMm3, 7);
    expect(score.lesionSlices).toBe(lesionSlices);
  });

  test('A6 is one lesion over two slices', async () => {
    expect((await scored(twoPeaks)).lesions).toBe(1);
  });

  test('below 130 HU nothing scores, whatever the switches', async () => {
    for (const switches of [four, plain, { minimumLesion: px3 }]) {
      expect(await scored(block(129), switches)).toMatchObject({ agatston: 0, volumeMm3: 0, lesions: 0 });
    }
  });
});

/** Half to even, as numpy rounds. */
function rint(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Upright cylinder of diameter = length, partial volume from 5 x 5 samples in plane and 50 in z. */
function cylinder(sizeMm: number, hu: number, incrementMm: number): HuVolume {
  const pixelMm = 0.5;
  const n = Math.ceil((sizeMm + 8) / pixelMm);
  const nz = Math.ceil((sizeMm + 4 * incrementMm) / incrementMm);
  const sample = (i: number, per: number, stepMm: number, count: number) =>
    ((i + 0.5) / per) * stepMm - (count * stepMm) / 2;
  const share = (samples: number, isInside: (i: number) => boolean) =>
    Array.from({ length: samples }, (_, i) => isInside(i)).filter(Boolean).length / samples;
  const inPlane = (x: number, y: number) =>
    share(25, i => {
      const sx = sample(5 * x + (i % 5), 5, pixelMm, n);
      const sy = sample(5 * y + Math.floor(i / 5), 5, pixelMm, n);
      return sx * sx + sy * sy <= (sizeMm / 2) ** 2;
    });
  const along = Array.from({ length: nz }, (_, z) =>
    share(50, i => Math.abs(sample(50 * z + i, 50, incrementMm, nz)) <= sizeMm / 2),
  );
  return volumeWith([n, n, nz], [pixelMm, pixelMm, incrementMm], (x, y, z) =>
    rint(40 + (hu - 40) * along[z]! * inPlane(x, y)),
  );
}

describe('calibration cylinders on 40 HU, at 3 mm and at 1 mm, on both producers', () => {
  test.each([
    [5, 200, 280, 80, 200 / 3, 120, 100, 19.9757, 19.2429],
    [5, 400, 520, 176, 440 / 3, 132, 110, 40.8138, 39.8692],
    [5, 800, 1000, 176, 440 / 3, 132, 110, 80.6784, 79.4],
    [3, 200, 280, 16, 16, 24, 24, 4.3457, 4.3457],
    [3, 400, 520, 32, 32, 24, 24, 8.6262, 8.6262],
    [3, 800, 1000, 32, 32, 24, 24, 17.1744, 17.1744],
    [1, 200, 280, 0, 2 / 3, 0, 1, 0, 0.1657],
    [1, 400, 520, 1, 4 / 3, 3, 1, 0.3762, 0.3262],
    [1, 800, 1000, 2, 4 / 3, 3, 1, 0.6864, 0.6464],
  ])('%d mm of %d mg/cm3, %d HU: Agatston %d and %d, volume %d and %d mm3, mass %d and %d mg', async (...row) => {
    const [sizeMm, density, hu, at3, at1, volume3, volume1, mass3, mass1] = row;
    const at = (incrementMm: number) => scored(cylinder(sizeMm, hu, incrementMm), {}, density / hu);
    const [thick, thin] = [await at(3), await at(1)];
    expect(thick.agatston).toBeCloseTo(at3, 7);
    expect(thick.volumeMm3).toBeCloseTo(volume3, 7);
    expect(thick.massMg).toBeCloseTo(mass3, 4);
    expect(thin.agatston).toBeCloseTo(at1, 7);
    expect(thin.volumeMm3).toBeCloseTo(volume1, 7);
    expect(thin.massMg).toBeCloseTo(mass1, 4);
  });
});
