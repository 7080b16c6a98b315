import { type RunControl, runKernel } from '@voxelwise/compute';
import { restrictRuns, thresholdRuns } from '@voxelwise/compute/twins';
import {
  forSeeds,
  integer,
  type Random,
  randomVolume,
  seededRandom,
  volumeWith,
} from '../../core/calcium.test-support.ts';
import { DEFAULT_CONVENTION, type HuVolume, lesionsOfRuns, type Region, spansInRegion } from '../../core/index.ts';
import { type LesionsParameters, lesionsKernel } from './index.ts';

const slabs = lesionsKernel.slabs!;

async function lesions(volume: HuVolume, parameters: LesionsParameters) {
  return (await runKernel(lesionsKernel, volume, parameters)).output;
}

/** Slabs that begin at these slices, each computed as the engine would, and merged. */
async function inSlabs(volume: HuVolume, parameters: LesionsParameters, firstSlices: readonly number[]) {
  const [nx, ny, nz] = volume.dimensions;
  const parts = await Promise.all(
    firstSlices.map(async (firstSlice, i) => {
      const end = firstSlices[i + 1] ?? nz;
      const voxels = volume.voxels.subarray(firstSlice * nx * ny, end * nx * ny);
      const slab: HuVolume = { ...volume, voxels, dimensions: [nx, ny, end - firstSlice] };
      return {
        output: await lesions(slab, slabs.parametersFor!(parameters, firstSlice, end - firstSlice)),
        firstSlice,
      };
    }),
  );
  return slabs.merge(parts, volume, parameters);
}

const randomCuts = (random: Random, slices: number) =>
  Array.from({ length: slices }, (_, slice) => slice).filter(slice => slice === 0 || random() < 0.4);

describe.each([4, 8] as const)('%d-connected lesions of slabs are exactly those of the whole volume', connectivity => {
  test.each([0, 0.05, 0.15, 0.3, 0.6])('on random volumes of density %d cut at random slices', async density => {
    await forSeeds(8, async random => {
      const dimensions = [integer(random, 1, 50), integer(random, 1, 16), integer(random, 1, 8)] as const;
      const volume = randomVolume(random, dimensions, density);
      // Few different values, so that peaks tie within and across slabs.
      volume.voxels.forEach((hu, i) => {
        volume.voxels[i] = Math.floor(hu / 130) * 130;
      });
      const convention = { ...DEFAULT_CONVENTION, connectivity };
      const parameters = { spacingMm: volume.spacingMm, convention };
      const whole = await lesions(volume, parameters);
      expect(await inSlabs(volume, parameters, randomCuts(random, dimensions[2]))).toStrictEqual(whole);
    });
  });

  test('of fractional values too, to the last bit', async () => {
    await forSeeds(5, async random => {
      const whole = randomVolume(random, [30, 12, 6], 0.3);
      const volume = { ...whole, voxels: Float32Array.from(whole.voxels, hu => hu + random()) };
      const parameters = { spacingMm: volume.spacingMm, convention: { ...DEFAULT_CONVENTION, connectivity } };
      expect(await inSlabs(volume, parameters, randomCuts(random, 6))).toStrictEqual(await lesions(volume, parameters));
    });
  });
});

test('regions keep their place in every slab', async () => {
  await forSeeds(8, async random => {
    const volume = randomVolume(random, [40, 30, 7], 0.3);
    const range = () => {
      const first = integer(random, 0, 6);
      return [first, integer(random, first, 6)] as const;
    };
    const disc: Region = { name: 'disc', centre: [15, 20], radiusMm: 2 + random() * 6, slices: range() };
    const heart: Region = {
      shapes: [
        { kind: 'ellipse', centre: [15, 15], radii: [8, 11], slices: range() },
        {
          kind: 'polygon',
          points: [
            [10, 5],
            [35, 9],
            [20, 28],
          ],
          slices: range(),
        },
      ],
    };
    for (const region of [disc, heart]) {
      const parameters = { spacingMm: volume.spacingMm, convention: DEFAULT_CONVENTION, region };
      const whole = await lesions(volume, parameters);
      expect(await inSlabs(volume, parameters, randomCuts(random, 7))).toStrictEqual(whole);
    }
  });
});

test('a lesion that crosses two borders is one lesion', async () => {
  const volume = volumeWith([10, 10, 6], [1, 1, 3], (x, y, z) => (x === 4 && y < 3 && z > 0 && z < 5 ? 300 + z : 0));
  const parameters = { spacingMm: volume.spacingMm, convention: DEFAULT_CONVENTION };
  const { lesions: table } = await inSlabs(volume, parameters, [0, 2, 3]);
  expect([table.count, table.voxels[0], table.firstSlice[0], table.lastSlice[0], table.peakHu[0]]).toEqual([
    1, 12, 1, 4, 304,
  ]);
});

test('isotropic volumes are not split: they look into the next slice', () => {
  const parameters = { spacingMm: [1, 1, 3] as const, convention: DEFAULT_CONVENTION };
  const isotropic = { ...parameters, convention: { ...DEFAULT_CONVENTION, volumeMethod: 'isotropic' as const } };
  expect([slabs.canSplit!(parameters), slabs.canSplit!(isotropic)]).toEqual([true, false]);
});

test('very many runs are finished slab by slab, in steps, to exactly the same lesions', async () => {
  const volume = randomVolume(seededRandom(2), [512, 512, 6], 0.5);
  const region: Region = { name: 'disc', centre: [120, 120], radiusMm: 100, slices: [1, 4] };
  for (const parameters of [
    { spacingMm: volume.spacingMm, convention: DEFAULT_CONVENTION },
    { spacingMm: volume.spacingMm, convention: DEFAULT_CONVENTION, region },
  ]) {
    const found = thresholdRuns(volume, DEFAULT_CONVENTION.thresholdHu);
    expect(found.runs.count).toBeGreaterThan(2 ** 18);
    const inside = 'region' in parameters ? restrictRuns(found, spansInRegion(volume, region)) : found;
    const fractions: number[] = [];
    const control: RunControl = {
      signal: new AbortController().signal,
      waiting() {},
      step: async (done, total) => void fractions.push(done / total),
    };
    const set = await lesionsKernel.producers.wasm!.run(volume, parameters, {}, control);
    expect(set).toStrictEqual(lesionsOfRuns(inside, volume, DEFAULT_CONVENTION));
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.filter(fraction => fraction > 0.4).length).toBeGreaterThan(1);
  }
});
