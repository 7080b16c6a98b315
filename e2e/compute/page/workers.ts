import type { Engine } from '../../../extensions/compute/src/engine/engine.ts';
import type { Kernel } from '../../../extensions/compute/src/engine/kernel.ts';
import { slabSumKernel, steppingKernel } from '../../../extensions/compute/src/engine/kernels.test-support.ts';
import type { Response } from '../../../extensions/compute/src/engine/messages.ts';
import { createWorkerEngine, type WorkerEngineOptions } from '../../../extensions/compute/src/engine/worker-engine.ts';
import { connectedComponentsKernel } from '../../../extensions/compute/src/kernels/connected-components/index.ts';
import { histogramKernel } from '../../../extensions/compute/src/kernels/histogram/index.ts';
import { thresholdMaskKernel } from '../../../extensions/compute/src/kernels/threshold-mask/index.ts';
import {
  firstDifference,
  integer,
  randomInt16Volume,
  seededRandom,
} from '../../../extensions/compute/src/testing/random.ts';
import { thresholdMask } from '../../../extensions/compute/src/twins/bit-mask.ts';
import type { VoxelVolume } from '../../../extensions/compute/src/volume.ts';

export type Fault = 'vanishes' | 'hangs' | 'hangs in webgl2' | 'throws';

/** An engine on real workers; the first ones may be faulty. */
function faultyEngine(faults: readonly (Fault | null)[] = [], options: WorkerEngineOptions = { workers: 1 }) {
  const started: Worker[] = [];
  const engine = createWorkerEngine(() => {
    const fault = faults[started.length];
    const worker = new Worker(`/test-worker.js${fault ? `?fault=${fault}` : ''}`, { type: 'module' });
    started.push(worker);
    return worker;
  }, options);
  return { engine, started };
}

const copyOf =
  ({ voxels, dimensions }: VoxelVolume) =>
  () => ({ voxels: voxels.slice(), dimensions });

const nameOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

const VOLUME = randomInt16Volume(seededRandom(30), [64, 40, 6], 0.4, 130);
const TWIN = thresholdMask(VOLUME, 130);

/** Runs the mask on the engine's volume 'a' and compares it with the twin. */
async function maskOf(engine: Engine) {
  const { output, report } = await engine.run(thresholdMaskKernel, 'a', { threshold: 130 });
  return { isEqual: firstDifference(output.words, TWIN.words) < 0, workers: report.workers, notes: report.notes };
}

async function sameWith<Parameters, Output>(
  kernel: Kernel<Parameters, Output>,
  engines: readonly Engine[],
  volume: VoxelVolume,
  parameters: Parameters,
) {
  const text = (output: Output) =>
    JSON.stringify(output, (_, value: unknown) => (ArrayBuffer.isView(value) ? [...(value as Int32Array)] : value));
  const twin = text(await kernel.producers.ts.run(volume, parameters));
  const answers = [];
  for (const engine of engines) {
    await engine.loadVolume('random', copyOf(volume));
    const { output, report } = await engine.run(kernel, 'random', parameters, { producer: 'ts' });
    answers.push({ isEqual: text(output) === twin, workers: report.workers, notes: report.notes });
  }
  return { dimensions: volume.dimensions, answers };
}

/** One and two workers, and the twin on this thread, on random volumes. */
export async function oneAndTwoWorkers(seeds: number) {
  const pair = [faultyEngine([], { workers: 1 }), faultyEngine([], { workers: 2, split: 'always' })];
  const engines = pair.map(({ engine }) => engine);
  const outcomes = [];
  for (let seed = 0; seed < seeds; seed++) {
    const random = seededRandom(seed);
    const dimensions = [integer(random, 1, 70), integer(random, 1, 30), integer(random, 1, 7)] as const;
    const volume = randomInt16Volume(random, dimensions, random(), 130);
    const connectivity = ([4, 8, 6, 26] as const)[seed % 4]!;
    outcomes.push(await sameWith(connectedComponentsKernel, engines, volume, { threshold: 130, connectivity }));
    outcomes.push(await sameWith(slabSumKernel, engines, volume, { fromSlice: integer(random, 0, 3) }));
  }
  const workers = pair.map(({ started }) => started.length);
  for (const engine of engines) engine.destroy();
  return { outcomes, workers, isolated: globalThis.crossOriginIsolated };
}

/** A second worker that goes wrong in its first run on a slab. */
export async function faultInSecondWorker(fault: Fault) {
  const patience = { idleMs: 3000, workingMs: 3000 };
  const { engine, started } = faultyEngine([null, fault], { workers: 2, split: 'always', patience });
  await engine.loadVolume('a', copyOf(VOLUME));
  const run = async () => {
    const { output, report } = await engine.run(slabSumKernel, 'a', { fromSlice: 0 });
    const twin = await slabSumKernel.producers.ts.run(VOLUME, { fromSlice: 0 });
    return { isEqual: firstDifference(output, twin) < 0, workers: report.workers, notes: report.notes };
  };
  const outcomes = [await run(), await run()];
  engine.destroy();
  return { outcomes, started: started.length };
}

/** The first so many workers go wrong in the run. */
export async function faultInFirstWorker(fault: Fault, faulty: number) {
  const patience = { idleMs: 3000, workingMs: 3000 };
  const { engine, started } = faultyEngine(
    Array.from({ length: faulty }, () => fault),
    { workers: 1, patience },
  );
  await engine.loadVolume('a', copyOf(VOLUME));
  const hit = await maskOf(engine).catch((error: Error) => error.message);
  const after = await maskOf(engine).catch((error: Error) => error.message);
  engine.destroy();
  return { hit, after, started: started.length };
}

