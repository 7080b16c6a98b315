import { PRODUCER_ORDER, type Producer } from './kernel.ts';
import { ProducerTimes, type TimedRun } from './producer-times.ts';
import type { Bounds } from './time-bounds.ts';

/** What is about to be run. */
export interface Job {
  readonly bytes: number;
  /** Megabytes of voxels, times the kernel's work per voxel. */
  readonly work: number;
  /** The volume, as it is told from others. */
  readonly volume: object;
  /** Producers that would have to take the volume to their device first. */
  readonly uploading: readonly Producer[];
}

/** A part of a job's volume on which a producer is to be timed, twice. */
export interface SampleOrder {
  readonly producer: Producer;
  readonly bytes: number;
}

const SMALLEST_SAMPLE_BYTES = 1 << 14;
/** Of two runs the faster one counts. */
export const SAMPLE_RUNS = 2;
/** Larger than the sample before by one of these factors, the largest that there is time for. */
const SAMPLE_GROWTH = [16, 4] as const;
/** A choice that costs at most so many times the best one is good enough. */
const GOOD_TIMES = 2;
/** Time of all samples before the first job of a size: so much, or as long as its run takes where that is more... */
const TOTAL_MS = 150;
/** ...and as long as that was not enough, this part of what runs take. */
const LATER_PART = 0.1;

/** Waiting for a device goes in steps of browser timers, and clocks of some browsers tick in milliseconds. */
const DEVICE_SLACK_MS = 4;
const CLOCK_SLACK_MS = 0.2;
const slackOf = (producer: Producer) => (producer === 'webgl2' ? DEVICE_SLACK_MS : CLOCK_SLACK_MS);

/** After so many runs in all the samples are timed again, because a busy moment may have decided; then after twice as many. */
const FIRST_PAUSE_RUNS = 16;
/** They are timed again when runs take longer than they should, too, but not sooner than after so many, then twice as many. */
const FIRST_SURPRISE_PAUSE_RUNS = 4;
const LONGEST_PAUSE_RUNS = 4096;

/**
 * Chooses among a kernel's producers for jobs of one kind, so that no run takes more than twice as long as it had to. What
 * is not known is found out on parts of the volume, in little time; no run is made for a try. A part is followed by a
 * larger one until no other producer can be more than twice as fast as the chosen one, whatever their times grow with.
 * Runs on whole volumes narrow what is known of the chosen one.
 *
 * A device that has to be given the volume first gets it when that pays for this run alone, or as soon as runs without it
 * have lost as much time as giving it takes: over all runs that is at most twice what the best choice would have taken.
 */
export class ProducerChoice {
  private readonly times = new Map<Producer, ProducerTimes>();
  /** Producers whose largest sample is to be timed again. */
  private readonly doubted = new Set<Producer>();
  /** Producers of which no part can be timed. */
  private readonly uncuttable = new Set<Producer>();
  /** What runs of a volume took longer for not having it on a device. */
  private readonly lostMs = new WeakMap<object, number>();
  /** Time spent on samples, less what runs have earned for more of them, by powers of two of the jobs' work. */
  private readonly spentMs = new Map<number, number>();
  private runs = 0;
  private pauseRuns = FIRST_PAUSE_RUNS;
  private nextDoubt = FIRST_PAUSE_RUNS;
  private surprisePauseRuns = FIRST_SURPRISE_PAUSE_RUNS;
  private nextSurprise = 0;

  isKnown(producer: Producer): boolean {
    return this.times.get(producer)?.isKnown === true;
  }

