import type { Steps } from '../twins/steps.ts';

/** What a long run asks between its steps: chunks, tiles, rounds of an iteration. */
export interface RunControl {
  /** Aborted when the run is cancelled; for producers that wait, such as for a GPU. */
  readonly signal: AbortSignal;
  /**
   * Says how much is done, lets the thread hear a cancellation, and ends a cancelled run. Await it between steps, after
   * every few milliseconds of work: it is cheap, and only now and then really waits. A run that says nothing for a
   * minute is taken for dead.
   * @throws AbortError when the run was cancelled; let it pass
   */
  step(done: number, total: number): Promise<void>;
  /**
   * Says that the run is alive while it waits, such as for a GPU. Call it every few milliseconds of waiting.
   * @throws AbortError when the run was cancelled; let it pass
   */
  waiting(): void;
}

/** Where a run stands, from 0 to 1. */
export type OnProgress = (fraction: number) => void;

/** Between two reports of progress. */
export const PROGRESS_MS = 100;
/** A thread that computes hears of a cancellation at least this often, as far as the run takes steps. */
const LISTEN_MS = 40;

export function abortError(): DOMException {
  return new DOMException('The computation was cancelled.', 'AbortError');
}

export function isAbortError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

/** A run that begins anew, in another worker or by another producer, does not go back in what it reports. */
export function risingProgress(onProgress: OnProgress): OnProgress {
  let highest = 0;
  return fraction => {
    highest = Math.max(highest, Math.min(1, fraction));
    onProgress(highest);
  };
}

/** The promise, or an AbortError as soon as the signal is aborted. */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return promise;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortError());
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Control of one run. Steps count from 0 again when another producer takes over; what is reported never goes back. */
export function createRunControl({
  signal = new AbortController().signal,
  onProgress,
}: {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}): RunControl {
  let listenedAt = performance.now();
  let reportedAt = listenedAt;
  const rising = onProgress && risingProgress(onProgress);
  let fraction = 0;
  const report = (now: number) => {
    if (now - reportedAt < PROGRESS_MS) return;
    reportedAt = now;
    rising?.(fraction);
  };
  return {
    signal,
    waiting() {
      if (signal.aborted) throw abortError();
      report(performance.now());
    },
    async step(done, total) {
      if (signal.aborted) throw abortError();
      fraction = total > 0 ? done / total : 0;
      const now = performance.now();
      report(now);
      if (now - listenedAt < LISTEN_MS) return;
      await nextTask();
      listenedAt = performance.now();
      if (signal.aborted) throw abortError();
    },
  };
}

/** The control of a part of a run, in which the whole goes from one fraction to another. */
export function partOf(control: RunControl | undefined, from: number, to: number): RunControl | undefined {
  return (
    control && {
      ...control,
      step: (done, total) => control.step(from + (to - from) * (total > 0 ? done / total : 0), 1),
    }
  );
}

/** Makes the steps of a computation those of a run. */
export async function takeSteps<Result>(steps: Steps<Result>, control: RunControl | undefined): Promise<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await control?.step(value, 1);
  }
}

/** Lets messages that have arrived be handled. A timer would take four milliseconds in a browser. */
export function nextTask(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
