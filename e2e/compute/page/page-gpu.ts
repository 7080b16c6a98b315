import type { Producer, RunOptions } from '../../../extensions/compute/src/engine/kernel.ts';
import { createLocalEngine } from '../../../extensions/compute/src/engine/local-engine.ts';
import { createWorkerEngine, type WorkerEngineOptions } from '../../../extensions/compute/src/engine/worker-engine.ts';
import { connectedComponentsKernel } from '../../../extensions/compute/src/kernels/connected-components/index.ts';
import { thresholdMaskKernel } from '../../../extensions/compute/src/kernels/threshold-mask/index.ts';
import { firstDifference, randomInt16Volume, seededRandom } from '../../../extensions/compute/src/testing/random.ts';
import { thresholdMask } from '../../../extensions/compute/src/twins/bit-mask.ts';
import { gpuMemory, sharedDevice } from '../../../extensions/compute/src/webgl2/shared-device.ts';

export type Lacking = 'OffscreenCanvas' | 'WebGL2' | 'nothing';

const OPTIONS = { forced: { producer: 'webgl2' }, preferred: { prefer: 'webgl2' }, automatic: {} } as const;
const VOLUME = randomInt16Volume(seededRandom(40), [64, 40, 6], 0.4, 130);
const TWIN = thresholdMask(VOLUME, 130);

/** An engine whose workers lack something, with a volume of which every reading is counted. */
async function lackingEngine(lacking: Lacking, options: WorkerEngineOptions = { workers: 1 }) {
  const counts = { reads: 0 };
  const url = `/test-worker.js${lacking === 'nothing' ? '' : `?lacking=${lacking}`}`;
  const engine = createWorkerEngine(() => new Worker(url, { type: 'module' }), options);
  const source = () => {
    counts.reads++;
    return { ...VOLUME, voxels: VOLUME.voxels.slice() };
  };
  await engine.loadVolume('a', source);
  const run = async (runOptions: RunOptions) => {
    const { output, report } = await engine.run(thresholdMaskKernel, 'a', { threshold: 130 }, runOptions);
    const { producer, workers, notes } = report;
    return { isEqual: firstDifference(output.words, TWIN.words) < 0, producer, onPage: workers === undefined, notes };
  };
  return { engine, counts, run, source };
}

/** Runs of every kind in an engine whose workers lack something, and what the page's GPU holds after it was unloaded and closed. */
export async function workersWithoutGpu(lacking: Lacking) {
  const { engine, counts, run, source } = await lackingEngine(lacking);
  const outcomes: Record<string, Awaited<ReturnType<typeof run>>> = {};
  for (const [name, options] of Object.entries(OPTIONS)) outcomes[name] = await run(options);
  outcomes.again = await run(OPTIONS.preferred);
  const { reads } = counts;
  const components = await engine.run(
    connectedComponentsKernel,
    'a',
    { threshold: 130, connectivity: 8 },
    OPTIONS.preferred,
  );
  const twin = await connectedComponentsKernel.producers.ts.run(VOLUME, { threshold: 130, connectivity: 8 });
  const isEqual = firstDifference(components.output.labels.label, twin.labels.label) < 0;
  await engine.loadVolume('a', source); // another volume, as far as the engine knows
  const replaced = await run(OPTIONS.preferred);
  const readsOfAnother = counts.reads - reads;
  const heldBytes = gpuMemory()?.heldBytes ?? 0;
  engine.destroy();
  const after = gpuMemory()?.heldBytes ?? 0;
  return { outcomes, reads, isEqual, replaced, readsOfAnother, heldBytes, after };
}

/** Neither the workers nor the page have WebGL2: what runs that ask for it say. */
export async function nobodyHasGpu() {
  const [offscreen, element] = [OffscreenCanvas.prototype, HTMLCanvasElement.prototype];
  const [ofOffscreen, ofElement] = [offscreen.getContext, element.getContext];
  offscreen.getContext = (() => null) as typeof ofOffscreen;
  element.getContext = (() => null) as typeof ofElement;
  const { engine, counts, run } = await lackingEngine('OffscreenCanvas');
  try {
    const preferred = await run(OPTIONS.preferred);
    const forced = await run(OPTIONS.forced).catch(({ message }: Error) => message);
    return { preferred, forced, reads: counts.reads };
  } finally {
    engine.destroy();
    offscreen.getContext = ofOffscreen;
    element.getContext = ofElement;
  }
}

/** An engine whose GPU devices may take little: a run that fits, and one that does not, in a worker or on the page. */
export async function withLittleGpuMemory(lacking: Lacking) {
  const gpuLimits = { budgetBytes: 1 << 16, operationLimitBytes: 1 << 17 };
  const { engine, run } = await lackingEngine(lacking, { workers: 1, gpuMemory: gpuLimits });
  const fits = await run(OPTIONS.preferred);
  const large = randomInt16Volume(seededRandom(41), [512, 256, 1], 0.4, 130);
  await engine.loadVolume('large', () => ({ ...large, voxels: large.voxels.slice() }));
  const { report } = await engine.run(thresholdMaskKernel, 'large', { threshold: 130 }, OPTIONS.preferred);
  engine.destroy();
  return { fits, refused: { producer: report.producer, notes: report.notes } };
}

/** What createWorkerEngine says of limits that cannot be. */
export function impossibleGpuMemory(budgetBytes: number) {
  try {
    createWorkerEngine(() => new Worker('/test-worker.js', { type: 'module' }), {
      gpuMemory: { budgetBytes },
    }).destroy();
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Cancels a forced run on the page while it is under way. */
export async function cancelledOnPage(producer: Producer) {
  const { engine, run } = await lackingEngine('OffscreenCanvas');
  const controller = new AbortController();
  const cancelled = run({ producer, signal: controller.signal }).catch(({ name }: Error) => name);
  controller.abort();
  const outcomes = [await cancelled, await run({ producer })];
  engine.destroy();
  return outcomes;
}

/** Closes engines whose runs on the page were asked for a moment ago: what the runs say, and what the page's GPU holds then. */
export async function closedOnPage() {
  const { engine, run } = await lackingEngine('OffscreenCanvas');
  await run(OPTIONS.forced);
  const runs = [run(OPTIONS.forced), run(OPTIONS.preferred)].map(one =>
    one.then(() => 'no error').catch(({ message }: Error) => message),
  );
  engine.destroy();
  const local = createLocalEngine();
  await local.loadVolume('a', () => ({ ...VOLUME }));
  const ran = local.run(thresholdMaskKernel, 'a', { threshold: 130 }, OPTIONS.forced);
  runs.push(ran.then(() => 'no error').catch(({ message }: Error) => message));
  local.destroy();
  return { said: await Promise.all(runs), heldBytes: gpuMemory()?.heldBytes };
}

/** Bytes on the page's GPU after each of two engines has run, and after one and then the other is closed. */
export async function enginesShareDevice() {
  const engines = [createLocalEngine(), createLocalEngine()];
  const bytes: (number | undefined)[] = [];
  for (const engine of engines) {
    await engine.loadVolume('a', () => ({ ...VOLUME }));
    await engine.run(thresholdMaskKernel, 'a', { threshold: 130 }, OPTIONS.forced);
    bytes.push(gpuMemory()?.heldBytes);
  }
  const { canvas } = sharedDevice().gl;
  for (const engine of engines) {
    engine.destroy();
    engine.destroy();
    bytes.push(gpuMemory()?.heldBytes);
  }
  const context = canvas.getContext('webgl2') as WebGL2RenderingContext;
  return { bytes, isContextGivenBack: context.isContextLost() };
}
