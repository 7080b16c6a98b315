import type { VoxelVolume } from '../volume.ts';
import type { Engine } from './engine.ts';
import { type InterruptedParameters, interruptedKernel, steppingKernel, sumKernel } from './kernels.test-support.ts';
import { NodeWorkers } from './node-worker.test-support.ts';
import { createWorkerEngine } from './worker-engine.ts';
import type { Patience } from './worker-link.ts';

// Starting threads takes long on a busy machine.
jest.setTimeout(60_000);

let workers: NodeWorkers;
let engine: Engine;
/** How often the volume was read. */
let reads: number;

async function createEngine(patience: Partial<Patience> = {}): Promise<void> {
  workers = new NodeWorkers();
  reads = 0;
  engine = createWorkerEngine(() => workers.start(), { workers: 1, patience });
  await engine.loadVolume('a', sixOf);
}

function sixOf(): VoxelVolume {
  reads++;
  return { voxels: Int16Array.of(1, 2, 3), dimensions: [3, 1, 1] };
}

afterEach(async () => {
  engine.destroy();
  await workers.ended();
});

const sharedCounter = () => new Int32Array(new SharedArrayBuffer(8));
const endless = (counter = sharedCounter()) => ({ steps: 1e6, stepMs: 1, counter });
const interrupted = (failing: number): InterruptedParameters => ({
  attempts: sharedCounter(),
  failing,
  by: 'blocking',
});
const begun = async (counter: Int32Array) => {
  while (Atomics.load(counter, 0) === 0) await new Promise(resolve => setTimeout(resolve, 2));
};
const aborted = { name: 'AbortError', message: 'The computation was cancelled.' };
const sumOfSix = async () => expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(6);

describe('a cancelled run', () => {
  test('ends at its next step, and the worker goes on', async () => {
    await createEngine({ cancelMs: 60_000 });
    const { signal, abort } = controllable();
    const parameters = endless();
    const run = engine.run(steppingKernel, 'a', parameters, { signal });
    await begun(parameters.counter);
    abort();
    await expect(run).rejects.toMatchObject(aborted);
    await sumOfSix();
    const steps = Atomics.load(parameters.counter, 0);
    await sumOfSix();
    expect(Atomics.load(parameters.counter, 0)).toBe(steps);
    expect(workers.started).toHaveLength(1);
  });

  test('that has not begun never begins, and the one before it is not disturbed', async () => {
    await createEngine();
    const { signal, abort } = controllable();
    const [first, second] = [sharedCounter(), sharedCounter()];
    const running = engine.run(steppingKernel, 'a', { steps: 600, stepMs: 1, counter: first });
    const queued = engine.run(steppingKernel, 'a', endless(second), { signal });
    await begun(first);
    abort();
    await expect(queued).rejects.toMatchObject(aborted);
    expect((await running).output).toBe(6);
    await sumOfSix();
    expect(Atomics.load(second, 0)).toBe(0);
    expect(workers.started).toHaveLength(1);
  });

  test('that takes no steps costs its worker; what waited behind it is run in a new one', async () => {
    await createEngine();
    const { signal, abort } = controllable();
    const parameters = interrupted(1);
    const run = engine.run(interruptedKernel, 'a', parameters, { signal });
    const queued = engine.run(sumKernel, 'a', { plus: 1 });
    await begun(parameters.attempts);
    abort();
    await expect(run).rejects.toMatchObject(aborted);
    expect((await queued).output).toBe(7);
    expect(parameters.attempts[0]).toBe(1);
    expect([workers.started.length, reads]).toEqual([2, 2]);
  });

  test('is not even sent when it was cancelled before, and unsettles nothing when it is cancelled after', async () => {
    await createEngine();
    const { signal, abort } = controllable();
    expect((await engine.run(sumKernel, 'a', { plus: 0 }, { signal })).output).toBe(6);
    abort();
    const parameters = endless();
    await expect(engine.run(steppingKernel, 'a', parameters, { signal })).rejects.toMatchObject(aborted);
    await sumOfSix();
    expect(Atomics.load(parameters.counter, 0)).toBe(0);
    expect(workers.started).toHaveLength(1);
  });

  test('says nothing more of its progress, which was between 0 and 1 and rising', async () => {
    await createEngine();
    const { signal, abort } = controllable();
    const fractions: number[] = [];
    const onProgress = (fraction: number) => {
      fractions.push(fraction);
      if (fractions.length === 3) abort();
    };
    const run = engine.run(steppingKernel, 'a', { steps: 3000, stepMs: 1 }, { signal, onProgress });
    await expect(run).rejects.toMatchObject(aborted);
    await sumOfSix();
    expect(fractions).toHaveLength(3);
    expect(fractions).toEqual([...new Set(fractions)].sort());
    expect(fractions[0]).toBeGreaterThan(0);
    expect(fractions[2]).toBeLessThan(1);
  });
});

