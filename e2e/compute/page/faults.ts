import { runKernel } from '../../../extensions/compute/src/engine/run-kernel.ts';
import { gpuLabelsKernel } from '../../../extensions/compute/src/kernels/gpu-labels/index.ts';
import { histogramKernel } from '../../../extensions/compute/src/kernels/histogram/index.ts';
import { histogramOf } from '../../../extensions/compute/src/kernels/histogram/twin.ts';
import { thresholdMaskKernel } from '../../../extensions/compute/src/kernels/threshold-mask/index.ts';
import {
  firstDifference,
  integer,
  randomInt16Volume,
  seededRandom,
} from '../../../extensions/compute/src/testing/random.ts';
import { thresholdMask } from '../../../extensions/compute/src/twins/bit-mask.ts';
import type { Device, DeviceOptions } from '../../../extensions/compute/src/webgl2/device.ts';
import { configureSharedDevice, sharedDevice } from '../../../extensions/compute/src/webgl2/shared-device.ts';
import { takeGlErrors } from './gl-errors.ts';
import { suiteOf } from './suites.ts';

const THRESHOLD = 130;

/** One run that would like WebGL2: whether its mask is the twin's, and what it says of itself. */
async function runPreferringGpu(volume: Parameters<typeof thresholdMask>[0]) {
  const { output, report } = await runKernel(
    thresholdMaskKernel,
    volume,
    { threshold: THRESHOLD },
    { prefer: 'webgl2' },
  );
  const isEqual = firstDifference(output.words, thresholdMask(volume, THRESHOLD).words) < 0;
  return { isEqual, producer: report.producer, notes: report.notes };
}

/** Calls that ask again and again whether the GPU has come to something. */
const WAITING_CALLS = ['clientWaitSync', 'getProgramParameter', 'getQueryParameter'];

