import type { VoxelVolume } from '../volume.ts';
import { createCalibration } from './calibration.ts';
import type { CalibrationStore } from './calibration-store.ts';
import type { Kernel, Producer, ProducerImplementation } from './kernel.ts';
import { ProducerChoice } from './producer-choice.ts';
import { runKernel } from './run-kernel.ts';

/** Longer than a pause of a busy machine, so that the order of producers does not depend on one. */
const SLOW_MS = 80;

const volumeOf = (megabytes: number): VoxelVolume => ({
  voxels: new Int16Array(megabytes << 19),
  dimensions: [1 << 10, 1 << 9, megabytes],
});

interface Counted {
  readonly kernel: Kernel<null, string>;
  /** Bytes of every run, by producer. */
  readonly runs: Record<Producer, number[]>;
}

/** A kernel whose producers are slow where the rule says so, and answer with their name. */
function counted(
  slow: (producer: Producer, bytes: number) => boolean,
  more: Partial<Kernel<null, string>> = {},
): Counted {
  const runs: Counted['runs'] = { webgl2: [], wasm: [], ts: [] };
  const implementation = (producer: Producer): ProducerImplementation<null, string> => ({
    run: async ({ voxels }) => {
      runs[producer].push(voxels.byteLength);
      if (slow(producer, voxels.byteLength)) await new Promise(resolve => setTimeout(resolve, SLOW_MS));
      return producer;
    },
  });
  const producers = { ts: implementation('ts'), wasm: implementation('wasm'), webgl2: implementation('webgl2') };
  return { kernel: { name: 'test.counted', producers, ...more }, runs };
}

const failing = (kernel: Kernel<null, string>): Kernel<null, string> => ({
  ...kernel,
  producers: { ...kernel.producers, webgl2: { run: () => Promise.reject(new Error('no shader')) } },
});

function memoryStore(): CalibrationStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    read: async key => values.get(key) ?? null,
    write: async (key, value) => void values.set(key, value),
  };
}

const run = (kernel: Kernel<null, string>, calibration = createCalibration(), volume = volumeOf(8)) =>
  runKernel(kernel, volume, null, {}, calibration);

