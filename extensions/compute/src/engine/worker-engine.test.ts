import { thresholdMaskKernel } from '../kernels/threshold-mask/index.ts';
import { firstDifference, forSeeds, randomInt16Volume, seededRandom } from '../testing/random.ts';
import type { VoxelVolume } from '../volume.ts';
import { type Engine, UnknownVolumeError } from './engine.ts';
import {
  fragileKernel,
  greedyKernel,
  type InterruptedParameters,
  interruptedKernel,
  sumKernel,
  throwingKernel,
  unservedKernel,
} from './kernels.test-support.ts';
import { TooLargeError } from './limits.ts';
import { createLocalEngine } from './local-engine.ts';
import { type NodeWorker, startNodeWorker } from './node-worker.test-support.ts';
import { createWorkerEngine } from './worker-engine.ts';

// Starting threads takes long on a busy machine.
jest.setTimeout(60_000);

let started: NodeWorker[] = [];
let engine: Engine;

/** An engine on real worker threads; a test may name another file for some of them. */
function createEngine(fileOf: (start: number) => string | undefined = () => undefined): Engine {
  engine = createWorkerEngine(() => {
    const nodeWorker = startNodeWorker(fileOf(started.length));
    started.push(nodeWorker);
    return nodeWorker.worker;
  });
  return engine;
}

afterEach(async () => {
  engine.destroy();
  await Promise.all(started.map(({ ended }) => ended));
  started = [];
});

const volumeOf =
  (...values: number[]) =>
  (): VoxelVolume => ({
    voxels: Int16Array.from(values),
    dimensions: [values.length, 1, 1],
  });

function interrupted(failing: number, by: InterruptedParameters['by']): InterruptedParameters {
  return { attempts: new Int32Array(new SharedArrayBuffer(8)), failing, by };
}

/** Waits until a run has begun its nth attempt. */
async function begun({ attempts }: InterruptedParameters, attempt: number): Promise<void> {
  while (Atomics.load(attempts, 0) < attempt) await new Promise(resolve => setTimeout(resolve, 2));
}

describe('createWorkerEngine', () => {
  test('gives the results of the local engine', async () => {
    createEngine();
    const local = createLocalEngine();
    await forSeeds(4, async (random, seed) => {
      const { voxels, dimensions } = randomInt16Volume(random, [33, 9, 4], 0.5, 130);
      const source = () => ({ voxels: voxels.slice(), dimensions });
      for (const each of [engine, local]) await each.loadVolume(`volume ${seed}`, source);
      for (const producer of ['ts', 'wasm'] as const) {
        const parameters = [thresholdMaskKernel, `volume ${seed}`, { threshold: 130 }, { producer }] as const;
        const [there, here] = [await engine.run(...parameters), await local.run(...parameters)];
        expect(there.report).toMatchObject({ producer, notes: [] });
        expect(firstDifference(there.output.words, here.output.words)).toBe(-1);
      }
    });
  });

  test('sends a volume once, moves it, and reuses it in every run', async () => {
    createEngine();
    const given: VoxelVolume[] = [];
    await engine.loadVolume('a', () => {
      given.push(volumeOf(1, 2, 3)());
      return given.at(-1)!;
    });
    const runs = [0, 10, 20].map(plus => engine.run(sumKernel, 'a', { plus }));
    expect((await Promise.all(runs)).map(({ output }) => output)).toEqual([6, 16, 26]);
    expect(given).toHaveLength(1);
    expect(given[0]!.voxels).toHaveLength(0); // moved, not copied
    expect(started).toHaveLength(1);
  });

  test('a run sent before its volume has arrived waits for it', async () => {
    createEngine();
    const loaded = engine.loadVolume('a', volumeOf(4, 5));
    const run = engine.run(sumKernel, 'a', { plus: 0 });
    await loaded;
    expect((await run).output).toBe(9);
  });

  test('replaces and unloads volumes', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1));
    await engine.loadVolume('a', volumeOf(8));
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(8);
    await engine.unloadVolume('a');
    await expect(engine.run(sumKernel, 'a', { plus: 0 })).rejects.toThrow(
      'The volume a is not loaded in the compute engine.',
    );
  });

  test('says what is wrong with a volume, a kernel or a producer, and keeps working', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2));
    await expect(engine.loadVolume('a', () => ({ voxels: new Int16Array(5), dimensions: [2, 3, 1] }))).rejects.toThrow(
      'A volume of 2 x 3 x 1 voxels cannot have 5 values.',
    );
    await expect(engine.run(sumKernel, 'b', { plus: 0 })).rejects.toThrow(new UnknownVolumeError('b'));
    await expect(engine.run(sumKernel, 'b', { plus: 0 })).rejects.toBeInstanceOf(UnknownVolumeError);
    await expect(engine.run(greedyKernel, 'a', null)).rejects.toBeInstanceOf(TooLargeError);
    await expect(engine.run(throwingKernel, 'a', null)).rejects.toThrow('the twin does not like this volume');
    await expect(engine.run(unservedKernel, 'a', null)).rejects.toThrow(
      'This worker has no kernel named test.unserved.',
    );
    await expect(engine.run(sumKernel, 'a', { plus: 0 }, { producer: 'wasm' })).rejects.toThrow('wasm not used');
    const unsendable = { plus: (() => 1) as unknown as number };
    await expect(engine.run(sumKernel, 'a', unsendable)).rejects.toThrow('could not be cloned');
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(3);
    expect(started).toHaveLength(1);
  });
});