  /** What to time next before this job, or null when enough is known, or there is no time for more. */
  nextSample(usable: readonly Producer[], job: Job): SampleOrder | null {
    // The GPU last: with what the others take, it is known how much time there is.
    const candidates = [...usable].sort((a, b) => Number(a === 'webgl2') - Number(b === 'webgl2'));
    const unknown = candidates.find(producer => !this.isKnown(producer) && !this.uncuttable.has(producer));
    if (unknown) return { producer: unknown, bytes: SMALLEST_SAMPLE_BYTES };
    const known = candidates.filter(producer => this.isKnown(producer));
    const [first] = this.ranked(known, job);
    if (!first) return null;
    const leftMs = Math.max(TOTAL_MS, this.expectedMs(first, job)) - (this.spentMs.get(sizeOf(job)) ?? 0);
    const doubted = known.filter(producer => this.doubted.has(producer));
    if (doubted[0]) return this.sampleAgain(doubted[0], job, leftMs / doubted.length);
    // Both as the volume lies now, and as it will lie when it was taken to a device.
    for (const one of [job, { ...job, uploading: [] }]) {
      const orders = this.undecided(known, one).flatMap(producer => this.largerSample(producer, one, leftMs) ?? []);
      const promise = (order: SampleOrder) => this.doubtOf(order.producer, one) / this.sampleMs(order, one);
      const [next] = orders.sort((a, b) => promise(b) - promise(a));
      if (next) return next;
    }
    return null;
  }

  /** Learns from a sample, which took so long in all. */
  learn({ producer, bytes }: SampleOrder, job: Job, run: TimedRun, spentMs: number): void {
    this.spentMs.set(sizeOf(job), (this.spentMs.get(sizeOf(job)) ?? 0) + spentMs);
    const times = this.times.get(producer) ?? new ProducerTimes(slackOf(producer));
    this.times.set(producer, times);
    this.doubted.delete(producer);
    times.addSample(run, bytes);
  }

  /** No part of such jobs can be timed. */
  cannotCut(producer: Producer): void {
    this.uncuttable.add(producer);
    this.doubted.delete(producer);
  }

  /** Best first, as far as is known. Called once for every run. */
  order(usable: readonly Producer[], job: Job): Producer[] {
    this.runs++;
    if (this.runs >= this.nextDoubt) this.doubt();
    const ranked = this.ranked(usable, job);
    const [first] = ranked;
    if (!first) return ranked;
    const uploading = job.uploading.find(producer => usable.includes(producer) && this.isKnown(producer));
    if (!uploading || first === uploading) {
      this.lostMs.delete(job.volume);
      return ranked;
    }
    const resident = { ...job, uploading: [] };
    const uploadMs = this.bounds(uploading, job).mostMs - this.bounds(uploading, resident).mostMs;
    const lost =
      (this.lostMs.get(job.volume) ?? 0) +
      this.bounds(first, resident).mostMs -
      this.bounds(uploading, resident).mostMs;
    this.lostMs.set(job.volume, Math.max(0, lost));
    if (lost < uploadMs) return ranked;
    this.lostMs.delete(job.volume);
    return [uploading, ...ranked.filter(producer => producer !== uploading)];
  }

  /** Learns from a run on a whole volume. */
  observe(producer: Producer, run: TimedRun): void {
    const times = this.times.get(producer) ?? new ProducerTimes(slackOf(producer));
    this.times.set(producer, times);
    const spentMs = this.spentMs.get(sizeOf(run)) ?? 0;
    this.spentMs.set(sizeOf(run), Math.max(0, spentMs - LATER_PART * run.runMs));
    if (!times.addWhole(run) || this.runs < this.nextSurprise) return;
    this.nextSurprise = this.runs + this.surprisePauseRuns;
    this.surprisePauseRuns *= 2;
    this.doubt();
  }