describe('a calibrated run', () => {
  test.each(['webgl2', 'wasm', 'ts'] as const)('takes %s where the others are slow', async fast => {
    const { kernel } = counted(producer => producer !== fast);
    const { output, report } = await run(kernel);
    expect(output).toBe(fast);
    expect(report.notes).toEqual([]);
  });

  test('times parts of the volume, and only once', async () => {
    const { kernel, runs } = counted(producer => producer !== 'wasm');
    const calibration = createCalibration();
    await run(kernel, calibration);
    const timed = { webgl2: runs.webgl2.length, ts: runs.ts.length };
    expect(Math.max(...runs.webgl2, ...runs.ts)).toBeLessThanOrEqual(1 << 22);
    expect(runs.wasm.at(-1)).toBe(8 << 20);
    await run(kernel, calibration);
    expect({ webgl2: runs.webgl2.length, ts: runs.ts.length }).toEqual(timed);
  });

  test('does not go on to larger samples of a producer that is slow on small ones', async () => {
    const { kernel, runs } = counted(producer => producer === 'webgl2');
    await run(kernel);
    expect(new Set(runs.webgl2).size).toBe(1);
  });

  test('times parts again after 16 runs, and then after twice as many each time', () => {
    const choice = new ProducerChoice();
    const job = { bytes: 1e6, work: 1, volume: {}, uploading: [] };
    const timedAfter: number[] = [];
    for (let runs = 0; runs < 100; runs++) {
      const next = () => choice.nextSample(['wasm', 'ts'], job);
      if (next()) timedAfter.push(runs);
      for (let order = next(); order; order = next()) {
        choice.learn(order, job, { bytes: order.bytes, work: order.bytes / 1e6, runMs: 1, uploadMs: 0 }, 2);
      }
      choice.order(['wasm', 'ts'], job);
    }
    expect(timedAfter).toEqual([0, 16, 32, 64]);
  });

  test('times jobs of other parameters anew where they are much more work', async () => {
    const { kernel, runs } = counted(producer => producer !== 'wasm', { workPerVoxel: () => work });
    const calibration = createCalibration();
    let work = 10;
    await run(kernel, calibration);
    const timed = runs.ts.length;
    work = 11;
    await run(kernel, calibration);
    expect(runs.ts).toHaveLength(timed);
    work = 40;
    await run(kernel, calibration);
    expect(runs.ts.length).toBeGreaterThan(timed);
  });

  test.each([0, Number.NaN])('takes the fastest where a kernel says that a job is %d work', async work => {
    const { kernel } = counted(producer => producer !== 'webgl2', { workPerVoxel: () => work });
    expect((await run(kernel)).output).toBe('webgl2');
  });

  test('measures nothing where there is no GPU to doubt, or a producer is forced or preferred', async () => {
    const { kernel, runs } = counted(() => false);
    const { webgl2: _, ...processors } = kernel.producers;
    expect((await run({ ...kernel, producers: processors })).output).toBe('wasm');
    const options = [{ producer: 'ts' }, { prefer: 'webgl2' }] as const;
    for (const option of options) await runKernel(kernel, volumeOf(8), null, option, createCalibration());
    expect([runs.wasm.length, runs.ts.length, runs.webgl2.length]).toEqual([1, 1, 1]);
  });

  test('leaves out a producer that fails while it is timed, says why, and gives it up after three times', async () => {
    const { kernel } = counted(producer => producer === 'ts');
    const calibration = createCalibration();
    for (let session = 0; session < 3; session++) {
      expect((await run(failing(kernel), calibration)).report.notes).toEqual(['webgl2 failed: no shader']);
    }
    const { output, report } = await run(failing(kernel), calibration);
    expect(output).toBe('wasm');
    expect(report.notes).toEqual(['webgl2 failed: it failed again and again while it was timed']);
  });

  test('can be cancelled while producers are timed', async () => {
    const { kernel, runs } = counted(() => true);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), SLOW_MS / 2);
    const stepping = (producer: Producer): ProducerImplementation<null, string> => ({
      run: async (volume, parameters, measurement, control) => {
        await control?.step(0, 1);
        return kernel.producers[producer]!.run(volume, parameters, measurement);
      },
    });
    const producers = { ts: stepping('ts'), wasm: stepping('wasm'), webgl2: stepping('webgl2') };
    const options = { signal: controller.signal };
    const cancelled = runKernel({ ...kernel, producers }, volumeOf(8), null, options, createCalibration());
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(runs.wasm.length + runs.ts.length + runs.webgl2.length).toBeLessThanOrEqual(2);
  });

  test('a GPU of which nothing can be known comes last', async () => {
    const { kernel, runs } = counted(() => false, { sample: () => null });
    expect((await run(kernel)).output).toBe('wasm');
    expect(runs.webgl2).toEqual([]);
  });
});

describe('what was measured', () => {
  test('is kept in the store, and read in the next session', async () => {
    const { kernel, runs } = counted(producer => producer !== 'webgl2');
    const store = memoryStore();
    await run(kernel, createCalibration({ store }));
    const timed = runs.wasm.length;
    expect(store.values.size).toBe(1);
    expect((await run(kernel, createCalibration({ store }))).output).toBe('webgl2');
    expect(runs.wasm).toHaveLength(timed);
  });

  test.each(['', 'not JSON', '[]', 'null', '{"webgl2":{"fixedMs":-1}}', '{"wasm":7}'])(
    'is measured again where the store holds %j',
    async content => {
      const { kernel, runs } = counted(producer => producer !== 'webgl2');
      const store = { read: async () => content, write: async () => {} };
      expect((await run(kernel, createCalibration({ store }))).output).toBe('webgl2');
      expect(runs.wasm.length).toBeGreaterThan(0);
    },
  );

  test('does without a store that refuses to work, as in a private window', async () => {
    const { kernel } = counted(producer => producer !== 'webgl2');
    const refuse = () => Promise.reject(new Error('storage is off'));
    expect((await run(kernel, createCalibration({ store: { read: refuse, write: refuse } }))).output).toBe('webgl2');
  });

  test('does without a store that never answers', async () => {
    jest.useFakeTimers();
    try {
      const { kernel } = counted(() => false);
      let asked = 0;
      const never = () => {
        asked++;
        return new Promise<never>(() => {});
      };
      const calibration = createCalibration({ store: { read: never, write: never } });
      const first = run(kernel, calibration);
      await jest.advanceTimersByTimeAsync(60_000);
      expect((await first).report.notes).toEqual([]);
      await run({ ...kernel, name: 'test.another' }, calibration);
      expect(asked).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });
});