describe('a cancelled load', () => {
  test('does not read its source when it was cancelled before, and leaves the volume that is there', async () => {
    await createEngine();
    const { signal, abort } = controllable();
    abort();
    await expect(engine.loadVolume('a', sixOf, { signal })).rejects.toMatchObject(aborted);
    expect(reads).toBe(1);
    await sumOfSix();
  });

  test('leaves nothing under the id when it was cancelled on its way', async () => {
    await createEngine();
    const { signal, abort } = controllable();
    const load = engine.loadVolume('b', sixOf, { signal });
    abort();
    await expect(load).rejects.toMatchObject(aborted);
    await expect(engine.run(sumKernel, 'b', { plus: 0 })).rejects.toThrow('The volume b is not loaded');
    await sumOfSix();
  });
});

test('a volume that is loaded again at once survives the cancelled load and the unload before it', async () => {
  await createEngine();
  const { signal, abort } = controllable();
  const seven = (): VoxelVolume => ({ voxels: Int16Array.of(7), dimensions: [1, 1, 1] });
  const cancelled = engine.loadVolume('a', () => sixOf(), { signal });
  abort();
  const [unload, load] = [engine.unloadVolume('a'), engine.loadVolume('a', seven)];
  await expect(cancelled).rejects.toMatchObject(aborted);
  await Promise.all([unload, load]);
  expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(7);
  workers.started[0]!.kill();
  await workers.started[0]!.ended;
  expect((await engine.run(sumKernel, 'a', { plus: 0 })).output).toBe(7);
});

describe('a worker that says nothing', () => {
  test('while it should work is replaced, and the run is tried once more', async () => {
    await createEngine({ workingMs: 1500 });
    const parameters = interrupted(1);
    const run = engine.run(interruptedKernel, 'a', parameters);
    const queued = engine.run(sumKernel, 'a', { plus: 1 });
    expect([(await run).output, (await queued).output]).toEqual([6, 7]);
    expect([workers.started.length, reads, parameters.attempts[0]]).toEqual([2, 2, 2]);
  });

  test('a run under which two of them fall silent is given up with a sentence; those behind it are not', async () => {
    await createEngine({ workingMs: 1500 });
    const run = engine.run(interruptedKernel, 'a', interrupted(Number.POSITIVE_INFINITY));
    const queued = engine.run(sumKernel, 'a', { plus: 1 });
    await expect(run).rejects.toThrow(
      'The compute worker stopped again and again (it did not answer for 1.5 seconds). Reload the page to try again.',
    );
    expect((await queued).output).toBe(7);
  });

  test('because it vanished without an event is replaced', async () => {
    await createEngine({ idleMs: 1500 });
    workers.started[0]!.vanish();
    await sumOfSix();
    expect([workers.started.length, reads]).toEqual([2, 2]);
  });

  test('but takes steps is left alone, however long it works', async () => {
    await createEngine({ workingMs: 2000 });
    const { output } = await engine.run(steppingKernel, 'a', { steps: 300, stepMs: 10 });
    expect(output).toBe(6);
    expect(workers.started).toHaveLength(1);
  });
});

function controllable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
