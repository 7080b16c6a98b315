import { type Producer, runKernel } from '@voxelwise/compute';
import {
  forSeeds,
  integer,
  lesionAt,
  randomVolume,
  seededRandom,
  volumeWith,
} from '../../core/calcium.test-support.ts';
import {
  type Convention,
  DEFAULT_CONVENTION,
  type DiscRegion,
  excludePadding,
  type HuVolume,
  type LesionSet,
  scoreLesions,
} from '../../core/index.ts';
import { lesionsKernel } from './index.ts';

async function lesionsBy(
  producer: Producer | undefined,
  volume: HuVolume,
  switches: Partial<Convention> = {},
  region?: DiscRegion,
) {
  const convention = { ...DEFAULT_CONVENTION, ...switches };
  const parameters = { spacingMm: volume.spacingMm, convention, ...(region && { region }) };
  return runKernel(lesionsKernel, volume, parameters, producer && { producer });
}

async function expectEqualProducers(volume: HuVolume, switches: Partial<Convention>, region?: DiscRegion) {
  const ts: LesionSet = (await lesionsBy('ts', volume, switches, region)).output;
  const wasm: LesionSet = (await lesionsBy('wasm', volume, switches, region)).output;
  expect(wasm).toStrictEqual(ts);
  return ts;
}

describe('lesionsKernel', () => {
  test.each([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])(
    'TypeScript and WASM give identical lesions at density %d, 4- and 8-connected',
    async density => {
      await forSeeds(3, async random => {
        const dimensions = [integer(random, 1, 70), integer(random, 1, 24), integer(random, 1, 5)] as const;
        const volume = randomVolume(random, dimensions, density);
        for (const connectivity of [4, 8] as const) {
          for (const thresholdHu of [130, 200.5]) {
            await expectEqualProducers(volume, { connectivity, thresholdHu });
          }
        }
      });
    },
  );

  test('TypeScript and WASM give identical lesions on a full-width image', async () => {
    const volume = randomVolume(seededRandom(11), [512, 96, 3], 0.1, [0.4, 0.4, 3]);
    expect((await expectEqualProducers(volume, {})).lesions.count).toBeGreaterThan(50);
  });

  test('TypeScript and WASM give identical lesions inside a disc', async () => {
    await forSeeds(8, async random => {
      const volume = randomVolume(random, [60, 40, 5], 0.3, [0.5, 0.4, 3]);
      const centre = [random() * 40, random() * 60] as const;
      await expectEqualProducers(volume, {}, { name: 'disc', centre, radiusMm: random() * 12, slices: [1, 3] });
    });
  });

  test('a disc cuts what it crosses, and components are formed inside it', async () => {
    // A bar of 20 x 4 pixels with its peak at the far end: the part inside the disc has a peak of its own.
    const volume = volumeWith([40, 20, 3], [0.5, 0.5, 3], (x, y) =>
      x >= 10 && x < 30 && y >= 8 && y < 12 ? (x === 29 ? 900 : 150) : 0,
    );
    const region: DiscRegion = { name: 'disc', centre: [10, 10], radiusMm: 3, slices: [1, 1] };
    const { output } = await lesionsBy(undefined, volume, {}, region);
    expect(output.lesions).toMatchObject({ count: 1, firstSlice: Int32Array.of(1), lastSlice: Int32Array.of(1) });
    expect([output.components.peakHu[0], output.components.weight[0]]).toEqual([150, 1]);
    expect([lesionAt(output, 16, 10, 1), lesionAt(output, 17, 10, 1), lesionAt(output, 16, 10, 0)]).toEqual([
      0, -1, -1,
    ]);
  });

  test('runs on WASM for Int16 volumes, and on the twin, saying why, for fractional ones', async () => {
    const whole = randomVolume(seededRandom(1), [20, 20, 2], 0.3);
    const fractional = { ...whole, voxels: Float32Array.from(whole.voxels) };
    const [int16, float32] = [await lesionsBy(undefined, whole), await lesionsBy(undefined, fractional)];
    expect(int16.report).toMatchObject({ producer: 'wasm', notes: [] });
    expect(float32.report).toMatchObject({
      producer: 'ts',
      notes: ['wasm not used: the volume holds fractional values (Float32)'],
    });
    expect(scoreLesions(float32.output)).toEqual(scoreLesions(int16.output));
  });

  test('padding stays out on both producers', async () => {
    const volume = volumeWith([40, 10, 2], [0.5, 0.5, 3], (x, y) => (x < 6 ? 3071 : y < 4 && x > 20 ? 350 : 0));
    excludePadding(volume.voxels, 3071, 3071);
    const set = await expectEqualProducers(volume, {});
    expect([set.lesions.count, set.lesions.peakHu[0]]).toEqual([1, 350]);
  });

  test('leaves the volume as it was, and can be run on it again', async () => {
    const volume = randomVolume(seededRandom(5), [40, 20, 3], 0.3);
    const before = volume.voxels.slice();
    const first = await expectEqualProducers(volume, {});
    expect(await expectEqualProducers(volume, {})).toStrictEqual(first);
    expect(volume.voxels).toEqual(before);
  });

  test('its output can be moved: every named buffer is its own, and the copy is whole', async () => {
    for (const [density, volumeMethod] of [
      [0, 'voxels'],
      [0.3, 'voxels'],
      [0.3, 'isotropic'],
    ] as const) {
      const volume = randomVolume(seededRandom(3), [40, 20, 3], density);
      const { output } = await lesionsBy(undefined, volume, { volumeMethod });
      const expected = scoreLesions(output);
      const transfer = lesionsKernel.transferables!(output) as ArrayBuffer[];
      const moved = structuredClone(output, { transfer });
      expect(transfer.every(({ byteLength }) => byteLength === 0)).toBe(true);
      expect(scoreLesions(moved)).toEqual(expected);
      expect(moved.runs.start).toHaveLength(moved.runs.count);
    }
  });
});