/** Counts the calls on a context, waiting as one however long it takes, and does something just before one of them. Gives back how to stop. */
function beforeCall(gl: WebGL2RenderingContext, call: number, action: () => void): () => number {
  let calls = 0;
  let previous = '';
  const patched: string[] = [];
  for (const name of Object.getOwnPropertyNames(WebGL2RenderingContext.prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(WebGL2RenderingContext.prototype, name);
    const original = descriptor?.value as unknown;
    // What tells whether the context is lost is not a step of a run.
    if (typeof original !== 'function' || name === 'isContextLost' || name === 'constructor') continue;
    patched.push(name);
    Object.defineProperty(gl, name, {
      configurable: true,
      value: (...callArguments: unknown[]) => {
        const waitsOn = name === previous && WAITING_CALLS.includes(name);
        previous = name;
        if (!waitsOn && ++calls === call) action();
        return Reflect.apply(original, gl, callArguments) as unknown;
      },
    });
  }
  return () => {
    for (const name of patched) Reflect.deleteProperty(gl, name);
    return calls;
  };
}

async function restore(device: Device, lossesBefore: number): Promise<void> {
  // The event of the loss comes first, and restoring is allowed in a task after it.
  while (device.generation === lossesBefore) await new Promise(resolve => setTimeout(resolve, 1));
  await new Promise(resolve => setTimeout(resolve));
  device.capabilities.loseContext?.restoreContext();
  await device.whenRestored();
}

/**
 * Loses the context before the first call of a run to WebGL, before the second in another run, and so on to the last.
 * @param warm whether the volume and the program are on the GPU already when the run begins
 */
export async function lossBeforeEveryCall(warm: boolean) {
  configureSharedDevice({});
  const device = sharedDevice();
  const random = seededRandom(warm ? 1 : 2);
  const outcomes = [];
  for (let lossCall = 1; ; lossCall++) {
    const volume = randomInt16Volume(random, [integer(random, 1, 300), 20, 2], 0.5, THRESHOLD);
    if (warm) await runPreferringGpu(volume);
    else await device.releaseIdle();
    const lossesBefore = device.generation;
    const stop = beforeCall(device.gl, lossCall, () => device.capabilities.loseContext?.loseContext());
    const hit = await runPreferringGpu(volume);
    if (stop() < lossCall) break; // the run was over before
    await restore(device, lossesBefore);
    const after = await runPreferringGpu(volume);
    outcomes.push({ lossCall, hit, after, error: device.gl.getError() });
  }
  configureSharedDevice({});
  return outcomes;
}

/**
 * Loses the context at some points of runs of any kernel, spread over all of its calls: what the run answers, and the run
 * after the context was restored.
 */
export async function lossUnderKernel(kernelName: string, points: number) {
  const suite = suiteOf(kernelName);
  configureSharedDevice({});
  const device = sharedDevice();
  const run = async () => {
    const { difference, report } = await suite.runOne({ prefer: 'webgl2' });
    return { isEqual: difference === null, producer: report.producer, notes: report.notes };
  };
  const countCalls = beforeCall(device.gl, Number.POSITIVE_INFINITY, () => {});
  await run();
  const calls = countCalls();
  const random = seededRandom(12);
  const outcomes = [];
  for (let point = 0; point < points; point++) {
    const lossCall = 1 + Math.floor(((point + random()) * calls) / points);
    await device.releaseIdle();
    const lossesBefore = device.generation;
    const stop = beforeCall(device.gl, lossCall, () => device.capabilities.loseContext?.loseContext());
    const hit = await run();
    if (stop() >= lossCall) await restore(device, lossesBefore);
    outcomes.push({ lossCall, hit, after: await run() });
  }
  configureSharedDevice({});
  return { calls, outcomes };
}

/** While the context is lost, runs go on without it and say why. */
export async function lostAndNotRestored() {
  configureSharedDevice({});
  const device = sharedDevice();
  const volume = randomInt16Volume(seededRandom(3), [65, 10, 2], 0.5, THRESHOLD);
  device.capabilities.loseContext?.loseContext();
  const [atOnce] = [await runPreferringGpu(volume)];
  await new Promise(resolve => setTimeout(resolve, 20));
  const later = await runPreferringGpu(volume);
  device.capabilities.loseContext?.restoreContext();
  await device.whenRestored();
  const restored = await runPreferringGpu(volume);
  configureSharedDevice({});
  return { atOnce, later, restored };
}

/** A run on a device of this kind, after which the usual device is back. */
export async function runOnLesserDevice(options: DeviceOptions, dimensions: readonly [number, number, number]) {
  configureSharedDevice(options);
  const outcome = await runPreferringGpu(randomInt16Volume(seededRandom(5), dimensions, 0.5, THRESHOLD));
  const error = sharedDevice().gl.getError();
  configureSharedDevice({});
  return { ...outcome, error };
}

/** A driver whose compiler refuses every shader, as far as a page can tell. */
export async function brokenCompiler() {
  configureSharedDevice({});
  const { gl } = sharedDevice();
  const source = gl.shaderSource.bind(gl);
  gl.shaderSource = (shader, text) => source(shader, text.replace('void main() {', 'void main() { this is not GLSL;'));
  const broken = await runPreferringGpu(randomInt16Volume(seededRandom(6), [40, 10, 2], 0.5, THRESHOLD));
  Reflect.deleteProperty(gl, 'shaderSource');
  const repaired = await runPreferringGpu(randomInt16Volume(seededRandom(6), [40, 10, 2], 0.5, THRESHOLD));
  configureSharedDevice({});
  return { broken, repaired };
}

/** Calls that WebGL refuses, each made wrong where it is about to be sent. */
const REFUSALS = {
  upload: ['texSubImage3D', args => args.with(5, 1 << 20)], // wider than the texture
  draw: ['drawArrays', args => args.with(0, 0xffff)], // no such mode
  'copy to a pixel buffer': ['readPixels', args => args.with(5, 0xffff)], // no such type
  'copy out of a pixel buffer': ['getBufferSubData', args => args.with(1, 1 << 30)], // past its end
  'new texture': ['texStorage2D', args => args.with(2, 0xffff)], // no such format
  'new texture of a volume': ['texStorage3D', args => args.with(2, 0xffff)],
  'new buffer': ['bufferData', args => args.with(2, 0xffff)], // no such use
} satisfies Readonly<Record<string, readonly [name: string, wrong: (args: unknown[]) => unknown[]]>>;

export type Refusal = keyof typeof REFUSALS;

/** A run in which one kind of call is refused, and the next one on the same volume. */
export async function refusedCalls(refusal: Refusal) {
  configureSharedDevice({});
  const { gl } = sharedDevice();
  const [name, wrong] = REFUSALS[refusal];
  const original = gl[name as 'drawArrays'] as (...callArguments: unknown[]) => unknown;
  let refused = 0;
  Object.defineProperty(gl, name, {
    configurable: true,
    value(...callArguments: unknown[]) {
      refused++;
      return Reflect.apply(original, gl, wrong(callArguments)) as unknown;
    },
  });
  const volume = randomInt16Volume(seededRandom(9), [128, 10, 2], 0.5, THRESHOLD);
  const hit = await runPreferringGpu(volume);
  Reflect.deleteProperty(gl, name);
  const codes = takeGlErrors();
  const after = await runPreferringGpu(volume);
  configureSharedDevice({});
  return { hit, after, refused, codes };
}

/** A machine whose browser gives no WebGL2 context. */
export async function withoutWebgl2() {
  const original = OffscreenCanvas.prototype.getContext;
  const ofElements = HTMLCanvasElement.prototype.getContext;
  configureSharedDevice({});
  OffscreenCanvas.prototype.getContext = (() => null) as typeof original;
  HTMLCanvasElement.prototype.getContext = (() => null) as typeof ofElements;
  try {
    return await runPreferringGpu(randomInt16Volume(seededRandom(7), [40, 10, 2], 0.5, THRESHOLD));
  } finally {
    OffscreenCanvas.prototype.getContext = original;
    HTMLCanvasElement.prototype.getContext = ofElements;
    configureSharedDevice({});
  }
}

/** A browser without OffscreenCanvas computes on a canvas element. */
export async function withoutOffscreenCanvas() {
  const original = globalThis.OffscreenCanvas;
  configureSharedDevice({});
  Reflect.deleteProperty(globalThis, 'OffscreenCanvas');
  try {
    return await runPreferringGpu(randomInt16Volume(seededRandom(8), [40, 10, 2], 0.5, THRESHOLD));
  } finally {
    globalThis.OffscreenCanvas = original;
    configureSharedDevice({});
  }
}

type NeverAnswering = 'fence' | 'query';

/** From now on fences are never passed, or queries never answered. Gives back how to end that. */
function neverFinish(gl: WebGL2RenderingContext, what: NeverAnswering): () => void {
  if (what === 'fence') gl.clientWaitSync = () => gl.TIMEOUT_EXPIRED;
  const getQueryParameter = gl.getQueryParameter.bind(gl);
  if (what === 'query') {
    gl.getQueryParameter = (query, name) =>
      name === gl.QUERY_RESULT_AVAILABLE ? false : (getQueryParameter(query, name) as unknown);
  }
  return () => {
    Reflect.deleteProperty(gl, 'clientWaitSync');
    Reflect.deleteProperty(gl, 'getQueryParameter');
  };
}

/** What runs say of a GPU that never finishes, with less patience than usual, and of one that had its context lost since. */
export async function givenUpWaiting(what: NeverAnswering) {
  configureSharedDevice({ patienceMs: 300 });
  const device = sharedDevice();
  const suite = suiteOf(gpuLabelsKernel.name);
  const run = async () => {
    const { difference, report } = await suite.runOne({ prefer: 'webgl2' });
    return { isEqual: difference === null, producer: report.producer, notes: report.notes };
  };
  const answerAgain = neverFinish(device.gl, what);
  const first = await run();
  const second = await run();
  answerAgain();
  const lossesBefore = device.generation;
  device.capabilities.loseContext?.loseContext();
  await restore(device, lossesBefore);
  const restored = await run();
  configureSharedDevice({});
  return { first, second, restored };
}

/** What a cancelled run says of a GPU that never finishes. */
export async function cancelledWhileWaiting(what: NeverAnswering) {
  configureSharedDevice({});
  const { gl } = sharedDevice();
  const volume = randomInt16Volume(seededRandom(10), [64, 64, 2], 0.5, THRESHOLD);
  const run = (signal?: AbortSignal, onProgress?: () => void) =>
    runKernel(
      gpuLabelsKernel,
      volume,
      { threshold: THRESHOLD, connectivity: 4 },
      { producer: 'webgl2', ...(signal && { signal }), ...(onProgress && { onProgress }) },
    );
  await run();
  const answerAgain = neverFinish(gl, what);
  const controller = new AbortController();
  let signsOfLife = 0;
  setTimeout(() => controller.abort(), 500);
  const error = await run(controller.signal, () => signsOfLife++).then(
    () => 'no error',
    ({ name, message }: Error) => `${name}: ${message}`,
  );
  answerAgain();
  const { report } = await run();
  configureSharedDevice({});
  return { error, signsOfLife, after: { producer: report.producer, notes: report.notes } };
}

/** What runs say of bins that a GPU cannot count, more often than failures are taken, and then of bins that it can. */
export async function binsBetweenIntegers() {
  configureSharedDevice({});
  const volume = randomInt16Volume(seededRandom(14), [64, 20, 2], 0.5, THRESHOLD);
  const run = async (binWidth: number) => {
    const parameters = { lowest: -10, binWidth, bins: 30 };
    const { output, report } = await runKernel(histogramKernel, volume, parameters, { prefer: 'webgl2' });
    const isEqual = firstDifference(output, histogramOf(volume, parameters)) < 0;
    return { isEqual, producer: report.producer, notes: report.notes };
  };
  const between = [];
  for (let i = 0; i < 5; i++) between.push(await run(0.5));
  const outcome = { between, onIntegers: await run(2) };
  configureSharedDevice({});
  return outcome;
}
