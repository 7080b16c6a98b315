/** A timed run. */
export interface Timing {
  /** Megabytes of voxels, times the kernel's work per voxel. */
  readonly work: number;
  readonly ms: number;
}

/** Between what a run should take. */
export interface Bounds {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** Two timings of the same thing differ by no more than this part, mostly. */
const NOISE = 1.25;
/** Devices are waited for in steps of browser timers; smaller differences between two runs of one mean nothing. */
export const WAIT_STEP_MS = 4;
/** Caches and memory make no straight lines: with every doubling beyond what was timed this much more is possible. */
const UNCERTAINTY_PER_DOUBLING = 0.1;

/**
 * Bounds of a run of this much work, by runs that were timed. Every run has a fixed part (calls, waiting) and one that
 * grows with the work; nothing else is assumed, so little is concluded from small runs about large ones.
 * @param slackMs by which any timing may be off, whatever its length
 */
export function boundsOf(work: number, timings: readonly Timing[], slackMs: number): Bounds {
  let leastMs = 0;
  let mostMs = Number.POSITIVE_INFINITY;
  const lower = ({ ms }: Timing) => Math.max(0, ms - slackMs) / NOISE;
  const upper = ({ ms }: Timing) => ms * NOISE;
  for (const large of timings) {
    const times = work / large.work;
    const uncertainty = 1 + UNCERTAINTY_PER_DOUBLING * Math.abs(Math.log2(times));
    const narrow = (least: number, most: number) => {
      leastMs = Math.max(leastMs, least / uncertainty);
      mostMs = Math.min(mostMs, most * uncertainty + slackMs);
    };
    // All of it may be fixed, or all may grow.
    narrow(lower(large) * Math.min(1, times), upper(large) * Math.max(1, times));
    if (times <= 1) continue;
    for (const small of timings) {
      if (small.work >= large.work) continue;
      const beyond = (work - large.work) / (large.work - small.work);
      const leastGrowth = Math.max(0, lower(large) - upper(small) - slackMs);
      const mostGrowth = Math.max(0, upper(large) - lower(small));
      narrow(lower(large) + leastGrowth * beyond, upper(large) + mostGrowth * beyond);
    }
  }
  return { leastMs: Math.min(leastMs, mostMs), mostMs };
}

/** What a run of this much work may be expected to take: on the line through the largest timing and one of less work. */
export function expectedMs(work: number, timings: readonly Timing[]): number {
  const sorted = [...timings].sort((a, b) => b.work - a.work);
  const [large] = sorted;
  if (!large) return Number.POSITIVE_INFINITY;
  const small = sorted.find(timing => timing.work <= large.work / 2);
  if (!small) return large.ms * Math.sqrt(Math.max(1, work / large.work)); // some of it grows, nobody knows how much
  const growth = Math.max(0, large.ms - small.ms) / (large.work - small.work);
  return Math.max(0, large.ms + growth * (work - large.work));
}

/** Timings of about as much work are replaced: within the noise they say the same, and the newest is true. */
const SAME_WORK_TIMES = 1.5;

/** The timings with a new one. */
export function withTiming(timings: readonly Timing[], timing: Timing): readonly Timing[] {
  const isOther = ({ work }: Timing) => Math.max(work, timing.work) > SAME_WORK_TIMES * Math.min(work, timing.work);
  return [...timings.filter(isOther), timing];
}

export function isTiming(value: unknown): value is Timing {
  if (typeof value !== 'object' || value === null) return false;
  const { work, ms } = value as { readonly [field: string]: unknown };
  return typeof work === 'number' && typeof ms === 'number' && work > 0 && ms >= 0 && Number.isFinite(work + ms);
}
