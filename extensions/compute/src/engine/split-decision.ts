import type { Kernel, Producer, RunOptions } from './kernel.ts';

/**
 * A kernel of unknown speed is split from this size on: dividing, asking twice and merging cost a few milliseconds, and
 * the slowest copy of so many bytes that was measured takes more.
 */
export const SPLIT_FROM_BYTES = 64 * 2 ** 20;
/** A run that takes less alone is not worth a message and a merge. */
export const SPLIT_FROM_MS = 25;
/** A split run that takes longer than this owes little of it to splitting, so comparing it with one worker can wait. */
const CERTAIN_MS = 1000;
/** As often, the way that looked slower is tried again: a busy moment must not decide for good. */
const RETRY_RUNS = 16;

interface Speed {
  readonly msPerMegabyte: number;
}

interface Known {
  alone?: Speed;
  /** What the worker chose when it was alone. */
  producer?: Producer;
  split?: Speed;
  runs: number;
}

/** Finds out for each kernel whether several workers are faster than one. Never assumes it of a GPU, which is one. */
export class SplitDecision {
  private readonly known = new Map<string, Known>();
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
    { producer: forced, prefer }: RunOptions,
  ): Pick<RunOptions, 'producer' | 'prefer'> | null {
    if (!slabs || slabs.canSplit?.(parameters) === false) return null;
    if (forced === 'webgl2' || prefer === 'webgl2') return null;
    const asked = { ...(forced && { producer: forced }), ...(prefer && { prefer }) };
    if (this.always) return asked;
    const known = this.known.get(name) ?? { runs: 0 };
    known.runs++;
    this.known.set(name, known);
    const isAsked = forced !== undefined || prefer !== undefined;
    const megabytes = bytes / 1e6;
    const { alone, split, producer } = known;

    if (!alone && !split) {
      // Where there may be a GPU, one worker alone finds out first.
      return bytes >= SPLIT_FROM_BYTES && (isAsked || !producers.webgl2) ? asked : null;
    }
    const isRetry = known.runs % RETRY_RUNS === 0;
    if (!alone) return split!.msPerMegabyte * megabytes > CERTAIN_MS && !isRetry ? asked : null;
    if (producer === 'webgl2' && !isAsked) return null;
    if (alone.msPerMegabyte * megabytes < SPLIT_FROM_MS) return null;
    const options = isAsked ? asked : { ...(producer && { prefer: producer }) };
    const isSplitBetter = !split || split.msPerMegabyte < alone.msPerMegabyte;
    return isSplitBetter !== isRetry ? options : null;
  }

  /** Learns from a run that waited for nothing else. */
  observe(name: string, workers: number, bytes: number, milliseconds: number, producer: Producer): void {
    const known = this.known.get(name) ?? { runs: 0 };
    this.known.set(name, known);
    const speed = { msPerMegabyte: (milliseconds * 1e6) / bytes };
    if (workers > 1) known.split = speed;
    else {
      known.alone = speed;
      known.producer = producer;
    }
  }
}
