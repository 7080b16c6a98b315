import { thresholdMaskKernel } from '../kernels/threshold-mask/index.ts';
import { forSeeds, integer, type Random, randomInt16Volume, seededRandom } from '../testing/random.ts';
import type { VoxelVolume } from '../volume.ts';
import type { Engine } from './engine.ts';
import type { Kernel } from './kernel.ts';
import {
  fragileMergeKernel,
  fragileSlabKernel,
  preparedKernel,
  slabSumKernel,
  steppingKernel,
  sumKernel,
  sumOf,
} from './kernels.test-support.ts';
import type { Request } from './messages.ts';
import { NodeWorkers } from './node-worker.test-support.ts';
import { createWorkerEngine, type WorkerEngineOptions } from './worker-engine.ts';

// Starting threads takes long on a busy machine.
jest.setTimeout(60_000);

let workers: NodeWorkers;
let engine: Engine;

function createEngine(options: WorkerEngineOptions = {}): Engine {
  workers = new NodeWorkers();
  engine = createWorkerEngine(() => workers.start(), { workers: 2, split: 'always', ...options });
  return engine;
}

afterEach(async () => {
  engine?.destroy();
  await workers?.ended();
});

const randomVolume = (random: Random, slices = integer(random, 1, 9)): VoxelVolume =>
  randomInt16Volume(random, [integer(random, 1, 40), integer(random, 1, 20), slices], 0.5, 130);
const copyOf =
  ({ voxels, dimensions }: VoxelVolume) =>
  () => ({ voxels: voxels.slice(), dimensions });
const twin = <Parameters, Output>(
  { producers }: Kernel<Parameters, Output>,
  volume: VoxelVolume,
  parameters: Parameters,
) => producers.ts.run(volume, parameters);

describe('a run on slabs', () => {
  test.each([1, 2, 3, 4])('gives with %d workers what the whole gives, whatever the number of slices', async count => {
    createEngine({ workers: count });
    await forSeeds(12, async (random, seed) => {
      const volume = randomVolume(random);
      await engine.loadVolume(`${seed}`, copyOf(volume));
      const parameters = { fromSlice: integer(random, 0, 3) };
      const { output, report } = await engine.run(slabSumKernel, `${seed}`, parameters);
      expect(output).toEqual(await twin(slabSumKernel, volume, parameters));
      expect(report).toMatchObject({ workers: Math.min(count, volume.dimensions[2]), notes: [] });
      await engine.unloadVolume(`${seed}`);
    });
    expect(workers.started.length).toBeLessThanOrEqual(count);
  });

  test('an answer can be asked for again and again, of several volumes, and after a volume was replaced', async () => {
    createEngine();
    const random = seededRandom(3);
    for (let round = 0; round < 3; round++) {
      const volumes = { a: randomVolume(random, 4), b: randomVolume(random, 5) };
      for (const [id, volume] of Object.entries(volumes)) await engine.loadVolume(id, copyOf(volume));
      const runs = Object.entries(volumes).flatMap(([id, volume]) =>
        [0, 2].map(async fromSlice => {
          const { output, report } = await engine.run(slabSumKernel, id, { fromSlice });
          expect(output).toEqual(await twin(slabSumKernel, volume, { fromSlice }));
          expect(report).toMatchObject({ workers: 2, notes: [] });
        }),
      );
      await Promise.all(runs);
    }
    expect(workers.started).toHaveLength(2);
  });

  test('a volume that is replaced or unloaded under it never makes an answer of two volumes', async () => {
    createEngine();
    await forSeeds(10, async random => {
      const dimensions = [integer(random, 1, 40), integer(random, 1, 20), 4] as const;
      const [first, second] = [0, 1].map(() => randomInt16Volume(random, dimensions, 0.5, 130));
      const twins = await Promise.all([first!, second!].map(volume => twin(slabSumKernel, volume, { fromSlice: 0 })));
      await engine.loadVolume('a', copyOf(first!));
      if (random() < 0.5) await engine.run(slabSumKernel, 'a', { fromSlice: 0 }); // both workers are ready
      const run = engine.run(slabSumKernel, 'a', { fromSlice: 0 });
      const unload = random() < 0.3 ? engine.unloadVolume('a') : Promise.resolve();
      const load = engine.loadVolume('a', copyOf(second!));
      expect(twins).toContainEqual((await run).output);
      await Promise.all([unload, load]);
      const { output, report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0 });
      expect(output).toEqual(twins[1]);
      expect(report).toMatchObject({ workers: 2, notes: [] });
    });
  });

  test('is left to one worker where the kernel, the job or the volume cannot be split, or a GPU is asked for', async () => {
    createEngine();
    const random = seededRandom(4);
    await engine.loadVolume('one slice', copyOf(randomVolume(random, 1)));
    await engine.loadVolume('a', copyOf(randomVolume(random, 3)));
    const alone = { report: { workers: 1, notes: [] } };
    expect(await engine.run(slabSumKernel, 'one slice', { fromSlice: 0 })).toMatchObject(alone);
    expect(await engine.run(slabSumKernel, 'a', { fromSlice: 0, whole: true })).toMatchObject(alone);
    expect(await engine.run(sumKernel, 'a', { plus: 0 })).toMatchObject(alone);
    const options = { prefer: 'webgl2' } as const;
    expect((await engine.run(slabSumKernel, 'a', { fromSlice: 0 }, options)).report.workers).toBe(1);
    expect(workers.started).toHaveLength(1);
  });

  test('is left to one worker on a small volume, unless asked for always', async () => {
    createEngine({ split: 'when it pays' });
    await engine.loadVolume('a', copyOf(randomVolume(seededRandom(5), 6)));
    expect((await engine.run(slabSumKernel, 'a', { fromSlice: 0 })).report.workers).toBe(1);
    expect(workers.started).toHaveLength(1);
  });

  test('is left to one worker where only the first run took long, because there was something to compile or to time', async () => {
    createEngine({ split: 'when it pays' });
    const volume = randomVolume(seededRandom(15), 6);
    await engine.loadVolume('a', copyOf(volume));
    for (let run = 0; run < 3; run++) {
      const { output, report } = await engine.run(preparedKernel, 'a', null);
      expect([output, report.workers]).toEqual([sumOf(volume), 1]);
    }
  });

  test('counts the memory of both workers', async () => {
    createEngine();
    const volume = randomVolume(seededRandom(6), 6);
    await engine.loadVolume('a', copyOf(volume));
    const { report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0 });
    const { byteLength } = volume.voxels;
    expect(report.peakBytes).toBe(byteLength + byteLength / 2 + 6 * 8);
  });

  test('reports progress of the whole, rising, and not after its end', async () => {
    createEngine();
    const fractions: number[] = [];
    const volume = randomVolume(seededRandom(7), 6);
    await engine.loadVolume('a', copyOf(volume));
    const onProgress = (fraction: number) => fractions.push(fraction);
    const kernel = { ...steppingKernel, slabs: { merge: () => 0 } };
    // The worker serves a kernel of this name without slabs, so the merge fails and one worker does it.
    const { report } = await engine.run(kernel, 'a', { steps: 4, stepMs: 110 }, { onProgress });
    expect(report.notes).toEqual(['computed by one worker: A part of the answer is missing.']);
    const { length } = fractions;
    expect(length).toBeGreaterThan(2);
    expect(fractions).toEqual([...fractions].sort());
    expect(fractions.every(fraction => fraction >= 0 && fraction <= 1)).toBe(true);
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(fractions).toHaveLength(length);
  });
});

