import { runKernel } from '../../engine/run-kernel.ts';
import { firstDifference, forSeeds, integer, randomInt16Volume, seededRandom } from '../../testing/random.ts';
import { thresholdMask } from '../../twins/bit-mask.ts';
import { isInt16Volume, type VoxelVolume } from '../../volume.ts';
import { thresholdMaskKernel } from './index.ts';
import { thresholdMaskWasm } from './wasm.ts';

type Int16Volume = VoxelVolume & { readonly voxels: Int16Array };

/** Voxels that the WASM producer copies at a time; rows next to a chunk's border get their own tests. */
const CHUNK_VOXELS = (1 << 21) / 2;

async function expectTwin(volume: Int16Volume, threshold: number): Promise<void> {
  const wasm = await thresholdMaskWasm(volume, threshold);
  const twin = thresholdMask(volume, threshold);
  expect({ ...wasm, words: null }).toEqual({ ...twin, words: null });
  expect(firstDifference(wasm.words, twin.words)).toBe(-1);
}

describe('the WASM producer equals the twin bit for bit', () => {
  const DENSITIES = [0.05, 0.1, 0.3, 0.5, 0.7, 0.9];

  test.each([1, 2, 7, 31, 32, 33, 63, 64, 65, 96, 511, 512, 513])('on random volumes of width %d', async width => {
    await forSeeds(2, async random => {
      for (const density of DENSITIES) {
        const dimensions = [width, integer(random, 1, 33), integer(random, 1, 5)] as const;
        await expectTwin(randomInt16Volume(random, dimensions, density, 130), 130);
      }
    });
  });

  test.each([
    ['width 512, one row past two chunks', [512, (2 * CHUNK_VOXELS) / 512 + 1, 1]],
    ['width 512, exactly one chunk', [512, CHUNK_VOXELS / 512, 1]],
    ['width 512, one row short of a chunk', [512, CHUNK_VOXELS / 512 - 1, 1]],
    ['width 33, which does not divide a chunk', [33, Math.floor(CHUNK_VOXELS / 33) + 2, 1]],
    ['width 1, one voxel past a chunk', [1, CHUNK_VOXELS + 1, 1]],
    ['rows as long as a chunk', [CHUNK_VOXELS, 1, 2]],
    ['rows longer than a chunk', [CHUNK_VOXELS + 37, 1, 2]],
  ] as const)('at the borders of chunks: %s', async (_, dimensions) => {
    await expectTwin(randomInt16Volume(seededRandom(7), dimensions, 0.5, 130), 130);
  });

  test.each([31, 32, 33, 64, 70])(
    'on empty rows, full rows and runs that touch either end of width %d',
    async width => {
      const rows: ((x: number) => boolean)[] = [
        () => false,
        () => true,
        x => x === 0,
        x => x === width - 1,
        x => x >= width - 3,
        x => x < 3,
        () => true,
        () => true,
      ];
      const voxels = Int16Array.from({ length: width * rows.length }, (_, voxel) =>
        rows[Math.floor(voxel / width)]!(voxel % width) ? 130 : 129,
      );
      await expectTwin({ voxels, dimensions: [width, rows.length, 1] }, 130);
    },
  );

  test('on a single voxel, below, at and above the threshold', async () => {
    for (const hu of [129, 130, 131]) await expectTwin({ voxels: Int16Array.of(hu), dimensions: [1, 1, 1] }, 130);
  });

  test.each([1, 5, 32, 37])('at the int16 extremes and beyond them, width %d', async width => {
    const extremes = [-32768, -32767, -1, 0, 1, 129, 130, 131, 32766, 32767];
    const voxels = Int16Array.from({ length: width * 10 }, (_, voxel) => extremes[voxel % 10]!);
    for (const threshold of [
      -1e9,
      -32769,
      -32768.5,
      -32768,
      -32767.5,
      -32767,
      -0.5,
      -0,
      0,
      0.5,
      129.5,
      130,
      130.000001,
      32766.5,
      32767,
      32767.5,
      32768,
      65536,
      1e9,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]) {
      await expectTwin({ voxels, dimensions: [width, 5, 2] }, threshold);
    }
  });

  test('after a larger volume has left its voxels in the module’s memory', async () => {
    await expectTwin(randomInt16Volume(seededRandom(1), [512, 600, 2], 1, 130), 130);
    await expectTwin(randomInt16Volume(seededRandom(2), [33, 3, 2], 0.5, 130), 130);
  });

  test('when two masks are asked for at the same time', async () => {
    const volumes = [1, 2, 3].map(seed => randomInt16Volume(seededRandom(seed), [100, 50, 2], 0.5, 130));
    await Promise.all(volumes.map(volume => expectTwin(volume, 130)));
  });

  test('on voxels that lie somewhere inside a larger buffer', async () => {
    const { voxels } = randomInt16Volume(seededRandom(3), [50, 20, 1], 0.5, 130);
    await expectTwin({ voxels: voxels.subarray(101, 101 + 33 * 20), dimensions: [33, 20, 1] }, 130);
  });
});

describe('thresholdMaskKernel', () => {
  test('prefers WASM for Int16 volumes', async () => {
    const volume = randomInt16Volume(seededRandom(1), [40, 10, 2], 0.5, 130);
    const { output, report } = await runKernel(thresholdMaskKernel, volume, { threshold: 130 });
    expect(report).toMatchObject({ producer: 'wasm', notes: [] });
    expect(firstDifference(output.words, thresholdMask(volume, 130).words)).toBe(-1);
  });

  test('takes the twin for Float32 volumes and says why', async () => {
    const volume: VoxelVolume = { voxels: Float32Array.of(129.9, 130.1, Number.NaN), dimensions: [3, 1, 1] };
    expect(isInt16Volume(volume)).toBe(false);
    const { output, report } = await runKernel(thresholdMaskKernel, volume, { threshold: 130 });
    expect([...output.words]).toEqual([0b010]);
    expect(report).toMatchObject({
      producer: 'ts',
      notes: ['wasm not used: the volume holds fractional values (Float32)'],
    });
  });

  test('passes WebGL2 over without a word in Node, and says why when it is forced', async () => {
    const volume = randomInt16Volume(seededRandom(1), [4, 1, 1], 0.5, 130);
    const run = (producer?: 'webgl2') => runKernel(thresholdMaskKernel, volume, { threshold: 1 }, { producer });
    expect((await run()).report).toMatchObject({ producer: 'wasm', notes: [] });
    await expect(run('webgl2')).rejects.toThrow('webgl2 not used: this runtime has no WebGL2');
  });

  test('refuses Float32 volumes when WASM is forced', async () => {
    const volume: VoxelVolume = { voxels: new Float32Array(3), dimensions: [3, 1, 1] };
    await expect(runKernel(thresholdMaskKernel, volume, { threshold: 1 }, { producer: 'wasm' })).rejects.toThrow(
      'compute.threshold-mask could not be computed (wasm not used: the volume holds fractional values (Float32)).',
    );
  });
});
