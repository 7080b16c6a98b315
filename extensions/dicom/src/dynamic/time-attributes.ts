import { parseDecimal } from '../decimal-text.ts';
import { secondsOfDate, secondsOfDateTime, secondsOfDay } from '../dicom-time.ts';
import type { DynamicFrame } from './dynamic-frame.ts';

/** An attribute that may tell the time points of a series apart. */
export interface TimeAttribute {
  /** Keyword, for messages. */
  readonly name: string;
  /**
   * - position: numbers the time points; all frames of one have the same value
   * - time: in s; every slice may have its own times
   */
  readonly kind: 'position' | 'time';
  /** The value of every frame, NaN where it has none. */
  read(frames: readonly DynamicFrame[]): number[];
}

const number =
  (read: (frame: DynamicFrame) => string, factor = 1) =>
  (frames: readonly DynamicFrame[]) =>
    frames.map(frame => (parseDecimal(read(frame)) ?? Number.NaN) * factor);

const TRIGGER_TIME: TimeAttribute = {
  name: 'TriggerTime',
  kind: 'time',
  read: number(frame => frame.triggerTime, 1e-3),
};

/** In the order in which they are tried. */
const ATTRIBUTES: readonly TimeAttribute[] = [
  { name: 'TemporalPositionIndex', kind: 'position', read: number(frame => frame.temporalPositionIndex) },
  { name: 'TemporalPositionIdentifier', kind: 'position', read: number(frame => frame.temporalPositionIdentifier) },
  { name: 'TemporalPositionTimeOffset', kind: 'time', read: number(frame => frame.temporalPositionTimeOffset) },
  TRIGGER_TIME,
  {
    name: 'AcquisitionDateTime',
    kind: 'time',
    read: frames => frames.map(({ acquisitionDateTime }) => secondsOfDateTime(acquisitionDateTime)),
  },
  {
    name: 'AcquisitionTime',
    kind: 'time',
    read: frames =>
      secondsFrom(frames.map(({ acquisitionDate, acquisitionTime }) => [acquisitionDate, acquisitionTime])),
  },
  {
    name: 'ContentTime',
    kind: 'time',
    read: frames => secondsFrom(frames.map(({ contentDate, contentTime }) => [contentDate, contentTime])),
  },
  { name: 'AcquisitionNumber', kind: 'position', read: number(frame => frame.acquisitionNumber) },
];

/** Those to try on a series of this modality: a trigger time counts from a contrast injection or a pulse in MR only. */
export function timeAttributesFor(modality: string): readonly TimeAttribute[] {
  return modality === 'MR' ? ATTRIBUTES : ATTRIBUTES.filter(attribute => attribute !== TRIGGER_TIME);
}

const DAY_S = 86400;

/** Seconds of dates and times. Where the dates are missing or do not change, times that pass midnight still go on rising. */
function secondsFrom(moments: readonly (readonly [date: string, time: string])[]): number[] {
  const days = moments.map(([date]) => secondsOfDate(date));
  const times = moments.map(([, time]) => secondsOfDay(time));
  const hasDates = days.every(Number.isFinite) && days.some(day => day !== days[0]);
  return hasDates ? times.map((time, index) => days[index]! + time) : pastMidnight(times);
}

/** No perfusion scan takes half a day: times that are further apart lie before and after midnight. */
function pastMidnight(times: readonly number[]): number[] {
  const sorted = times.filter(Number.isFinite).sort((a, b) => a - b);
  const isWithinHalfDay = !(sorted.at(-1)! - sorted[0]! > DAY_S / 2);
  if (isWithinHalfDay) return [...times];
  const gaps = sorted.slice(1).map((time, index) => time - sorted[index]!);
  const firstBeforeMidnight = sorted[gaps.indexOf(Math.max(...gaps)) + 1]!;
  return times.map(time => (time < firstBeforeMidnight ? time + DAY_S : time));
}
