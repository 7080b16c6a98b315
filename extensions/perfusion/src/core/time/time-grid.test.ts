import { timeGridOf } from './time-grid.ts';

/** Every slice at the time of its time point, or later by its delay. */
const withDelays = (timesS: readonly number[], delays: readonly number[] = [0, 0]) => ({
  timesS,
  frameTimesS: timesS.map(time => delays.map(delay => time + delay)),
});
const every = (intervalS: number, count: number) => Array.from({ length: count }, (_, t) => t * intervalS);
const round = (value: number) => Math.round(value * 1e6) / 1e6;

describe('regular series are left alone', () => {
  test.each<[string, number[], number, number]>([
    ['every 2 s', every(2, 30), 2, 30],
    ['every 1.73 s', every(1.73, 45).map(round), 1.73, 45],
    ['with a jitter of some milliseconds', every(2, 20).map((time, t) => time + [0, 0.05, -0.08, 0.02][t % 4]!), 2, 20],
  ])('%s', (_, timesS, intervalS, timePoints) => {
    const grid = timeGridOf(withDelays(timesS));
    expect(grid).toMatchObject({ timePoints, isAsMeasured: true, notes: [] });
    expect(grid.intervalS).toBeCloseTo(intervalS, 2);
  });

  test('from the first to the last time point', () => {
    expect(timeGridOf(withDelays([0, 1.05, 2, 3, 4.04])).intervalS).toBeCloseTo(1.01, 10);
  });

  test('times that are written to the second', () => {
    const grid = timeGridOf(withDelays(every(1.5, 40).map(Math.floor)));
    expect(grid).toMatchObject({ timePoints: 40, isAsMeasured: true });
    expect(grid.intervalS).toBeCloseTo(1.5, 2);
    expect(grid.notes).toEqual([
      'Times are written without fractions of a second; an interval of 1.5 s fits all of them.',
    ]);
  });
});

test('jog mode gets the interval of its fast phase', () => {
  const timesS = [
    ...every(1, 31),
    ...every(3, 11)
      .slice(1)
      .map(time => 30 + time),
  ];
  expect(timeGridOf(withDelays(timesS))).toEqual({
    intervalS: 1,
    timePoints: 61,
    isAsMeasured: false,
    notes: [
      'The sampling is irregular (1 to 3 s between time points): all curves are resampled linearly every 1 s, to 61 time points.',
    ],
  });
});

test('a time point that was left out makes a series irregular', () => {
  const timesS = every(2, 30).filter((_, t) => t !== 12);
  expect(timeGridOf(withDelays(timesS))).toMatchObject({ intervalS: 2, timePoints: 30, isAsMeasured: false });
});

test('one short interval does not set the grid, and no grid is endless', () => {
  const timesS = [0, 2, 4, 4.1, ...every(2, 20).map(time => time + 6)];
  expect(timeGridOf(withDelays(timesS)).intervalS).toBeCloseTo(2, 10);
  const long = [...every(0.01, 40), ...every(10, 100).map(time => time + 1)];
  expect(timeGridOf(withDelays(long)).timePoints).toBeLessThanOrEqual(400);
});

test('slices that are acquired one after the other are brought to common times', () => {
  const grid = timeGridOf(withDelays(every(2, 20), [-0.75, -0.25, 0.25, 0.75]));
  expect(grid).toMatchObject({ intervalS: 2, timePoints: 20, isAsMeasured: false });
  expect(grid.notes).toEqual([expect.stringMatching(/^Slices were acquired up to 0\.75 s before or after the mean/)]);
  // as after a fast rotation
  expect(timeGridOf(withDelays(every(2, 20), [-0.1, 0.1]))).toMatchObject({ isAsMeasured: true, notes: [] });
});

test.each([[[]], [[0]], [[0, 1, 1, 2]], [[0, 2, 1]], [[0, Number.NaN, 2]]])('%p do not increase', timesS => {
  expect(() => timeGridOf(withDelays(timesS))).toThrow('must increase');
});

test('nor do those of a slice that goes back', () => {
  const timesS = every(2, 10);
  const frameTimesS = timesS.map((time, t) => [time, t === 5 ? time - 2.5 : time]);
  expect(() => timeGridOf({ timesS, frameTimesS })).toThrow('every slice');
});
