/** What one producer costs: a fixed part (calls, waiting for a device) and one that grows with the volume. */
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
  /** Part of runMs that a device's own clock says was spent computing; null where there is no such clock. */
  readonly deviceMs: number | null;
  /** Whether a device ran: waiting for one takes a few milliseconds that have nothing to do with the volume. */
  readonly onDevice: boolean;
}

/** How many runs share one upload. An assumption: a slider runs far more often on one volume, a report only once. */
const RUNS_PER_UPLOAD = 4;

/** Devices are waited for in steps of browser timers; smaller differences between two runs mean nothing. */
const WAIT_STEP_MS = 4;

const megabytes = (bytes: number) => bytes / 1e6;

export function predictMs({ fixedMs, msPerMegabyte, uploadMsPerMegabyte }: Cost, bytes: number): number {
  return fixedMs + megabytes(bytes) * (msPerMegabyte + uploadMsPerMegabyte / RUNS_PER_UPLOAD);
}

/**
 * Concludes a cost from a small and a large run, or from one run given twice. Samples are far smaller than volumes, so
 * noise in a difference would be multiplied: on a device only its own clock and differences above the waiting step count
 * as growing. That can be too kind to the device; its first run on a whole volume corrects it.
 */
export function costOf(small: TimedRun, large: TimedRun): Cost {
  const msPerMegabyte = large.onDevice ? deviceGrowth(small, large) : processorGrowth(small, large);
  return {
    fixedMs: Math.max(0, large.runMs - msPerMegabyte * megabytes(large.bytes)),
    msPerMegabyte,
    uploadMsPerMegabyte: beyondWaiting(small, large, run => run.uploadMs),
  };
}

/** Two timings of the same thing differ by no more than this part, mostly. */
const NOISE = 0.25;

/**
 * The least that a producer may cost, seen a small and a large run: only what is beyond noise grows, and an upload is
 * taken to be free. Samples in which the fixed part outweighs the growing one leave much room for this.
 */
export function leastCostOf(small: TimedRun, large: TimedRun): Cost {
  const growing = (run: TimedRun) => (run.onDevice ? (run.deviceMs ?? 0) : run.runMs);
  const megabytesMore = megabytes(large.bytes - small.bytes);
  const difference = growing(large) / (1 + NOISE) - growing(small) * (1 + NOISE);
  const msPerMegabyte = megabytesMore > 0 ? Math.max(0, difference) / megabytesMore : 0;
  const leastMs = (large.onDevice ? Math.max(0, large.runMs - WAIT_STEP_MS) : large.runMs) / (1 + NOISE);
  return {
    fixedMs: Math.max(0, leastMs - msPerMegabyte * megabytes(large.bytes)),
    msPerMegabyte,
    uploadMsPerMegabyte: 0,
  };
}

/** A real run corrects what was concluded from small samples. */
export function correctedBy(cost: Cost, run: Pick<TimedRun, 'bytes' | 'runMs' | 'uploadMs'>): Cost {
  return {
    fixedMs: Math.min(cost.fixedMs, run.runMs),
    msPerMegabyte: Math.max(0, run.runMs - cost.fixedMs) / megabytes(run.bytes),
    // A resident volume uploads nothing, which says nothing about what an upload costs.
    uploadMsPerMegabyte: run.uploadMs > 0 ? run.uploadMs / megabytes(run.bytes) : cost.uploadMsPerMegabyte,
  };
}

/** Noise could make the large run the faster: then nothing grows. At most all of its time does, as after one run alone. */
function processorGrowth(small: TimedRun, large: TimedRun): number {
  const all = large.runMs / megabytes(large.bytes);
  if (large.bytes <= small.bytes) return all;
  return Math.min(all, Math.max(0, (large.runMs - small.runMs) / megabytes(large.bytes - small.bytes)));
}

function deviceGrowth(small: TimedRun, large: TimedRun): number {
  if (large.deviceMs === null || small.deviceMs === null) return beyondWaiting(small, large, run => run.runMs);
  const copying = beyondWaiting(small, large, run => run.runMs - (run.deviceMs ?? 0));
  return large.deviceMs / megabytes(large.bytes) + copying;
}

/** Growth of a part of the run that includes waiting. */
function beyondWaiting(small: TimedRun, large: TimedRun, part: (run: TimedRun) => number): number {
  const difference = part(large) - part(small);
  return difference > WAIT_STEP_MS ? difference / megabytes(large.bytes - small.bytes) : 0;
}