describe('createWorkerEngine when its worker stops', () => {
  test('killed in the middle of a run: the run finishes with the same answer in a new worker', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    await engine.loadVolume('b', volumeOf(10));
    const parameters = interrupted(1, 'blocking');
    const run = engine.run(interruptedKernel, 'a', parameters);
    const queued = engine.run(sumKernel, 'b', { plus: 1 });
    await begun(parameters, 1);
    started[0]!.kill();
    const note = 'run again in a new worker, because the first one stopped while ts ran: the thread ended with code 1';
    expect(await run).toMatchObject({ output: 6, report: { notes: [note] } });
    expect(await queued).toMatchObject({ output: 11, report: { notes: [] } });
    expect(parameters.attempts[0]).toBe(2);
    expect(started).toHaveLength(2);
  });

  test.each(['exiting', 'throwing outside'] as const)('by %s: the run is tried once more', async by => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    expect((await engine.run(interruptedKernel, 'a', interrupted(1, by))).output).toBe(6);
    expect(started).toHaveLength(2);
  });

  test('by a producer that stops every worker: the twin finishes the run, and that producer goes last from then on', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    const first = await engine.run(fragileKernel, 'a', null);
    const note =
      'run again in a new worker, because the first one stopped while wasm ran: the thread ended with code 3';
    expect([first.output, first.report.producer, first.report.notes]).toEqual([6, 'ts', [note]]);
    for (const options of [{}, { prefer: 'wasm' }] as const) {
      const { output, report } = await engine.run(fragileKernel, 'a', null, options);
      expect([output, report.producer, report.notes]).toEqual([
        6,
        'ts',
        ['wasm not used: it has stopped a worker before'],
      ]);
    }
    expect(started).toHaveLength(2);
    // Another kernel's code is another matter.
    const { report } = await engine.run(thresholdMaskKernel, 'a', { threshold: 2 });
    expect([report.producer, report.notes]).toEqual(['wasm', []]);
  });

  test('by a producer that is forced: the run is given up, because nothing else was asked for', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    await expect(engine.run(fragileKernel, 'a', null, { producer: 'wasm' })).rejects.toThrow('again and again');
    expect((await engine.run(fragileKernel, 'a', null)).report.producer).toBe('ts');
    expect(started).toHaveLength(3);
  });

  test('a run that stops every worker is given up after its second attempt, and the engine goes on', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    const parameters = interrupted(Number.POSITIVE_INFINITY, 'exiting');
    await expect(engine.run(interruptedKernel, 'a', parameters)).rejects.toThrow(
      'The compute worker stopped again and again (the thread ended with code 3). Reload the page to try again.',
    );
    expect(parameters.attempts[0]).toBe(2);
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(6);
  });

  test('killed while idle: the volumes are there again for the next run', async () => {
    createEngine();
    let reads = 0;
    await engine.loadVolume('a', () => {
      reads++;
      return volumeOf(1, 2, 3)();
    });
    for (let kills = 0; kills < 3; kills++) {
      const last = started.at(-1)!;
      last.kill();
      await last.ended;
      expect((await engine.run(sumKernel, 'a', { plus: kills })).output).toBe(6 + kills);
    }
    expect(reads).toBe(4);
  });

  test('a volume that cannot be read again is not said to be unknown, and is there as soon as it can', async () => {
    createEngine();
    const array = Int16Array.of(1, 2, 3);
    let read = () => array;
    await engine.loadVolume('a', () => ({ voxels: read(), dimensions: [3, 1, 1] }));
    const run = async () => {
      started.at(-1)!.kill();
      await started.at(-1)!.ended;
      return (await engine.run(sumKernel, 'a', { plus: 0 })).output;
    };
    // It was moved to the first worker.
    await expect(run()).rejects.toThrow(
      'The compute worker was replaced, and the volume a could not be read again: A volume of 3 x 1 x 1 voxels cannot have 0 values.',
    );
    read = () => Int16Array.of(1, 2, 3);
    expect(await run()).toBe(6);
  });

  test('a volume that was unloaded before does not come back with the new worker', async () => {
    createEngine();
    let reads = 0;
    await engine.loadVolume('a', () => {
      reads++;
      return volumeOf(1)();
    });
    await engine.unloadVolume('a');
    started[0]!.kill();
    await started[0]!.ended;
    await expect(engine.run(sumKernel, 'a', { plus: 0 })).rejects.toThrow('The volume a is not loaded');
    expect(reads).toBe(1);
  });

  test('killed while a volume is on its way: loading finishes, and a volume unloaded meanwhile stays away', async () => {
    createEngine();
    const loads = [engine.loadVolume('a', volumeOf(1)), engine.loadVolume('b', volumeOf(2))];
    const unload = engine.unloadVolume('b');
    started[0]!.kill();
    await Promise.all([...loads, unload]);
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(1);
    await expect(engine.run(sumKernel, 'b', { plus: 0 })).rejects.toThrow('The volume b is not loaded');
  });

  test('killed under a run behind which its volume is replaced: the run still sees the volume that it was asked for', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    const parameters = interrupted(1, 'blocking');
    const run = engine.run(interruptedKernel, 'a', parameters);
    const loads = [engine.loadVolume('a', volumeOf(10)), engine.loadVolume('a', volumeOf(20))];
    await begun(parameters, 1);
    started[0]!.kill();
    expect((await run).output).toBe(6);
    await Promise.all(loads);
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(20);
  });

  test('a late report of the old worker does not stop the new one', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    const parameters = interrupted(1, 'blocking');
    const run = engine.run(interruptedKernel, 'a', parameters);
    await begun(parameters, 1);
    const old = started[0]!;
    const report = () => old.worker.onerror?.({ message: 'reported by the old worker' } as ErrorEvent);
    report();
    report();
    expect((await run).output).toBe(6);
    report();
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(6);
    expect(started).toHaveLength(2);
  });

  test('a message that cannot be read counts as a stop', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    const parameters = interrupted(1, 'blocking');
    const run = engine.run(interruptedKernel, 'a', parameters);
    await begun(parameters, 1);
    started[0]!.worker.onmessageerror?.({} as MessageEvent);
    expect((await run).output).toBe(6);
  });
});