/** A GPU that hangs in the first worker: who finishes, and what is done about it in the next run. */
export async function hangInGpu() {
  const { engine, started } = faultyEngine(['hangs in webgl2'], { workers: 1, patience: { workingMs: 3000 } });
  await engine.loadVolume('a', copyOf(VOLUME));
  const run = async () => {
    const { output, report } = await engine.run(thresholdMaskKernel, 'a', { threshold: 130 }, { prefer: 'webgl2' });
    const isEqual = firstDifference(output.words, TWIN.words) < 0;
    return { isEqual, producer: report.producer, notes: report.notes };
  };
  const outcomes = [await run(), await run()];
  engine.destroy();
  return { outcomes, started: started.length };
}

/** Terminates the worker from outside in the middle of a run, without any event. */
export async function terminatedWhileRunning() {
  const { engine, started } = faultyEngine([], { workers: 1, patience: { workingMs: 3000 } });
  await engine.loadVolume('a', copyOf(VOLUME));
  let isUnderWay = () => {};
  const underWay = new Promise<void>(resolve => {
    isUnderWay = resolve;
  });
  const run = engine.run(steppingKernel, 'a', { steps: 2000, stepMs: 1 }, { onProgress: isUnderWay });
  const queued = maskOf(engine);
  await underWay;
  started[0]!.terminate();
  const { output } = await run;
  const sum = VOLUME.voxels.reduce((total, value) => total + value, 0);
  const outcome = { isEqual: output === sum, queued: await queued, started: started.length };
  engine.destroy();
  return outcome;
}

/** Cancels a run in the middle; one that listens between its steps, or one that never does. */
export async function cancelled(listens: boolean) {
  // A worker that listens is not to be given up because the machine is busy.
  const patience = listens ? { cancelMs: 60_000 } : {};
  const { engine, started } = faultyEngine(listens ? [] : ['hangs'], { workers: 1, patience });
  let reads = 0;
  await engine.loadVolume('a', () => {
    reads++;
    return copyOf(VOLUME)();
  });
  const begun = new Promise<void>(resolve => {
    started[0]!.addEventListener('message', ({ data }: MessageEvent<Response>) => {
      if ('notice' in data && data.notice === 'begun') resolve();
    });
  });
  const controller = new AbortController();
  const fractions: number[] = [];
  const onProgress = (fraction: number) => {
    fractions.push(fraction);
    if (fractions.length === 3) controller.abort();
  };
  const run = engine.run(steppingKernel, 'a', { steps: 1e6, stepMs: 1 }, { signal: controller.signal, onProgress });
  const queued = new AbortController();
  const second = engine.run(steppingKernel, 'a', { steps: 1e6, stepMs: 1 }, { signal: queued.signal });
  void begun.then(() => {
    queued.abort();
    if (!listens) controller.abort();
  });
  const errors = await Promise.all([nameOf(run), nameOf(second)]);
  const { length } = fractions;
  const after = await maskOf(engine);
  const outcome = { errors, after, reads, started: started.length, fractions, late: fractions.length - length };
  engine.destroy();
  return outcome;
}

/** Volumes and runs of 3 GiB; what the engine says, and a run afterwards. */
export async function tooLarge() {
  const { engine, started } = faultyEngine();
  await engine.loadVolume('a', copyOf(VOLUME));
  const before = await maskOf(engine);
  const volume = await nameOf(
    // Reserved by the browser, but never touched.
    engine.loadVolume('b', () => ({ voxels: new Int16Array(3 * 2 ** 29), dimensions: [1024, 1024, 1536] })),
  );
  const run = await nameOf(engine.run(histogramKernel, 'a', { lowest: 0, binWidth: 1, bins: 3 * 2 ** 28 }));
  const missing = await nameOf(engine.run(histogramKernel, 'b', { lowest: 0, binWidth: 1, bins: 4 }));
  const after = await maskOf(engine);
  engine.destroy();
  return { before, volume, run, missing, after, started: started.length };
}

/** Bytes that runs on the GPU and on the processor report, in a worker. */
export async function reportedMemory() {
  const { engine } = faultyEngine();
  const volume = randomInt16Volume(seededRandom(31), [128, 64, 16], 0.4, 130);
  await engine.loadVolume('a', copyOf(volume));
  const peak = async (producer: 'webgl2' | 'wasm' | 'ts') => {
    const { report } = await engine.run(thresholdMaskKernel, 'a', { threshold: 130 }, { producer });
    return { peakBytes: report.peakBytes ?? 0, gpuPeakBytes: report.gpuPeakBytes ?? 0 };
  };
  const [first, gpu, again] = [await peak('ts'), await peak('webgl2'), await peak('webgl2')];
  await engine.unloadVolume('a');
  await engine.loadVolume('a', copyOf(volume));
  const reloaded = await peak('webgl2');
  engine.destroy();
  return { volumeBytes: volume.voxels.byteLength, maskBytes: volume.voxels.length / 8, first, gpu, again, reloaded };
}

/** What one of several tabs does: calibrated runs in a worker, with the store that all of them share. */
export async function runsOfTab(tab: number, runs: number) {
  const outcomes = [];
  for (let visit = 0; visit < 2; visit++) {
    const { engine } = faultyEngine();
    for (let run = 0; run < runs; run++) {
      const volume = randomInt16Volume(seededRandom(100 * tab + run), [256, 256, 36], 0.1, 130);
      await engine.loadVolume('tab', copyOf(volume));
      const { output, report } = await engine.run(thresholdMaskKernel, 'tab', { threshold: 100 + tab });
      const isEqual = firstDifference(output.words, thresholdMask(volume, 100 + tab).words) < 0;
      outcomes.push({ isEqual, notes: report.notes });
    }
    engine.destroy();
  }
  return outcomes;
}
