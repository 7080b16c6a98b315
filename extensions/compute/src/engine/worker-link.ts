import { UnknownVolumeError } from './engine.ts';
import type { Producer } from './kernel.ts';
import { TooLargeError } from './limits.ts';
import type { Request, Response, WorkerResult } from './messages.ts';
import { abortError, type OnProgress } from './run-control.ts';

/** What a request is before it gets its number. */
type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never;

export interface Message {
  readonly request: Unnumbered<Request>;
  readonly transfer?: Transferable[];
}

/** A worker stopped, or never started, under a request. */
export class WorkerStoppedError extends Error {
  override readonly name = 'WorkerStoppedError';
  readonly stop: Stop;
  /** The engine's first worker, which holds the volumes; otherwise one of those that help it. */
  readonly isFirst: boolean;

  constructor(stop: Stop, message: string, isFirst = true) {
    super(message);
    this.stop = stop;
    this.isFirst = isFirst;
  }
}

/** How a worker stopped. */
export interface Stop {
  readonly reason: string;
  /** What it computed with; missing where it did not compute. */
  readonly producer?: Producer;
}

/** Makes a request. It is made anew for every attempt, because what was moved to a worker is lost with it. */
export type MakeMessage = (attempt: Attempt) => Message;

export interface Attempt {
  /** How the last worker stopped under this request; missing in the first attempt. */
  readonly stopped?: Stop;
}

/** An answer, and why a worker stopped under the request before another one gave it. */
export type Answer = WorkerResult & Attempt;

export interface SendOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** The same job was tried in another way, and a worker stopped under it: that was the first attempt. */
  readonly earlier?: Attempt;
}

/** How long a worker may be silent, in milliseconds, before it is taken for dead. */
export interface Patience {
  /** While its file is loaded. */
  readonly startingMs: number;
  /** While it works on something. Longer than any run that takes no steps. */
  readonly workingMs: number;
  /** When it was asked for something, has nothing else to do, and does not even begin. */
  readonly idleMs: number;
  /** After a run was cancelled. */
  readonly cancelMs: number;
}

export const DEFAULT_PATIENCE: Patience = { startingMs: 60_000, workingMs: 60_000, idleMs: 10_000, cancelMs: 300 };

export interface LinkOptions {
  readonly startWorker: () => Worker;
  /** Workers that may stop under one request. */
  readonly attempts: number;
  readonly patience: Patience;
  /** Called with every worker that takes the place of another, before anything else is asked of it. */
  readonly restore?: () => void;
  /** Called when a worker has ended, with all that it held. */
  readonly ended?: () => void;
}

/** One worker, started at once, and replaced when it stops, hangs or vanishes as soon as there is something to do. */
export interface WorkerLink {
  /** Asks for something. */
  send(message: MakeMessage, options?: SendOptions): Promise<Answer>;
  /** Asks without caring for the answer, and not again when the worker stops. */
  post(message: () => Message): void;
  readonly isIdle: boolean;
  destroy(reason: Error): void;
}

interface Pending {
  readonly message: MakeMessage;
  readonly onProgress?: OnProgress | undefined;
  resolve(answer: Answer): void;
  reject(error: Error): void;
  /** Workers that stopped under it, and why the last one did. */
  stops: number;
  attempt: Attempt;
  begun: boolean;
  /** What computes it in the worker. */
  producer: Producer | undefined;
  /** Nobody waits for it any more; it is kept until the worker has answered. */
  cancelled: boolean;
}

/** Silence is counted in ticks, not by the clock: a page that was blocked or asleep has not listened either. */
const TICK_MS = 100;