  /** For the next visit. */
  toJson(): string {
    return JSON.stringify(Object.fromEntries([...this.times].map(([producer, times]) => [producer, times.toJson()])));
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
      const times = ProducerTimes.fromJson(
        (stored as { readonly [key: string]: unknown })[producer],
        slackOf(producer),
      );
      if (times) choice.times.set(producer, times);
    }
    return choice;
  }

  /** The best one and those that may be more than twice as fast; nobody when there are none of these. */
  private undecided(known: readonly Producer[], job: Job): Producer[] {
    const [first] = this.ranked(known, job);
    if (!first) return [];
    const { mostMs } = this.bounds(first, job);
    const rivals = known.filter(
      producer => producer !== first && GOOD_TIMES * this.bounds(producer, job).leastMs < mostMs,
    );
    return rivals.length > 0 ? [first, ...rivals] : [];
  }

  /** The largest part that there is time for, or null when there is none that says more than the largest so far. */
  private largerSample(producer: Producer, job: Job, leftMs: number): SampleOrder | null {
    const { bytes } = job;
    const times = this.times.get(producer)!;
    if (times.askedBytes >= bytes || this.uncuttable.has(producer)) return null;
    for (const growth of SAMPLE_GROWTH) {
      const order = { producer, bytes: Math.min(bytes, times.askedBytes * growth) };
      if (this.sampleMs(order, job) <= leftMs) return order;
    }
    return null;
  }

  /** The largest part of those that were timed already for which there is time, and in any case the smallest. */
  private sampleAgain(producer: Producer, job: Job, leftMs: number): SampleOrder {
    let bytes = Math.max(SMALLEST_SAMPLE_BYTES, this.times.get(producer)?.askedBytes ?? 0);
    while (bytes > SMALLEST_SAMPLE_BYTES && this.sampleMs({ producer, bytes }, job) > leftMs) bytes /= 4;
    return { producer, bytes: Math.max(SMALLEST_SAMPLE_BYTES, bytes) };
  }

  /** How little is known of a run: 0 when its bounds are one. */
  private doubtOf(producer: Producer, job: Job): number {
    const { leastMs, mostMs } = this.bounds(producer, job);
    return Math.log(mostMs / Math.max(leastMs, 0.1));
  }

  /** What timing a sample should take. */
  private sampleMs({ producer, bytes }: SampleOrder, job: Job): number {
    const times = this.times.get(producer)!;
    const runMs = times.expectedMs((job.work * bytes) / job.bytes);
    return SAMPLE_RUNS * runMs + times.uploadBounds(bytes).leastMs;
  }

  /** By the most that they may take: nothing is gained by hoping. */
  private ranked(usable: readonly Producer[], job: Job): Producer[] {
    const most = new Map(usable.map(producer => [producer, this.bounds(producer, job).mostMs]));
    return [...usable].sort((a, b) => {
      const [mostA, mostB] = [most.get(a)!, most.get(b)!];
      return mostA < mostB ? -1 : Number(mostA > mostB);
    });
  }

  private bounds(producer: Producer, job: Job): Bounds {
    const times = this.times.get(producer);
    if (!times?.isKnown) {
      // A GPU of unknown speed comes last.
      return { leastMs: 0, mostMs: producer === 'webgl2' ? Number.POSITIVE_INFINITY : Number.MAX_VALUE };
    }
    const run = times.bounds(job.work);
    if (!job.uploading.includes(producer)) return run;
    const upload = times.uploadBounds(job.bytes);
    return { leastMs: run.leastMs + upload.leastMs, mostMs: run.mostMs + upload.mostMs };
  }

  private expectedMs(producer: Producer, { work }: Job): number {
    return this.times.get(producer)?.expectedMs(work) ?? Number.POSITIVE_INFINITY;
  }

  /** Has the samples of all producers timed again, at the same time: only what was timed side by side can be compared. */
  private doubt(): void {
    for (const [producer, { isKnown }] of this.times) {
      if (isKnown && !this.uncuttable.has(producer)) this.doubted.add(producer);
    }
    this.spentMs.clear();
    this.nextDoubt = this.runs + this.pauseRuns;
    this.pauseRuns = Math.min(LONGEST_PAUSE_RUNS, 2 * this.pauseRuns);
  }
}

function sizeOf({ work }: Pick<Job, 'work'>): number {
  return Math.round(Math.log2(work));
}
