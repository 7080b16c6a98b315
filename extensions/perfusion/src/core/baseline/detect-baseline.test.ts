import { gammaVariate, sampleTimes } from '../phantoms/curves.ts';
import { normalNoise, withNoise } from '../phantoms/noise.ts';
import { detectBaseline, meanOf, NoBolusError, noiseOf } from './detect-baseline.ts';

const TIMES_S = sampleTimes(60, 1);
const bolus = (arrivalS: number, peak = 300, scaleS = 1.5) =>
  gammaVariate(TIMES_S, { arrivalS, shape: 3, scaleS, peak });

test.each([4, 10, 17.5, 30])(
  'a bolus that arrives at %d s ends the baseline at the first sample that has risen by 5 %',
  arrivalS => {
    const [first, end] = detectBaseline(bolus(arrivalS));
    expect(first).toBe(0);
    expect(end).toBeGreaterThanOrEqual(Math.ceil(arrivalS));
    expect(end).toBeLessThanOrEqual(arrivalS + 1.5);
  },
);

test('an offset and a factor change nothing', () => {
  const curve = bolus(12);
  expect(detectBaseline(curve.map(value => 1000 + 0.01 * value))).toEqual(detectBaseline(curve));
});

test('noise moves it by one sample at most, however it falls', () => {
  const noise = normalNoise(5);
  for (let i = 0; i < 200; i++) {
    const [, end] = detectBaseline(withNoise(bolus(10), 6, noise));
    expect(Math.abs(end - 11)).toBeLessThanOrEqual(1);
  }
});

test('a slow and low curve of tissue has its baseline too', () => {
  const [, end] = detectBaseline(withNoise(bolus(15, 8, 4), 0.2, normalNoise(3)));
  expect(end).toBeGreaterThanOrEqual(15);
  expect(end).toBeLessThanOrEqual(19);
});

test('noise alone is never taken for a bolus', () => {
  const noise = normalNoise(2);
  for (let i = 0; i < 200; i++) {
    expect(() => detectBaseline(withNoise(new Float64Array(60), 3, noise))).toThrow('does not rise');
  }
});

test('the noise is estimated beside the bolus', () => {
  const noise = normalNoise(4);
  const estimates = Array.from({ length: 100 }, () => noiseOf(withNoise(bolus(10), 4, noise)));
  expect(meanOf(estimates, 0, 100)).toBeGreaterThan(3.6);
  expect(meanOf(estimates, 0, 100)).toBeLessThan(5.2);
});

test('frames that have not settled are left out', () => {
  const curve = bolus(10);
  curve[0] = 250;
  curve[1] = 60;
  expect(detectBaseline(curve, 2)).toEqual([2, 11]);
});

test.each([
  ['a constant curve', new Float64Array(60).fill(37), 'does not rise'],
  ['a bolus that began before the series', bolus(-3), 'began too late'],
  ['a falling curve', TIMES_S.map(timeS => 100 - timeS), 'began too late|does not rise'],
  ['three time points', Float64Array.of(0, 5, 9), '3 time points'],
  ['a value that is no number', bolus(10).fill(Number.NaN, 7, 8), 'time point 8'],
])('%s is refused in a sentence', (_, curve, message) => {
  expect(() => detectBaseline(curve)).toThrow(NoBolusError);
  expect(() => detectBaseline(curve)).toThrow(new RegExp(message));
});