export function createWorkerLink({ startWorker, attempts, patience, restore, ended }: LinkOptions): WorkerLink {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed: Error | undefined;
  let worker: Worker | undefined;
  /** The worker has said that its file is loaded. */
  let hasSpoken = false;
  let silentTicks = 0;
  let cancelledTicks = 0;
  let ticking: ReturnType<typeof setInterval> | undefined;

  function start(): Worker {
    const started = startWorker();
    hasSpoken = false;
    started.onmessage = ({ data }: MessageEvent<Response>) => {
      if (started === worker) hear(data);
    };
    started.onerror = event => giveUp(started, event.message || 'the worker could not be loaded');
    started.onmessageerror = () => giveUp(started, 'a message could not be read');
    return started;
  }

  function hear(response: Response): void {
    hasSpoken = true;
    silentTicks = 0;
    const waiting = pending.get(response.id);
    if (!waiting) return;
    if ('notice' in response) {
      waiting.begun = true;
      if (response.notice === 'running') waiting.producer = response.producer;
      if (response.notice === 'progress' && !waiting.cancelled) waiting.onProgress?.(response.fraction);
      return;
    }
    pending.delete(response.id);
    if (waiting.cancelled) cancelledTicks = 0;
    if (response.ok) waiting.resolve({ ...response.result, ...waiting.attempt });
    else waiting.reject(errorOf(response));
    if (pending.size === 0) stopTicking();
  }

  function tick(): void {
    silentTicks++;
    const requests = [...pending.values()];
    const isWorking = requests.some(({ begun }) => begun);
    const isCancelling = requests.some(({ begun, cancelled }) => begun && cancelled);
    cancelledTicks = isCancelling ? cancelledTicks + 1 : 0;
    if (!worker) return;
    const { startingMs, workingMs, idleMs, cancelMs } = patience;
    const limitMs = !hasSpoken ? startingMs : isWorking ? workingMs : idleMs;
    if (cancelledTicks * TICK_MS >= cancelMs) replace();
    else if (silentTicks * TICK_MS >= limitMs) giveUp(worker, `it did not answer for ${limitMs / 1000} seconds`);
  }

  function stopTicking(): void {
    clearInterval(ticking);
    ticking = undefined;
  }

  /** Ends a worker. What was under way is neither answered nor asked again yet. */
  function end(): Pending[] {
    worker?.terminate();
    worker = undefined;
    silentTicks = 0;
    cancelledTicks = 0;
    stopTicking();
    const interrupted = [...pending.values()];
    pending.clear();
    ended?.();
    return interrupted;
  }

  /** Ends a worker that goes on with a cancelled run, and asks a new one for the rest. */
  function replace(): void {
    for (const waiting of end()) if (!waiting.cancelled) post(waiting);
  }

  /** Ends a worker that stopped, and posts what was under way to a new one, in the same order. */
  function giveUp(stopped: Worker, reason: string): void {
    if (stopped !== worker) return; // a late report of a worker that was replaced already
    const wasLoaded = hasSpoken;
    const interrupted = end();
    // What had begun is to blame, or else what was next. A worker that never loads fails everything.
    const begun = interrupted.filter(waiting => waiting.begun);
    const next = interrupted.filter(waiting => waiting.stops < attempts).slice(0, 1);
    const blamed = !wasLoaded ? interrupted : begun.length > 0 ? begun : next;
    for (const waiting of blamed) {
      waiting.stops++;
      const { producer } = waiting;
      waiting.attempt = { stopped: { reason, ...(waiting.begun && producer && { producer }) } };
    }
    for (const waiting of interrupted) {
      if (waiting.cancelled) continue;
      if (waiting.stops < attempts) post(waiting);
      else waiting.reject(new WorkerStoppedError(waiting.attempt.stopped ?? { reason }, finalMessage(reason)));
    }
  }

  /** The worker, a new one with the same volumes if the last one stopped. */
  function runningWorker(): Worker {
    if (worker) return worker;
    const started = start();
    worker = started;
    restore?.();
    return started;
  }

  function post(waiting: Pending): void {
    waiting.begun = false;
    waiting.producer = undefined;
    try {
      if (closed) throw closed;
      const { request, transfer = [] } = waiting.message(waiting.attempt);
      const running = runningWorker();
      const id = nextId++;
      running.postMessage({ ...request, id } as Request, transfer);
      if (pending.size === 0) silentTicks = 0;
      pending.set(id, waiting);
      ticking ??= setInterval(tick, TICK_MS);
    } catch (error) {
      waiting.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function cancel(waiting: Pending): void {
    for (const [id, candidate] of pending) {
      if (candidate !== waiting) continue;
      waiting.cancelled = true;
      worker?.postMessage({ id, type: 'cancel' } satisfies Request);
    }
    waiting.reject(abortError());
  }

  function send(message: MakeMessage, { signal, onProgress, earlier }: SendOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      if (signal?.aborted) return reject(abortError());
      const onAbort = () => cancel(waiting);
      const forget = () => signal?.removeEventListener('abort', onAbort);
      const waiting: Pending = {
        message,
        onProgress,
        resolve(answer) {
          forget();
          resolve(answer);
        },
        reject(error) {
          forget();
          reject(error);
        },
        stops: earlier ? 1 : 0,
        attempt: earlier ?? {},
        begun: false,
        producer: undefined,
        cancelled: false,
      };
      signal?.addEventListener('abort', onAbort);
      post(waiting);
    });
  }

  worker = start();
  return {
    send,
    post(message) {
      const ignore = () => {};
      const waiting = { message, resolve: ignore, reject: ignore, stops: attempts, attempt: {} };
      post({ ...waiting, begun: false, producer: undefined, cancelled: false });
    },
    get isIdle() {
      return pending.size === 0;
    },
    destroy(reason) {
      closed = reason;
      for (const { reject, cancelled } of end()) if (!cancelled) reject(reason);
    },
  };
}

function errorOf({ message, kind }: Extract<Response, { ok: false }>): Error {
  if (kind === 'too large') return new TooLargeError(message);
  return kind ? new UnknownVolumeError(kind.unknownVolumeId) : new Error(message);
}

const finalMessage = (reason: string) =>
  `The compute worker stopped again and again (${reason}). Reload the page to try again.`;
