import { checkOrigin, geometryOf } from '../ct-stack.ts';
import { stackSlices } from '../slice-stack.ts';
import type { DynamicFrame } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { type DynamicValues, dynamicValuesOf, type MeasuredSignal, notesOfSignal, signalOf } from './dynamic-signal.ts';
import { frameTimes } from './frame-times.ts';
import { MINIMUM_TIME_POINTS } from './minimum-time-points.ts';
import { checkSampling } from './sampling.ts';
import { selectFrames } from './select-frames.ts';
import { splitTimePoints } from './split-series.ts';

/** The images of a 4D series in their places and times. */
export interface DynamicStack {
  /** Index into the given frames, by time point [t] and slice [z]; slices ascend along their normal that points to the head. */
  readonly order: readonly (readonly number[])[];
  /** [columns, rows, slices]. */
  readonly dimensions: readonly [number, number, number];
  /** [column spacing, row spacing, increment between slice centres] in mm. */
  readonly spacingMm: readonly [number, number, number];
  /** Of every time point, the mean of its slices; the first is 0. */
  readonly timesS: readonly number[];
  /** When each image was acquired, on the same clock, [t][z]. */
  readonly frameTimesS: readonly (readonly number[])[];
  readonly signal: MeasuredSignal;
  /** What the pixel words of every used frame mean, by its index. */
  readonly values: ReadonlyMap<number, DynamicValues>;
  /** Keyword of the attribute that tells time points apart, and of the one that gives the times. */
  readonly splitBy: string;
  /** What the attributes say that were asked in turn, up to the one that tells time points apart. */
  readonly tried: readonly string[];
  readonly timesFrom: string;
  /** Frames of the series that are no part of the 4D volume. */
  readonly leftOut: readonly number[];
  /** What a reader should know of the above, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Everything that can be told from headers alone about whether images make a 4D series to measure in: one patient and place; one
 * signal of known meaning; every slice at every time point; a regular stack, which may be oblique; times that increase. Viewer
 * and command line ask this, so both refuse the same.
 * @throws DynamicSeriesError, SliceStackError or CtImageError with one sentence
 */
export function stackDynamicFrames(frames: readonly DynamicFrame[]): DynamicStack {
  const { used, leftOut, leftOutInWords, notes } = selectFrames(frames);
  const chosen = used.map(index => frames[index]!);
  checkOrigin(chosen);
  const values = new Map(used.map((index, at) => [index, dynamicValuesOf(chosen[at]!)]));
  const signal = signalOf(chosen);

  const { order, attribute, tried } = splitTimePoints(chosen, leftOutInWords);
  if (order.length < MINIMUM_TIME_POINTS) {
    throw new DynamicSeriesError(
      'too-few-time-points',
      `The series has ${order.length} time points, and at least ${MINIMUM_TIME_POINTS} are needed for a baseline, the bolus and its end; take the 4D series of the perfusion scan.`,
    );
  }
  const { dimensions, spacingMm } = stackOf(order[0]!.map(index => chosen[index]!));
  const times = frameTimes(chosen, order, attribute);
  checkSampling(times);
  return {
    order: order.map(ofTime => ofTime.map(index => used[index]!)),
    dimensions,
    spacingMm,
    timesS: times.timesS,
    frameTimesS: times.frameTimesS,
    signal,
    values,
    splitBy: attribute.name,
    tried,
    timesFrom: times.from,
    leftOut,
    notes: [...notes, ...notesOfSignal(signal), ...times.notes],
  };
}

/** Geometry of one time point. Attributes of its acquisition are left out: slices of one time point may be acquired in any order. */
function stackOf(frames: readonly DynamicFrame[]): Pick<DynamicStack, 'dimensions' | 'spacingMm'> {
  const slices = frames.map(frame => {
    const { label, rows, columns, pixelSpacingMm, position, orientation } = geometryOf(frame);
    return { label, rows, columns, pixelSpacingMm, position, orientation };
  });
  const thicknessMm = Number(frames[0]?.sliceThickness || Number.NaN);
  return stackSlices(slices, { allowsOblique: true, singleSliceMm: thicknessMm });
}
