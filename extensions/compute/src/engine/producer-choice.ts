import { type Cost, correctedBy, predictMs } from './cost.ts';
import { PRODUCER_ORDER, type Producer } from './kernel.ts';

/** What is known of one producer of a kernel on this machine. */
interface Record {
  /** As expected from samples; its growing part is replaced by what real runs took. */
  readonly sampled: Cost;
  /** The least that it may be: what the samples allow, given their noise, and later the fastest real run ever. */
  readonly optimistic: Cost;
  /** Runs on whole volumes. */
  readonly tries: number;
  /** The fastest of the latest real runs, as a cost. Missing until there was one. */
  readonly seen?: Cost;
}

/** A run on a whole volume. */
export interface RealRun {
  readonly bytes: number;
  readonly runMs: number;
  readonly uploadMs: number;
}

/** The fastest of so many latest runs counts: something else that kept the machine busy only ever makes a run slower. */
const LATEST_RUNS = 3;
/** Another producer is tried when it may take less than this part of what the chosen one takes. */
const WORTH_TRYING = 1 / 1.5;
/** Its own time must not be expected to be more than so many times that of the chosen one... */
const MOST_TIMES_SLOWER = 8;
/** ...unless it is short anyway. */
const SHORT_MS = 2000;
/** Runs until a producer that was tried for nothing is tried again; twice as many each time. */
const FIRST_PAUSE_RUNS = 16;
const MOST_DOUBLINGS = 8;
/** After as many real runs, what the samples left room for is forgotten. One alone may have met a busy moment. */
const TRIES_TO_BELIEVE = 2;

interface Session {
  latest: RealRun[];
  /** The run in which it was last tried. */
  lastRun: number;
  /** How often it was tried although another one was expected to be faster. */
  explorations: number;
}

/**
 * Chooses among a kernel's producers. Samples are far smaller than volumes, so what they say can be wrong by a lot, in
 * both directions. A producer that was taken to be fast is corrected by its first real run. One that was taken to be slow
 * would never be run, so it is tried as long as its samples leave room for it to be clearly the faster one; and one that
 * was slow in a busy moment is tried again later, ever more seldom.
 */
export class ProducerChoice {
  private readonly records = new Map<Producer, Record>();
  private readonly sessions = new Map<Producer, Session>();
  private runs = 0;

  isKnown(producer: Producer): boolean {
    return this.records.has(producer);
  }

  learn(producer: Producer, sampled: Cost, optimistic: Cost): void {
    this.records.set(producer, { sampled, optimistic, tries: 0 });
  }

  /** Learns from a run on a whole volume. False when that says nothing new. */
  observe(producer: Producer, run: RealRun): boolean {
    const record = this.records.get(producer);
    if (!record) return false;
    const session = this.session(producer);
    session.latest = [...session.latest.slice(1 - LATEST_RUNS), run];
    session.lastRun = this.runs;
    const fastest = session.latest.reduce((a, b) => (b.runMs / b.bytes < a.runMs / a.bytes ? b : a));
    const upload = session.latest.find(({ uploadMs }) => uploadMs > 0) ?? fastest;
    const seen = correctedBy(record.sampled, {
      ...fastest,
      uploadMs: (upload.uploadMs * fastest.bytes) / upload.bytes,
    });
    const tries = record.tries + 1;
    const faster = predictMs(seen, run.bytes) < predictMs(record.optimistic, run.bytes) ? seen : record.optimistic;
    this.records.set(producer, { ...record, seen, tries, optimistic: tries === TRIES_TO_BELIEVE ? seen : faster });
    if (!record.seen || record.tries < TRIES_TO_BELIEVE) return true;
    const change = predictMs(seen, run.bytes) / predictMs(record.seen, run.bytes);
    return change > 1.5 || change < 1 / 1.5;
  }

  /** Fastest first, as far as is known; now and then one first that may be. Called once for every run. */
  order(usable: readonly Producer[], bytes: number): Producer[] {
    this.runs++;
    const expected = (producer: Producer): number => {
      const record = this.records.get(producer);
      if (record) return predictMs(record.seen ?? record.sampled, bytes);
      return producer === 'webgl2' ? Number.POSITIVE_INFINITY : Number.MAX_VALUE; // a GPU of unknown speed comes last
    };
    const ordered = [...usable].sort((a, b) => (expected(a) < expected(b) ? -1 : Number(expected(a) > expected(b))));
    const [first] = ordered;
    // What the first one takes has to be seen before anything is compared with it.
    if (!first || !this.records.get(first)?.seen) return ordered;
    const tried = ordered
      .slice(1)
      .find(producer => this.isWorthTrying(producer, expected(producer), expected(first), bytes));
    if (!tried) return ordered;
    this.session(tried).explorations++;
    this.session(tried).lastRun = this.runs;
    return [tried, ...ordered.filter(producer => producer !== tried)];
  }

  /** For the next visit. */
  toJson(): string {
    return JSON.stringify(Object.fromEntries(this.records));
  }

  /** What was kept, as far as it is well formed. */
  static fromJson(text: string | null): ProducerChoice {
    const choice = new ProducerChoice();
    let stored: unknown = null;
    try {
      stored = JSON.parse(text ?? 'null');
    } catch {
      // measured again
    }
    if (typeof stored !== 'object' || stored === null) return choice;
    for (const producer of PRODUCER_ORDER) {
      const record = (stored as { readonly [key: string]: unknown })[producer];
      if (isRecord(record)) choice.records.set(producer, record);
    }
    return choice;
  }

  private isWorthTrying(producer: Producer, expectedMs: number, firstMs: number, bytes: number): boolean {
    const record = this.records.get(producer);
    if (!record || expectedMs > Math.max(MOST_TIMES_SLOWER * firstMs, SHORT_MS)) return false;
    if (predictMs(record.optimistic, bytes) > firstMs * WORTH_TRYING) return false;
    if (record.tries === 0) return true;
    const { explorations, lastRun } = this.session(producer);
    return this.runs - lastRun >= FIRST_PAUSE_RUNS * 2 ** Math.min(explorations, MOST_DOUBLINGS);
  }

  private session(producer: Producer): Session {
    const session = this.sessions.get(producer) ?? { latest: [], lastRun: this.runs, explorations: 0 };
    this.sessions.set(producer, session);
    return session;
  }
}

function isRecord(value: unknown): value is Record {
  if (typeof value !== 'object' || value === null) return false;
  const { sampled, optimistic, tries, seen } = value as { readonly [field in keyof Record]?: unknown };
  const areCosts = isCost(sampled) && isCost(optimistic) && (seen === undefined || isCost(seen));
  return areCosts && typeof tries === 'number' && Number.isInteger(tries) && tries >= 0;
}

function isCost(value: unknown): value is Cost {
  if (typeof value !== 'object' || value === null) return false;
  return ['fixedMs', 'msPerMegabyte', 'uploadMsPerMegabyte'].every(field => {
    const number = (value as { readonly [key: string]: unknown })[field];
    return typeof number === 'number' && Number.isFinite(number) && number >= 0;
  });
}
