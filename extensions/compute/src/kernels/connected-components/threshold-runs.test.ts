import { createRunControl } from '../../engine/run-control.ts';
import { runKernel } from '../../engine/run-kernel.ts';
import { firstDifference, randomInt16Volume, seededRandom } from '../../testing/random.ts';
import { measureRuns, thresholdRuns } from '../../twins/valued-runs.ts';
import type { Int16Volume, VoxelVolume } from '../../volume.ts';
import { connectedComponentsKernel } from './index.ts';
import { thresholdRunsWasm } from './threshold-runs-wasm.ts';

/** Voxels that the WASM producer copies at a time; rows next to a chunk's border get their own tests. */
const CHUNK_VOXELS = (1 << 19) / 2;

async function expectTwin(volume: Int16Volume, threshold = 130): Promise<void> {
  const wasm = await thresholdRunsWasm(volume, threshold);
  const twin = thresholdRuns(volume, threshold);
  expect(wasm.runs.count).toBe(twin.runs.count);
  for (const field of ['start', 'end', 'rowStart'] as const) {
    expect(firstDifference(wasm.runs[field], twin.runs[field])).toBe(-1);
  }
  expect(wasm.values).toBeInstanceOf(Int16Array);
  expect(firstDifference(wasm.values, twin.values)).toBe(-1);
  const measures = measureRuns(twin);
  if (volume.dimensions[0] > 65_535) {
    expect(wasm.measures).toBeUndefined();
    return;
  }
  for (const field of ['sum', 'peak'] as const) {
    expect(firstDifference(wasm.measures![field], measures[field])).toBe(-1);
  }
}

describe('thresholdRunsWasm equals the twin', () => {
  test.each([1, 2, 7, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 511, 512, 513])(
    'on random volumes of width %d',
    async width => {
      const random = seededRandom(width);
      for (const density of [0.02, 0.1, 0.5, 0.9, 0.99]) {
        await expectTwin(randomInt16Volume(random, [width, 13, 3], density, 130));
      }
    },
  );

  test.each([
    ['width 512, one row past two chunks', [512, (2 * CHUNK_VOXELS) / 512 + 1, 1]],
    ['width 512, exactly one chunk', [512, CHUNK_VOXELS / 512, 1]],
    ['width 512, one row short of a chunk', [512, CHUNK_VOXELS / 512 - 1, 1]],
    ['width 33, which does not divide a chunk', [33, Math.floor(CHUNK_VOXELS / 33) + 2, 1]],
    ['width 1, one voxel past a chunk', [1, CHUNK_VOXELS + 1, 1]],
    ['rows as long as a chunk', [CHUNK_VOXELS, 1, 2]],
    ['rows longer than a chunk', [CHUNK_VOXELS + 37, 1, 2]],
  ] as const)('at the borders of chunks: %s', async (_, dimensions) => {
    await expectTwin(randomInt16Volume(seededRandom(7), dimensions, 0.5, 130));
  });

  test.each([31, 32, 33, 64, 70, 128])(
    'on empty rows, full rows, single voxels and runs that touch either end of width %d',
    async width => {
      const rows: ((x: number) => boolean)[] = [
        () => false,
        () => true,
        x => x === 0,
        x => x === width - 1,
        x => x >= width - 3,
        x => x < 3,
        x => x % 2 === 0,
        x => x % 2 === 1,
        x => x % 32 === 31,
        x => x % 32 === 0,
        x => x !== 31,
        () => true,
        () => true,
      ];
      const voxels = Int16Array.from({ length: width * rows.length }, (_, voxel) =>
        rows[Math.floor(voxel / width)]!(voxel % width) ? 130 + (voxel % 7) : 129,
      );
      await expectTwin({ voxels, dimensions: [width, rows.length, 1] });
    },
  );

  test('after a larger volume has left its voxels in the module’s memory', async () => {
    await expectTwin(randomInt16Volume(seededRandom(1), [512, 600, 2], 1, 130));
    await expectTwin(randomInt16Volume(seededRandom(2), [33, 3, 2], 0.5, 130));
  });

  test('on voxels that lie somewhere inside a larger buffer', async () => {
    const { voxels } = randomInt16Volume(seededRandom(3), [50, 20, 1], 0.5, 130);
    await expectTwin({ voxels: voxels.subarray(101, 101 + 33 * 20), dimensions: [33, 20, 1] });
  });

  test('when runs take turns in one thread, chunk by chunk, and one makes the memory grow', async () => {
    const volumes = [
      randomInt16Volume(seededRandom(1), [512, 1600, 1], 0.3, 130),
      randomInt16Volume(seededRandom(2), [CHUNK_VOXELS * 3, 2, 1], 0.3, 130),
      randomInt16Volume(seededRandom(3), [100, 9000, 1], 0.3, 130),
    ];
    const control = { ...createRunControl({}), step: () => new Promise<void>(resolve => setTimeout(resolve)) };
    const all = await Promise.all(volumes.map(volume => thresholdRunsWasm(volume, 130, control)));
    all.forEach((wasm, i) => {
      const twin = thresholdRuns(volumes[i]!, 130);
      expect(firstDifference(wasm.runs.start, twin.runs.start)).toBe(-1);
      expect(firstDifference(wasm.runs.rowStart, twin.runs.rowStart)).toBe(-1);
      expect(firstDifference(wasm.values, twin.values)).toBe(-1);
    });
  });
});

test('a run that is cancelled ends between two chunks', async () => {
  const volume = randomInt16Volume(seededRandom(1), [512, 2000, 1], 0.1, 130);
  const controller = new AbortController();
  controller.abort();
  const control = createRunControl({ signal: controller.signal });
  await expect(thresholdRunsWasm(volume, 130, control)).rejects.toThrow('The computation was cancelled.');
});

test('Float32 volumes are computed by the twin, and the report says why', async () => {
  const volume: VoxelVolume = { voxels: Float32Array.of(129.5, 130.25, Number.NaN, 140), dimensions: [4, 1, 1] };
  const parameters = { threshold: 130, connectivity: 8 } as const;
  const { output, report } = await runKernel(connectedComponentsKernel, volume, parameters);
  expect([...output.statistics.peak]).toEqual([130.25, 140]);
  expect(report).toMatchObject({
    producer: 'ts',
    notes: ['wasm not used: the volume holds fractional values (Float32)'],
  });
});
