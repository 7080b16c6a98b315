import type { DynamicVolume } from '../dynamic-volume.ts';
import { betweenSamples } from './resample-curve.ts';
import { type SampleTimes, timeGridOf } from './time-grid.ts';

/** A 4D series as it was measured: voxels in the layout of DynamicVolume, at times of their own. */
export interface MeasuredSeries extends Omit<DynamicVolume, 'timePoints' | 'intervalS'>, SampleTimes {}

export interface EqualIntervals {
  readonly volume: DynamicVolume;
  /** When its time points are, on the clock of the series, s. */
  readonly timesS: readonly number[];
  /** What was done, for the reader; empty where the series was regular. */
  readonly notes: readonly string[];
}

/**
 * The series at equal intervals, which convolution needs. A regular series is given back as it is, with the same array. An
 * irregular one, or one whose slices were acquired at different times, is interpolated linearly in time into a new array of
 * Float32, slice by slice.
 * @throws RangeError where the times do not increase, or where memory does not hold the new array
 */
export function atEqualIntervals({ timesS, frameTimesS, ...series }: MeasuredSeries): EqualIntervals {
  const { intervalS, timePoints, isAsMeasured, notes } = timeGridOf({ timesS, frameTimesS });
  const newTimesS = Array.from({ length: timePoints }, (_, t) => timesS[0]! + t * intervalS);
  if (isAsMeasured) return { volume: { ...series, timePoints, intervalS }, timesS: newTimesS, notes };

  const [nx, ny, nz] = series.dimensions;
  const plane = nx * ny;
  const measured = timesS.length;
  const voxels = floats(plane * nz * timePoints);
  for (let z = 0; z < nz; z++) {
    const ofSlice = frameTimesS.map(ofTime => ofTime[z]!);
    betweenSamples(ofSlice, newTimesS).forEach(({ index, part }, t) => {
      const before = (z * measured + index) * plane;
      const after = index + 1 < measured ? before + plane : before;
      const to = (z * timePoints + t) * plane;
      for (let pixel = 0; pixel < plane; pixel++) {
        voxels[to + pixel] = (1 - part) * series.voxels[before + pixel]! + part * series.voxels[after + pixel]!;
      }
    });
  }
  return { volume: { ...series, voxels, timePoints, intervalS }, timesS: newTimesS, notes };
}

function floats(length: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(length);
  } catch {
    throw new RangeError(
      `The series, resampled to equal intervals, needs ${Math.round((4 * length) / 2 ** 20)} MiB, more than memory holds; close what else is open, or take a series of fewer or smaller slices.`,
    );
  }
}
