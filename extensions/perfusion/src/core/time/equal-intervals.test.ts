import { curveAt } from '../dynamic-volume.ts';
import { atEqualIntervals, type MeasuredSeries } from './equal-intervals.ts';
import { resampleCurve } from './resample-curve.ts';

/** A series whose voxels are a function of place and time, sampled at the times of their images. */
function sampled(
  frameTimesS: readonly (readonly number[])[],
  valueAt: (timeS: number, voxel: number) => number,
  dimensions: [number, number, number] = [3, 2, frameTimesS[0]!.length],
): MeasuredSeries {
  const plane = dimensions[0] * dimensions[1];
  const timePoints = frameTimesS.length;
  const voxels = new Float32Array(plane * dimensions[2] * timePoints);
  frameTimesS.forEach((ofTime, t) => {
    ofTime.forEach((time, z) => {
      for (let pixel = 0; pixel < plane; pixel++) {
        voxels[(z * timePoints + t) * plane + pixel] = valueAt(time, z * plane + pixel);
      }
    });
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    voxels,
    dimensions,
    spacingMm: [1, 1, 1],
    signal: { kind: 'attenuation' },
    timesS: frameTimesS.map(mean),
    frameTimesS,
  };
}

const jog = [0, 1, 2, 3, 4, 5, 6, 9, 12, 15, 18];

test('a regular series keeps its array', () => {
  const series = sampled(
    Array.from({ length: 10 }, (_, t) => [2 * t, 2 * t]),
    time => time,
  );
  const { volume, notes, timesS } = atEqualIntervals(series);
  expect(volume.voxels).toBe(series.voxels);
  expect(volume).toMatchObject({ intervalS: 2, timePoints: 10 });
  expect(timesS).toEqual(Array.from({ length: 10 }, (_, t) => 2 * t));
  expect(notes).toEqual([]);
});

test('what is linear between the samples is exact everywhere', () => {
  // A curve with corners at samples of the slow phase only
  const bent = (time: number, voxel: number) => voxel + 10 * Math.min(time, 9) - 4 * Math.max(0, time - 12);
  const { volume, timesS } = atEqualIntervals(
    sampled(
      jog.map(time => [time, time]),
      bent,
    ),
  );
  expect(volume).toMatchObject({ intervalS: 1, timePoints: 19 });
  for (let voxel = 0; voxel < 12; voxel++) {
    expect([...curveAt(volume, voxel)]).toEqual(timesS.map(time => expect.closeTo(bent(time, voxel), 4)));
  }
});

test('slices that are acquired late are brought to the common times', () => {
  const delays = [-0.8, 0, 0.8];
  const line = (time: number, voxel: number) => 100 + 3 * time + voxel;
  const series = sampled(
    Array.from({ length: 12 }, (_, t) => delays.map(delay => 2 * t + delay)),
    line,
  );
  const { volume, timesS } = atEqualIntervals(series);
  for (let voxel = 0; voxel < 18; voxel++) {
    const curve = curveAt(volume, voxel);
    // At the ends the nearest sample is kept: there is nothing earlier or later of that slice.
    const [from, to] = [1, 11];
    expect([...curve.slice(from, to)]).toEqual(
      timesS.slice(from, to).map(time => expect.closeTo(line(time, voxel), 3)),
    );
  }
});

test('every voxel is the curve that the Float64 twin interpolates', () => {
  const delays = [0, 0.4];
  const frameTimesS = jog.map(time => delays.map(delay => time + delay));
  const series = sampled(frameTimesS, (time, voxel) => 50 * Math.exp(-((time - 5 - voxel / 7) ** 2) / 8));
  const { volume, timesS } = atEqualIntervals(series);
  const measured = { ...series, timePoints: jog.length, intervalS: 1 };
  for (let voxel = 0; voxel < 12; voxel++) {
    const ofSlice = frameTimesS.map(ofTime => ofTime[Math.floor(voxel / 6)]!);
    const twin = resampleCurve(curveAt(measured, voxel), ofSlice, timesS);
    expect(curveAt(volume, voxel)).toEqual(Float64Array.from(Float32Array.from(twin)));
  }
});

describe('one curve', () => {
  test('goes through its samples and straight between them', () => {
    expect([...resampleCurve([0, 10, 4], [0, 1, 3], [0, 0.25, 1, 2, 3])]).toEqual([0, 2.5, 10, 7, 4]);
  });

  test('keeps its first and last value outside', () => {
    expect([...resampleCurve([5, 7], [1, 2], [-3, 1, 2, 9])]).toEqual([5, 5, 7, 7]);
  });
});
