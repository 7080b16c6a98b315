import { firstDifference, forSeeds, integer, type Random, randomInt16Volume } from '../testing/random.ts';
import type { VoxelVolume } from '../volume.ts';
import type { Engine } from './engine.ts';
import { slabSumKernel } from './kernels.test-support.ts';
import { NodeWorkers } from './node-worker.test-support.ts';
import { createWorkerEngine } from './worker-engine.ts';

// Starting threads takes long on a busy machine.
jest.setTimeout(120_000);

const ENGINE_CLOSED = 'The compute engine was closed.';
const CANCELLED = 'The computation was cancelled.';

/** What is asked of the engine, and what may come of it, kept for each volume id in the order of the calls. */
interface Load {
  readonly sums: Float64Array;
  /** Whether it certainly is the volume of the id from its call on, as far as later calls do not change that. */
  isCertain: boolean;
}
type Step = Load | 'unload';

/** Sums of slices: what the kernel gives for the whole volume. */
const sumsOf = (volume: VoxelVolume) => slabSumKernel.producers.ts.run(volume, { fromSlice: 0 }) as Float64Array;

/** An AbortSignal that counts who listens to it. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners.add(given[1]);
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners.delete(given[1]);
    remove(...given);
  };
  return { signal, abort: () => controller.abort(), listeners: () => listeners.size };
}

class RandomCaller {
  readonly settled: Promise<void>[] = [];
  readonly problems: string[] = [];
  /** Runs that two workers computed. */
  onSlabs = 0;
  readonly signals: ReturnType<typeof countedSignal>[] = [];
  private readonly steps: Record<string, Step[]> = { a: [], b: [] };
  private readonly engine: Engine;
  private readonly random: Random;

  constructor(engine: Engine, random: Random) {
    this.engine = engine;
    this.random = random;
  }

  /** Both volumes are there, and both workers run: otherwise most of what follows would only wait for threads to start. */
  async warmUp(): Promise<void> {
    for (const call of [this.load, this.run]) {
      for (const id of ['a', 'b']) call.call(this, id);
      await Promise.all(this.settled);
    }
  }

  call(): void {
    const id = this.random() < 0.7 ? 'a' : 'b';
    const what = this.random();
    if (what < 0.15) this.load(id);
    else if (what < 0.2) this.unload(id);
    else this.run(id);
  }

  private maybeSignal() {
    if (this.random() < 0.7) return undefined;
    const counted = countedSignal();
    this.signals.push(counted);
    setTimeout(counted.abort, integer(this.random, 0, 30));
    return counted.signal;
  }

  private load(id: string): void {
    const dimensions = [integer(this.random, 1, 30), integer(this.random, 1, 20), integer(this.random, 1, 5)] as const;
    const { voxels } = randomInt16Volume(this.random, dimensions, 0.5, 130);
    const signal = this.maybeSignal();
    const load: Load = { sums: sumsOf({ voxels, dimensions }), isCertain: !signal };
    this.steps[id]!.push(load);
    const source = () => ({ voxels: voxels.slice(), dimensions });
    this.settled.push(
      this.engine.loadVolume(id, source, signal && { signal }).then(
        () => {},
        (error: Error) => this.expectReason(error, `load ${id}`, signal),
      ),
    );
  }

  private unload(id: string): void {
    this.steps[id]!.push('unload');
    this.settled.push(
      this.engine.unloadVolume(id).catch((error: Error) => this.expectReason(error, `unload ${id}`, undefined)),
    );
  }

  private run(id: string): void {
    const steps = this.steps[id]!;
    const signal = this.maybeSignal();
    // Everything since the last call that certainly decided what the id holds, and what is called before the answer.
    const decisive = steps.findLastIndex(step => step === 'unload' || step.isCertain);
    const since = Math.max(0, decisive);
    this.settled.push(
      this.engine.run(slabSumKernel, id, { fromSlice: 0 }, signal && { signal }).then(
        ({ output, report }) => {
          if (report.workers === 2) this.onSlabs++;
          const isOneOfThem = steps
            .slice(since)
            .some(step => step !== 'unload' && firstDifference(step.sums, output) < 0);
          if (!isOneOfThem) this.problems.push(`an answer of ${id} is that of no volume it can have had`);
        },
        (error: Error) => {
          const possible = steps.slice(since);
          const mayBeEmpty = decisive < 0 || possible.some(step => step === 'unload' || !step.isCertain);
          if (mayBeEmpty && error.message.includes(`The volume ${id} is not loaded`)) return;
          this.expectReason(error, `run ${id}`, signal);
        },
      ),
    );
  }

  private expectReason({ message }: Error, what: string, signal: AbortSignal | undefined): void {
    if (signal?.aborted && message === CANCELLED) return;
    if (message === ENGINE_CLOSED) return;
    this.problems.push(`${what}: ${message}`);
  }
}

test('whatever is called in whatever order: every call settles, and no answer is of another volume', async () => {
  let onSlabs = 0;
  await forSeeds(10, async random => {
    const workers = new NodeWorkers();
    const engine = createWorkerEngine(() => workers.start(), { workers: 2, split: 'always' });
    const caller = new RandomCaller(engine, random);
    try {
      // A worker that is killed under a request twice would be a fault with a reason; once must go unnoticed.
      const killAt = integer(random, 5, 80);
      await caller.warmUp();
      for (let call = 0; call < 50; call++) {
        caller.call();
        if (call === killAt) workers.started[integer(random, 0, workers.started.length - 1)]!.kill();
        if (random() < 0.3) await new Promise(resolve => setTimeout(resolve, integer(random, 0, 15)));
      }
      const isClosedEarly = random() < 0.4;
      if (!isClosedEarly) {
        await Promise.all(caller.settled);
        // In the end it works as if nothing had happened.
        const voxels = Int16Array.of(1, 2, 3, 4);
        await engine.loadVolume('a', () => ({ voxels: voxels.slice(), dimensions: [2, 1, 2] }));
        const { output, report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0 });
        expect([[...output], report.notes]).toEqual([[3, 7], []]);
      }
    } finally {
      engine.destroy();
    }
    await Promise.all(caller.settled);
    await workers.ended();
    expect(caller.problems).toEqual([]);
    onSlabs += caller.onSlabs;
    expect(caller.signals.map(({ listeners }) => listeners())).toEqual(caller.signals.map(() => 0));
  });
  expect(onSlabs).toBeGreaterThan(20);
});

test('loads of one id that share their source: one is cancelled, and the other is there', async () => {
  const workers = new NodeWorkers();
  const engine = createWorkerEngine(() => workers.start(), { workers: 1 });
  const source = (): VoxelVolume => ({ voxels: Int16Array.of(5, 6), dimensions: [1, 1, 2] });
  const controller = new AbortController();
  const cancelled = engine.loadVolume('a', source, { signal: controller.signal });
  const load = engine.loadVolume('a', source);
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  await load;
  expect([...(await engine.run(slabSumKernel, 'a', { fromSlice: 0 })).output]).toEqual([5, 6]);
  engine.destroy();
  await workers.ended();
});
