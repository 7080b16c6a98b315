import { type Bounds, boundsOf, expectedMs, isTiming, type Timing, withTiming } from './time-bounds.ts';

/** What a run of a part of a volume, or of all of it, took. */
export interface TimedRun {
  readonly bytes: number;
  /** Megabytes of voxels, times the kernel's work per voxel. */
  readonly work: number;
  /** Without the upload. */
  readonly runMs: number;
  /** 0 where nothing was uploaded. */
  readonly uploadMs: number;
}

/** The fastest of so many latest runs counts: something else that kept the machine busy only ever makes a run slower. */
const LATEST_RUNS = 3;
/** So many runs in a row that take longer than the samples allow are no accident. */
const SLOW_RUNS = 2;
/** What leaves its bounds by more than this says that the machine is not what it was. */
const CHANGED_TIMES = 1.5;

/** What is known of one producer on this machine, for jobs of one kind. */
export class ProducerTimes {
  private readonly slackMs: number;
  /** Of parts of volumes. */
  private samples: readonly Timing[] = [];
  /** By megabytes of voxels. */
  private uploads: readonly Timing[] = [];
  /** The latest of whole volumes, by powers of two of their work. */
  private readonly whole = new Map<number, readonly Timing[]>();
  /** The latest of whole volumes, as long as they took longer than they should. */
  private slow: readonly Timing[] = [];
  /** The samples were timed again since then, and were what they had been. */
  private isChecked = false;
  /** From so much work on, whole volumes are slower than their parts let expect, as where they do not fit the device. */
  private unlikeFrom = Number.POSITIVE_INFINITY;

  /** Bytes of the largest part that was asked for. A volume may have no part of just this size. */
  askedBytes = 0;

  /** @param slackMs by which any timing may be off, whatever its length */
  constructor(slackMs: number) {
    this.slackMs = slackMs;
  }

  get isKnown(): boolean {
    return this.samples.length > 0 || this.whole.size > 0;
  }

  /** Of a run, without the upload. */
  bounds(work: number): Bounds {
    return boundsOf(work, this.timings(work), this.slackMs);
  }

  /** Of a run, without the upload. */
  expectedMs(work: number): number {
    return expectedMs(work, this.timings(work));
  }

  uploadBounds(bytes: number): Bounds {
    if (this.uploads.length === 0) return { leastMs: 0, mostMs: 0 };
    return boundsOf(bytes / 1e6, this.uploads, this.slackMs);
  }

  /** Learns from a part of a volume. Where that takes much longer or shorter than it did, so does everything else. */
  addSample(run: TimedRun, askedBytes: number): void {
    const { leastMs, mostMs } = boundsOf(run.work, this.samples, this.slackMs);
    if (run.runMs > mostMs * CHANGED_TIMES || run.runMs * CHANGED_TIMES < leastMs) {
      this.scale((run.runMs + this.slackMs) / (expectedMs(run.work, this.samples) + this.slackMs));
    }
    this.askedBytes = Math.max(this.askedBytes, askedBytes);
    this.samples = withTiming(this.samples, { work: run.work, ms: run.runMs });
    this.addUpload(run);
  }

  /**
   * Learns from a whole volume.
   * @returns true when such runs take so long, again and again, that the samples should be timed again
   */
  addWhole(run: TimedRun): boolean {
    const timing: Timing = { work: run.work, ms: run.runMs };
    const key = Math.round(Math.log2(run.work));
    this.addUpload(run);
    if (run.runMs <= CHANGED_TIMES * this.bounds(run.work).mostMs) {
      this.slow = [];
      this.isChecked = false;
      this.whole.set(key, [timing, ...(this.whole.get(key) ?? [])].slice(0, LATEST_RUNS));
      return false;
    }
    this.slow = [timing, ...this.slow];
    if (this.slow.length < SLOW_RUNS) return false;
    const isChecked = this.isChecked;
    if (isChecked) {
      this.whole.set(key, this.slow);
      this.unlikeFrom = Math.min(this.unlikeFrom, run.work / Math.SQRT2);
    }
    this.slow = [];
    this.isChecked = true;
    return !isChecked;
  }

  /** For the next visit: what parts took, from which everything else is found out again. */
  toJson(): unknown {
    return { samples: this.samples, uploads: this.uploads, askedBytes: this.askedBytes };
  }

  /** What was kept, or null when it is malformed. */
  static fromJson(stored: unknown, slackMs: number): ProducerTimes | null {
    if (typeof stored !== 'object' || stored === null) return null;
    const { samples, uploads, askedBytes } = stored as { readonly [field: string]: unknown };
    if (!areTimings(samples) || !areTimings(uploads) || samples.length === 0) return null;
    if (typeof askedBytes !== 'number' || !(askedBytes >= 0)) return null;
    return Object.assign(new ProducerTimes(slackMs), { samples, uploads, askedBytes });
  }

  private scale(times: number): void {
    const scaled = (timings: readonly Timing[]) => timings.map(({ work, ms }) => ({ work, ms: ms * times }));
    this.samples = scaled(this.samples);
    for (const [key, timings] of this.whole) this.whole.set(key, scaled(timings));
    this.slow = [];
    this.isChecked = false;
  }

  private addUpload({ bytes, uploadMs }: TimedRun): void {
    // A resident volume uploads nothing, which says nothing about what an upload takes.
    if (uploadMs > 0) this.uploads = withTiming(this.uploads, { work: bytes / 1e6, ms: uploadMs });
  }

  /** What says something about runs of so much work. */
  private timings(work: number): Timing[] {
    const fastest = (runs: readonly Timing[]) => runs.reduce((a, b) => (b.ms / b.work < a.ms / a.work ? b : a));
    const all = [...this.samples, ...[...this.whole.values()].map(fastest)];
    const isUnlike = work >= this.unlikeFrom;
    return all.filter(timing => timing.work >= this.unlikeFrom === isUnlike);
  }
}

function areTimings(value: unknown): value is readonly Timing[] {
  return Array.isArray(value) && value.every(isTiming);
}
