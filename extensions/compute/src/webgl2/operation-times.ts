import type { TimerQuery } from './timer-query.ts';

/** Where an operation's time went. */
export interface TimeSplit {
  readonly uploadMs: number;
  readonly computeMs: number;
  readonly readbackMs: number;
  /** 'device' where the GPU itself timed all passes. */
  readonly clock: 'device' | 'waiting';
}

/** Adds up an operation's times. Draws only queue work: computing lasts from the first draw until its fence is passed. */
export class OperationTimes {
  uploadMs = 0;
  private computeMs = 0;
  private readbackMs = 0;
  private computeStarted: number | null = null;
  private readbackStarted: number | null = null;
  private readonly queries: TimerQuery[] = [];

  startCompute(): void {
    this.computeStarted ??= performance.now();
  }

  /** The passes are done; what follows is copying. */
  startReadback(): void {
    const now = performance.now();
    if (this.computeStarted !== null) this.computeMs += now - this.computeStarted;
    this.computeStarted = null;
    this.readbackStarted = now;
  }

  endReadback(): void {
    if (this.readbackStarted !== null) this.readbackMs += performance.now() - this.readbackStarted;
    this.readbackStarted = null;
  }

  addQuery(query: TimerQuery): void {
    this.queries.push(query);
  }

  /**
   * The GPU's own clock decides how much of computing and copying was computing, where every query has an answer. Frees
   * the queries.
   */
  async split(): Promise<TimeSplit> {
    const answers = await Promise.all(this.queries.splice(0).map(query => query.result()));
    const total = this.computeMs + this.readbackMs;
    const measured = answers.reduce<number | null>((sum, ms) => (sum === null || ms === null ? null : sum + ms), 0);
    if (answers.length === 0 || measured === null) {
      return { uploadMs: this.uploadMs, computeMs: this.computeMs, readbackMs: this.readbackMs, clock: 'waiting' };
    }
    const computeMs = Math.min(measured, total);
    return { uploadMs: this.uploadMs, computeMs, readbackMs: total - computeMs, clock: 'device' };
  }

  /** Frees the queries that nobody asked for. */
  discard(): void {
    for (const query of this.queries.splice(0)) query.discard();
  }
}