describe('createWorkerEngine when its worker cannot be loaded', () => {
  const missing = '/nowhere/no-such-worker.js';

  test('rejects with a sentence and does not start workers without end', async () => {
    createEngine(() => missing);
    await expect(engine.loadVolume('a', volumeOf(1))).rejects.toThrow(
      /^The compute worker stopped again and again \(.*\)/,
    );
    const starts = started.length;
    expect(starts).toBeLessThanOrEqual(3);
    await new Promise(resolve => setTimeout(resolve, 150)); // time enough for another start to show
    expect(started).toHaveLength(starts);
    await expect(engine.run(sumKernel, 'a', { plus: 0 })).rejects.toThrow('The compute worker stopped again and again');
  });

  test('does not start workers without end while nothing is asked of it', async () => {
    createEngine(() => missing);
    await started[0]!.ended;
    await new Promise(resolve => setTimeout(resolve, 150));
    expect(started.length).toBeLessThanOrEqual(2);
  });

  test('works as soon as one loads', async () => {
    createEngine(start => (start === 0 ? missing : undefined));
    await engine.loadVolume('a', volumeOf(1, 2));
    expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(3);
    expect(started).toHaveLength(2);
  });
});

describe('destroy', () => {
  test('rejects what is under way and everything asked later, and ends the worker', async () => {
    createEngine();
    await engine.loadVolume('a', volumeOf(1, 2, 3));
    const parameters = interrupted(1, 'blocking');
    const run = engine.run(interruptedKernel, 'a', parameters);
    const queued = engine.run(sumKernel, 'a', { plus: 0 });
    await begun(parameters, 1);
    engine.destroy();
    for (const rejected of [
      run,
      queued,
      engine.run(sumKernel, 'a', { plus: 0 }),
      engine.loadVolume('a', volumeOf(1)),
      engine.unloadVolume('a'),
    ]) {
      await expect(rejected).rejects.toThrow('The compute engine was closed.');
    }
    await started[0]!.ended;
    expect(started).toHaveLength(1);
  });

  test('may be called twice, and after the worker has stopped', async () => {
    createEngine();
    await engine.loadVolume('a', () => randomInt16Volume(seededRandom(1), [5, 5, 5], 0.5, 130));
    started[0]!.kill();
    await started[0]!.ended;
    engine.destroy();
    expect(() => engine.destroy()).not.toThrow();
  });
});
