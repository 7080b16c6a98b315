/** Measures one contender in a worker of its own: a fresh heap, and a page that stays usable and can cancel. */
import { summarize, type Timing } from '../statistics.ts';
import { type Answer, difference, expectedAnswer, sizeOf } from './answers.ts';
import type { OpenContender, RunFacts } from './contenders/contender.ts';
import { CONTENDERS } from './contenders/index.ts';
import type { Effort, FromContender, ToContender } from './messages.ts';
import type { BenchVolume } from './phantom.ts';
import { failureOf, type Outcome } from './rows.ts';

/** A median of fewer runs would say little. */
const FEWEST_RUNS = 3;

const post = (message: FromContender) => self.postMessage(message);
const doing = (what: string, fraction = 0) => post({ type: 'doing', what, fraction });

self.onmessage = async ({ data }: MessageEvent<ToContender>) => {
  if (data.type !== 'start') return;
  let outcome: Outcome;
  let facts: RunFacts | undefined;
  try {
    [outcome, facts] = await measureContender(data);
  } catch (error) {
    outcome = failureOf(error);
  }
  post({ type: 'done', outcome, ...(facts && { facts }) });
};

async function measureContender({ contenderId, volume, peers, effort }: Extract<ToContender, { type: 'start' }>) {
  const contender = CONTENDERS.find(({ id }) => id === contenderId);
  if (!contender) throw new Error(`There is no contender named ${contenderId}.`);
  doing('computing the expected answer');
  const expected = expectedAnswer(contender.job, volume);
  const copy = new Int16Array(volume.voxels.length).fill(1);
  await readyToGo();

  doing('loading');
  const opened: OpenContender<unknown> = await contender.open(volume, peers);
  try {
    doing('comparing its answer');
    await opened.before?.();
    const wrong = difference(await opened.answer(await opened.run()), expected);
    if (wrong) return [{ status: 'wrong', reason: wrong }, undefined] as const satisfies [Outcome, undefined];
    const shared = contender.sharesMemory && self.crossOriginIsolated ? inSharedMemory(volume.voxels) : null;
    const { last, ...times } = await measureBesideFloor(opened, volume, copy, shared, effort);
    const outcome: Outcome = stillEqual(await opened.answer(last), expected, times);
    return [outcome, opened.facts?.(last)] as const;
  } finally {
    opened.close?.();
  }
}

function inSharedMemory(voxels: Int16Array): Int16Array {
  const shared = new Int16Array(new SharedArrayBuffer(voxels.byteLength));
  shared.set(voxels);
  return shared;
}

interface Times {
  readonly timing: Timing;
  readonly floor: Timing;
  readonly sharedFloor?: Timing;
}

/** Runs and copies of the volume in turns, so that whatever else the machine does burdens both. */
async function measureBesideFloor(
  opened: OpenContender<unknown>,
  { voxels }: BenchVolume,
  copy: Int16Array,
  shared: Int16Array | null,
  { warmUpMs, runs, limitMs }: Effort,
): Promise<Times & { readonly last: unknown }> {
  const times: number[] = [];
  const floorTimes: number[] = [];
  const sharedTimes: number[] = [];
  let last: unknown;
  const began = performance.now();
  let isWarm = false;
  while (times.length < runs) {
    if (times.length >= FEWEST_RUNS && performance.now() - began > limitMs) break;
    doing('measuring', times.length / runs);
    last = undefined; // so that two results are never held at once
    await opened.before?.();
    const started = performance.now();
    last = await opened.run();
    const ended = performance.now();
    copy.set(voxels);
    const copied = performance.now();
    if (shared) copy.set(shared);
    const copiedFromShared = performance.now();
    if (isWarm) {
      times.push(ended - started);
      floorTimes.push(copied - ended);
      sharedTimes.push(copiedFromShared - copied);
    }
    isWarm ||= copied - began >= warmUpMs;
  }
  const floors = { floor: summarize(floorTimes), ...(shared && { sharedFloor: summarize(sharedTimes) }) };
  return { timing: summarize(times), ...floors, last };
}

function stillEqual(answer: Answer, expected: Answer, times: Times): Outcome {
  const wrong = difference(answer, expected);
  if (wrong) return { status: 'wrong', reason: `equal at first, but after the last run: ${wrong}` };
  return { status: 'measured', ...times, answer: sizeOf(answer) };
}

/** Lets the page take note of the memory before the contender takes any. */
function readyToGo(): Promise<void> {
  return new Promise(resolve => {
    addEventListener('message', function onGo({ data }: MessageEvent<ToContender>) {
      if (data.type !== 'go') return;
      removeEventListener('message', onGo);
      resolve();
    });
    post({ type: 'ready' });
  });
}
