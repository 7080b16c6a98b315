import type { Place } from './places.ts';
import type { TimeAttribute } from './time-attributes.ts';

/** The frames of a series, split into time points by one attribute. */
export interface Split {
  readonly attribute: TimeAttribute;
  /** The attribute's value of every frame. */
  readonly values: readonly number[];
  /** Frame of every time point [t] and place [z]; undefined where there is none. */
  readonly order: readonly (readonly (number | undefined)[])[];
  /** Pairs of frames at one place that the attribute does not tell apart. */
  readonly duplicates: readonly (readonly [number, number])[];
  /** Time points and places without a frame. */
  readonly missing: readonly { readonly t: number; readonly z: number }[];
}

/**
 * Splits frames by an attribute. Frames that share a number of a position are of one time point. Times may differ from slice to
 * slice, so those of each slice are put in order, and the first ones of all slices are the first time point.
 * @returns null where frames lack the attribute, or where it tells nothing apart
 */
export function splitBy(attribute: TimeAttribute, values: readonly number[], places: readonly Place[]): Split | null {
  if (!values.every(Number.isFinite)) return null;
  const duplicates = places.flatMap(place => duplicatesAt(place, values));
  const second = new Set(duplicates.map(pair => pair[1]));
  const single = places.map(({ frames }) => frames.filter(frame => !second.has(frame)));
  const columns = attribute.kind === 'position' ? byValue(single, values) : byRank(single, values);
  const timePoints = columns[0]?.length ?? 0;
  if (timePoints < 2) return null;
  const order = Array.from({ length: timePoints }, (_, t) => columns.map(column => column[t]));
  const missing = order.flatMap((ofTime, t) => ofTime.flatMap((frame, z) => (frame === undefined ? [{ t, z }] : [])));
  return { attribute, values, order, duplicates, missing };
}

/**
 * The first split in which every time point has one frame at every place. Where there is none, that with the fewest frames too
 * many or missing, which the reader is told.
 */
export function bestSplit(splits: readonly Split[]): Split | undefined {
  const faults = ({ duplicates, missing }: Split) => duplicates.length + missing.length;
  return splits.reduce<Split | undefined>(
    (best, split) => (!best || faults(split) < faults(best) ? split : best),
    undefined,
  );
}

function duplicatesAt({ frames }: Place, values: readonly number[]): [number, number][] {
  const known = new Map<number, number>();
  return frames.flatMap((frame): [number, number][] => {
    const other = known.get(values[frame]!);
    if (other !== undefined) return [[other, frame]];
    known.set(values[frame]!, frame);
    return [];
  });
}

type Column = readonly (number | undefined)[];

function byValue(places: readonly (readonly number[])[], values: readonly number[]): Column[] {
  const distinct = [...new Set(places.flat().map(frame => values[frame]!))].sort((a, b) => a - b);
  return places.map(frames => {
    const ofValue = new Map(frames.map(frame => [values[frame]!, frame]));
    return distinct.map(value => ofValue.get(value));
  });
}

function byRank(places: readonly (readonly number[])[], values: readonly number[]): Column[] {
  const sorted = places.map(frames => frames.toSorted((a, b) => values[a]! - values[b]!));
  const timePoints = Math.max(0, ...sorted.map(({ length }) => length));
  const full = sorted.filter(({ length }) => length === timePoints);
  const usual = Array.from({ length: timePoints }, (_, t) => median(full.map(frames => values[frames[t]!]!)));
  return sorted.map(frames => (frames.length === timePoints ? frames : alongside(frames, values, usual)));
}

/** Puts the frames of a place that lacks some beside the usual times, of which the place may be late or early as a whole. */
function alongside(frames: readonly number[], values: readonly number[], usual: readonly number[]): Column {
  const lacking = usual.length - frames.length;
  const delays = frames.flatMap((frame, index) => [
    values[frame]! - usual[index]!,
    values[frame]! - usual[index + lacking]!,
  ]);
  let best: { column: Column; error: number } | undefined;
  for (const delay of new Set(delays)) {
    const column: (number | undefined)[] = usual.map(() => undefined);
    let [error, from] = [0, 0];
    frames.forEach((frame, index) => {
      // As many later time points must be left as there are later frames.
      const last = usual.length - (frames.length - index);
      let nearest = from;
      const distance = (t: number) => Math.abs(values[frame]! - delay - usual[t]!);
      for (let t = from; t <= last; t++) if (distance(t) < distance(nearest)) nearest = t;
      column[nearest] = frame;
      error += distance(nearest);
      from = nearest + 1;
    });
    if (!best || error < best.error) best = { column, error };
  }
  return best?.column ?? usual.map(() => undefined);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}