describe('a fault in another worker', () => {
  test.each(['exiting', 'throwing'] as const)('%s: the first worker does it all, and says so', async others => {
    createEngine();
    const volume = randomVolume(seededRandom(8), 5);
    await engine.loadVolume('a', copyOf(volume));
    const { output, report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0, others });
    expect(output).toEqual(await twin(slabSumKernel, volume, { fromSlice: 0 }));
    const reason =
      others === 'exiting' ? 'another worker stopped (the thread ended with code 3)' : 'not in this worker';
    expect(report.workers).toBe(1);
    expect(report.notes).toEqual([expect.stringContaining('computed by one worker: ')]);
    expect(report.notes[0]).toContain(reason);
    // And it helps again with the next.
    expect((await engine.run(slabSumKernel, 'a', { fromSlice: 0 })).report).toMatchObject({ workers: 2, notes: [] });
  });

  test('that never answers: the first worker does it all', async () => {
    createEngine({ patience: { workingMs: 2000 } });
    const volume = randomVolume(seededRandom(9), 5);
    await engine.loadVolume('a', copyOf(volume));
    const { output, report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0, others: 'blocking' });
    expect(output).toEqual(await twin(slabSumKernel, volume, { fromSlice: 0 }));
    expect(report.notes).toEqual(['computed by one worker: another worker stopped (it did not answer for 2 seconds)']);
  });

  test('killed while idle: the next run is right, and it is used again', async () => {
    createEngine();
    const volume = randomVolume(seededRandom(10), 5);
    await engine.loadVolume('a', copyOf(volume));
    const run = () => engine.run(slabSumKernel, 'a', { fromSlice: 0 });
    expect((await run()).report.workers).toBe(2);
    for (const index of [1, 0]) {
      workers.started[index]!.kill();
      await workers.started[index]!.ended;
      const { output, report } = await run();
      expect(output).toEqual(await twin(slabSumKernel, volume, { fromSlice: 0 }));
      expect(report).toMatchObject({ workers: 2, notes: [] });
    }
  });

  test('killed while idle: its limits of GPU memory are told to the next one, too, before anything else', async () => {
    workers = new NodeWorkers();
    /** The type of the first message to each worker. */
    const first: string[] = [];
    const start = () => {
      const worker = workers.start();
      const index = workers.started.length - 1;
      const postMessage = (message: Request, transfer: Transferable[]) => {
        first[index] ??= message.type;
        worker.postMessage(message, transfer);
      };
      return new Proxy(worker, {
        get: (target, name) => (name === 'postMessage' ? postMessage : Reflect.get(target, name)),
      });
    };
    engine = createWorkerEngine(start, { workers: 2, split: 'always', gpuMemory: { budgetBytes: 1 << 20 } });
    await engine.loadVolume('a', copyOf(randomVolume(seededRandom(17), 5)));
    const run = async () => (await engine.run(slabSumKernel, 'a', { fromSlice: 0 })).report.workers;
    expect(await run()).toBe(2);
    const extra = workers.started.at(-1)!;
    extra.kill();
    await extra.ended;
    expect(await run()).toBe(2);
    expect(first).toEqual(['configure', 'configure', 'configure']);
  });

  test('by a producer that stops every worker: one more worker finishes by the twin, and then nobody runs it again', async () => {
    createEngine();
    const volume = randomVolume(seededRandom(13), 5);
    await engine.loadVolume('a', copyOf(volume));
    const { output, report } = await engine.run(fragileSlabKernel, 'a', null);
    expect(output).toBe(sumOf(volume));
    expect(report).toMatchObject({ producer: 'ts', workers: 1 });
    // Either may be the first to stop.
    expect(report.notes).toContainEqual(expect.stringMatching(/(another worker|the first one) stopped/));
    // Two at a time at first, and one that took over.
    expect(workers.started).toHaveLength(3);
    const again = await engine.run(fragileSlabKernel, 'a', null);
    expect(again.output).toBe(sumOf(volume));
    expect(again.report.notes).toContain('wasm not used: it has stopped a worker before');
    expect(workers.started.length).toBeLessThanOrEqual(4);
  });

  test('in the first worker while it merges: one worker does it all, and says that it stopped', async () => {
    createEngine();
    const volume = randomVolume(seededRandom(16), 5);
    await engine.loadVolume('a', copyOf(volume));
    const { output, report } = await engine.run(fragileMergeKernel, 'a', null);
    expect([...output]).toEqual([sumOf(volume)]);
    expect(report.workers).toBe(1);
    expect(report.notes).toEqual([
      'run again in a new worker, because the first one stopped: the thread ended with code 3',
    ]);
    expect(workers.started).toHaveLength(3);
  });

  test('by all producers: the run is given up after one more worker', async () => {
    createEngine();
    await engine.loadVolume('a', copyOf(randomVolume(seededRandom(14), 5)));
    await expect(engine.run(fragileSlabKernel, 'a', null, { producer: 'wasm' })).rejects.toThrow(
      'The compute worker stopped again and again',
    );
    expect(workers.started).toHaveLength(3);
  });

  test('again and again: it is not asked any more', async () => {
    createEngine();
    await engine.loadVolume('a', copyOf(randomVolume(seededRandom(11), 5)));
    for (let run = 0; run < 2; run++) await engine.run(slabSumKernel, 'a', { fromSlice: 0, others: 'exiting' });
    const started = workers.started.length;
    expect((await engine.run(slabSumKernel, 'a', { fromSlice: 0 })).report).toMatchObject({ workers: 1, notes: [] });
    expect(workers.started).toHaveLength(started);
  });
});

test('a cancelled run on slabs rejects, and the next one is right', async () => {
  createEngine();
  const volume = randomVolume(seededRandom(12), 5);
  await engine.loadVolume('a', copyOf(volume));
  const controller = new AbortController();
  const kernel = { ...steppingKernel, slabs: { merge: () => 0 } };
  const run = engine.run(kernel, 'a', { steps: 1e6, stepMs: 1 }, { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  const { output, report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0 });
  expect(output).toEqual(await twin(slabSumKernel, volume, { fromSlice: 0 }));
  expect(report).toMatchObject({ workers: 2, notes: [] });
  const { output: mask } = await engine.run(thresholdMaskKernel, 'a', { threshold: 130 });
  expect(mask).toEqual(await twin(thresholdMaskKernel, volume, { threshold: 130 }));
});

test.each([0, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('an engine cannot have %d workers', count => {
  const start = () => {
    throw new Error('a worker was started');
  };
  expect(() => createWorkerEngine(start, { workers: count })).toThrow(
    `workers is a whole number from 1 on; ${count} cannot be.`,
  );
});
