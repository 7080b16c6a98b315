import { parseDecimal } from '../decimal-text.ts';
import type { DynamicFrame } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { formatNumber } from './format-number.ts';
import { median } from './split-time-points.ts';
import { type TimeAttribute, timeAttributesFor } from './time-attributes.ts';

/** When the images of a 4D series were acquired. */
export interface FrameTimes {
  readonly timesS: readonly number[];
  readonly frameTimesS: readonly (readonly number[])[];
  /** Keyword of the attribute that says it. */
  readonly from: string;
  readonly notes: readonly string[];
}

/** Slices of one time point that are further apart than this many intervals were not acquired as one volume. */
const LONGEST_TIME_POINT = 1.5;
/** s. Smaller differences between slices are the rounding of times. */
const SAME_TIME_S = 0.02;

/**
 * The time of every image: from the attribute that splits the series, where that is a time, else from the first one that increases
 * from each time point to the next.
 * @throws DynamicSeriesError where no times are given, or none that increase
 */
export function frameTimes(
  frames: readonly DynamicFrame[],
  order: readonly (readonly number[])[],
  splitAttribute: TimeAttribute,
): FrameTimes {
  const candidates =
    splitAttribute.kind === 'time'
      ? [splitAttribute]
      : timeAttributesFor(frames[0]!.modality).filter(({ kind }) => kind === 'time');
  const given = candidates
    .map(({ name, read }) => ({ name, values: read(frames) }))
    .filter(({ values }) => values.every(Number.isFinite) && values.some(value => value !== values[0]))
    .map(({ name, values }) => {
      const times = onOneClock(order, values);
      return { name, ...(name === 'ContentTime' ? inOneMoment(times) : times) };
    });
  const rising = given.filter(({ frameTimesS }) => firstFall(frameTimesS) === null);
  // When the images were made comes last: it is not when they were acquired.
  const acquired = rising.find(({ name }) => name !== 'ContentTime');
  const counted = acquired || splitAttribute.kind === 'time' ? null : fromResolution(frames, order);
  const chosen = acquired ?? (counted ? undefined : rising[0]);
  if (chosen) {
    checkSpread(chosen);
    return { ...chosen, from: chosen.name, notes: notesOf(chosen) };
  }
  if (counted) return counted;
  const [falling] = given;
  if (falling) throw notIncreasing(falling, frames, order);
  throw new DynamicSeriesError(
    'time-unknown',
    `The images have no times that change with the time point (TriggerTime, AcquisitionTime, ContentTime) and no TemporalResolution, so the sampling interval is unknown; export the series again with complete headers.`,
  );
}

/** Times of frames and their means per time point; the first time point is at 0. */
function onOneClock(order: readonly (readonly number[])[], values: readonly number[]) {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  // The first frame is taken off before the mean, so that large numbers do not cost digits.
  const base = values[order[0]![0]!]!;
  const fromFirst = order.map(ofTime => ofTime.map(frame => values[frame]! - base));
  const origin = mean(fromFirst[0]!);
  const frameTimesS = fromFirst.map(ofTime => ofTime.map(time => rounded(time - origin)));
  return { frameTimesS, timesS: frameTimesS.map(ofTime => rounded(mean(ofTime))) };
}

/** Slices of one time point are made one after the other, which says nothing of when they were acquired. */
function inOneMoment({ timesS, frameTimesS }: Pick<FrameTimes, 'timesS' | 'frameTimesS'>) {
  return { timesS, frameTimesS: frameTimesS.map((ofTime, t) => ofTime.map(() => timesS[t]!)) };
}

/** To a microsecond, which is what DICOM writes. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6 + 0; // not -0
}

/** The first image that is not later than that of the same slice before, [t, z]. */
function firstFall(frameTimesS: readonly (readonly number[])[]): [t: number, z: number] | null {
  for (const [t, ofTime] of frameTimesS.entries()) {
    const z = t === 0 ? -1 : ofTime.findIndex((time, slice) => !(time > frameTimesS[t - 1]![slice]!));
    if (z >= 0) return [t, z];
  }
  return null;
}

interface NamedTimes extends Pick<FrameTimes, 'timesS' | 'frameTimesS'> {
  readonly name: string;
}

function spreadOf({ frameTimesS }: NamedTimes): number {
  return Math.max(...frameTimesS.map(ofTime => Math.max(...ofTime) - Math.min(...ofTime)));
}

function checkSpread(times: NamedTimes): void {
  const { name, timesS } = times;
  const spreadS = spreadOf(times);
  const intervalS = median(timesS.slice(1).map((time, t) => time - timesS[t]!));
  if (spreadS <= LONGEST_TIME_POINT * intervalS) return;
  throw new DynamicSeriesError(
    'two-time-bases',
    `The slices of one time point were acquired up to ${formatNumber(spreadS)} s apart (${name}), longer than from one time point to the next (${formatNumber(intervalS)} s), so the series has no common time base; export the images of each table position as a series of their own.`,
  );
}

function notesOf(times: NamedTimes): string[] {
  const { name } = times;
  const notes: string[] = [];
  if (name === 'ContentTime') {
    notes.push(
      'Times are those of ContentTime, when the images were made, because no time of acquisition tells them apart.',
    );
  }
  const spreadS = spreadOf(times);
  if (spreadS > SAME_TIME_S) {
    notes.push(
      `The slices of one time point were acquired up to ${formatNumber(spreadS)} s apart (${name}); the time of a time point is the mean of its slices.`,
    );
  }
  return notes;
}

function notIncreasing(
  { name, frameTimesS }: NamedTimes,
  frames: readonly DynamicFrame[],
  order: readonly (readonly number[])[],
): DynamicSeriesError {
  const [t, z] = firstFall(frameTimesS)!;
  return new DynamicSeriesError(
    'time-not-increasing',
    `The times of the series do not increase (${name}): time point ${t + 1} (${frames[order[t]![z]!]!.label}) is at ${formatNumber(frameTimesS[t]![z]!)} s, time point ${t} at ${formatNumber(frameTimesS[t - 1]![z]!)} s; export the series again with correct headers.`,
  );
}

/** Without times of its own, a series may still say how far its time points are apart; null where it does not. */
function fromResolution(frames: readonly DynamicFrame[], order: readonly (readonly number[])[]): FrameTimes | null {
  const resolutions = new Set(frames.map(({ temporalResolution }) => parseDecimal(temporalResolution)));
  const [resolutionMs] = resolutions;
  if (resolutions.size !== 1 || !resolutionMs || resolutionMs <= 0) return null;
  const timesS = order.map((_, t) => rounded((t * resolutionMs) / 1000));
  return {
    timesS,
    frameTimesS: order.map((ofTime, t) => ofTime.map(() => timesS[t]!)),
    from: 'TemporalResolution',
    notes: [
      `Times are counted in steps of ${formatNumber(resolutionMs)} ms (TemporalResolution), because the images have none of their own.`,
    ],
  };
}
