import type { Kernel, Producer, RunOptions } from './kernel.ts';

/**
 * Splitting costs messages and a merge, and pays only where another core is free. Measured in Chromium on connected
 * components, when it was not (two cores, both taken by other programs): 512 x 512 x 64 by WASM 9 ms alone and 11 ms on
 * two slabs, 512 x 512 x 256 40 and 62 ms, its TypeScript twin 139 and 184 ms; on noise, where there is most to merge, 33
 * and 73 ms for 64 slices. So fast kernels are never split, and every machine finds out for itself about the slow ones.
 */

/** A run that takes less alone is not worth splitting: at best half of this is won, and it could be lost. */
export const SPLIT_FROM_MS = 100;
/** Of a kernel of unknown speed so many bytes are split at once, as a slow one would take seconds. */
export const SPLIT_FROM_BYTES = 2 ** 28;
/** A split run that takes longer than this owes little of it to splitting, so comparing it with one worker can wait. */
const CERTAIN_MS = 1000;
/** After as many runs the way that looked slower is tried again, then after twice as many: a busy moment must not decide. */
const FIRST_RETRY_RUNS = 16;

/** The fastest of so many latest runs counts, as a busy machine only ever makes a run slower. */
const LATEST_RUNS = 3;

interface Known {
  /** Milliseconds per megabyte of the latest runs, newest first. */
  readonly alone: number[];
  readonly split: number[];
  /** What the worker chose when it was alone. */
  producer?: Producer;
  /** Runs until the next retry, and between that and the one before. */
  untilRetry: number;
  pause: number;
}

const unknown = (): Known => ({ alone: [], split: [], untilRetry: FIRST_RETRY_RUNS, pause: FIRST_RETRY_RUNS });

type Asked = Pick<RunOptions, 'producer' | 'prefer'>;

/** Finds out for each kernel whether several workers are faster than one. Never assumes it of a GPU, which is one. */
export class SplitDecision {
  /** By kernel and by what was asked for: a forced run says nothing about what is best when nothing is asked. */
  private readonly knownRuns = new Map<string, Known>();
  private readonly always: boolean;

  /** @param always splits whatever can be split, for tests and benchmarks */
  constructor(always = false) {
    this.always = always;
  }

  /** Options for the workers of a split run, or null where one worker should do it. */
  decide<Parameters, Output>(
    { name, slabs, producers }: Kernel<Parameters, Output>,
    bytes: number,
    parameters: Parameters,
    { producer: forced, prefer }: Asked,
  ): Asked | null {
    if (!slabs || slabs.canSplit?.(parameters) === false) return null;
    if (forced === 'webgl2' || prefer === 'webgl2') return null;
    const asked = { ...(forced && { producer: forced }), ...(prefer && { prefer }) };
    if (this.always) return asked;
    const known = this.known(name, asked);
    const isAsked = forced !== undefined || prefer !== undefined;
    const megabytes = bytes / 1e6;
    const isAloneKnown = known.alone.length > 0;
    const isSplitKnown = known.split.length > 0;
    const aloneMs = Math.min(...known.alone) * megabytes;
    const splitMs = Math.min(...known.split) * megabytes;

    if (!isAloneKnown && !isSplitKnown) {
      // Where there may be a GPU, one worker alone finds out first.
      return bytes >= SPLIT_FROM_BYTES && (isAsked || !producers.webgl2) ? asked : null;
    }
    const isRetry = isRetryDue(known);
    if (!isAloneKnown) return splitMs > CERTAIN_MS && !isRetry ? asked : null;
    if (known.producer === 'webgl2' && !isAsked) return null;
    if (aloneMs < SPLIT_FROM_MS) return null;
    const options = isAsked ? asked : { ...(known.producer && { prefer: known.producer }) };
    const isSplitBetter = !isSplitKnown || splitMs < aloneMs;
    return isSplitBetter !== isRetry ? options : null;
  }

  /** Learns from a run that waited for nothing else. */
  observe(name: string, asked: Asked, workers: number, bytes: number, milliseconds: number, producer: Producer): void {
    const known = this.known(name, asked);
    const latest = workers > 1 ? known.split : known.alone;
    latest.unshift((milliseconds * 1e6) / bytes);
    latest.splice(LATEST_RUNS);
    if (workers === 1) known.producer = producer;
  }

  private known(name: string, { producer, prefer }: Asked): Known {
    const key = `${name}/${producer ?? prefer ?? 'automatic'}`;
    const known = this.knownRuns.get(key) ?? unknown();
    this.knownRuns.set(key, known);
    return known;
  }
}

/** Counts a run down. */
function isRetryDue(known: Known): boolean {
  if (--known.untilRetry > 0) return false;
  known.pause *= 2;
  known.untilRetry = known.pause;
  return true;
}
