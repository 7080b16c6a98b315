/** What one producer costs: a fixed part (calls, compiling is not counted) and one that grows with the volume. */
export interface Cost {
  readonly fixedMs: number;
  readonly msPerMegabyte: number;
  /** To the device, once per volume. */
  readonly uploadMsPerMegabyte: number;
}

/** A timed run. `runMs` is without the upload. */
export interface TimedRun {
  readonly bytes: number;
  readonly runMs: number;
  readonly uploadMs: number;
}

/**
 * How many runs share one upload. An assumption: a slider runs far more often on one volume, a report only once.
 */
const RUNS_PER_UPLOAD = 4;

const megabytes = (bytes: number) => bytes / 1e6;

export function predictMs({ fixedMs, msPerMegabyte, uploadMsPerMegabyte }: Cost, bytes: number): number {
  return fixedMs + megabytes(bytes) * (msPerMegabyte + uploadMsPerMegabyte / RUNS_PER_UPLOAD);
}

/**
 * Line through a small and a large run. Noise could make the large one the faster: then all is fixed cost; and at most
 * all of the large one's time grows with the size.
 */
export function costOf(small: TimedRun, large: TimedRun): Cost {
  const all = large.runMs / megabytes(large.bytes);
  const slope = (large.runMs - small.runMs) / megabytes(large.bytes - small.bytes);
  const msPerMegabyte = large.bytes > small.bytes ? Math.min(all, Math.max(0, slope)) : all;
  return {
    fixedMs: Math.max(0, large.runMs - msPerMegabyte * megabytes(large.bytes)),
    msPerMegabyte,
    uploadMsPerMegabyte: large.uploadMs / megabytes(large.bytes),
  };
}

/** A real run corrects what was concluded from small samples. */
export function correctedBy(cost: Cost, run: TimedRun): Cost {
  return {
    ...cost,
    fixedMs: Math.min(cost.fixedMs, run.runMs),
    msPerMegabyte: Math.max(0, run.runMs - cost.fixedMs) / megabytes(run.bytes),
    // A resident volume uploads nothing, which says nothing about what an upload costs.
    uploadMsPerMegabyte: run.uploadMs > 0 ? run.uploadMs / megabytes(run.bytes) : cost.uploadMsPerMegabyte,
  };
}
