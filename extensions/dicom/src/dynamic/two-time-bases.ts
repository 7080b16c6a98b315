import type { Place } from './places.ts';
import { median } from './split-time-points.ts';

/** Slices that were acquired at times of their own: indices of places, and how much later than the first such block. */
export interface TimeBlock {
  readonly firstPlace: number;
  readonly lastPlace: number;
  readonly delayS: number;
}

/** As a part of the sampling interval. A helical sweep delays its slices little by little, a table that moves to and fro at once. */
const SMALLEST_DELAY = 0.25;
/** A scanner table toggles between two positions, or visits a few. */
const MOST_BLOCKS = 4;

/**
 * Finds table positions that were scanned in turn: neighbouring slices share their times, and the next block of slices has others.
 * @param values time of every frame, s
 * @returns the blocks by ascending position, or null where all slices share their times or each has its own
 */
export function findTimeBlocks(places: readonly Place[], values: readonly number[]): TimeBlock[] | null {
  if (places.length < 2 || !values.every(Number.isFinite)) return null;
  const times = places.map(({ frames }) => frames.map(frame => values[frame]!).sort((a, b) => a - b));
  const intervalS = median(times.flatMap(ofPlace => ofPlace.slice(1).map((time, index) => time - ofPlace[index]!)));
  if (!(intervalS > 0)) return null;
  const limitS = SMALLEST_DELAY * intervalS;
  const starts = places
    .map((_, z) => z)
    .filter(z => z === 0 || Math.abs(usualDelay(times[z]!, times[z - 1]!)) > limitS);
  const isEachAlone = starts.length === places.length && places.length > 2;
  if (starts.length < 2 || starts.length > MOST_BLOCKS || isEachAlone) return null;
  return starts.map((firstPlace, block) => ({
    firstPlace,
    lastPlace: (starts[block + 1] ?? places.length) - 1,
    delayS: times[firstPlace]![0]! - times[0]![0]!,
  }));
}

/** How much later one slice was acquired than another, to the nearest of its times: a slice may lack some, or have them twice. */
function usualDelay(times: readonly number[], others: readonly number[]): number {
  const nearest = (time: number) =>
    others.reduce(
      (best, other) => (Math.abs(time - other) < Math.abs(best) ? time - other : best),
      Number.POSITIVE_INFINITY,
    );
  return median(times.map(nearest));
}
