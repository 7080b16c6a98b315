import { ABSOLUTE_CONSTANTS } from '../maps.ts';
import {
  gammaVariate,
  PHANTOM_ARTERY,
  RESIDUE_KINDS,
  residueAt,
  sampleDelayed,
  sampleTimes,
  tissuePerFlow,
} from './curves.ts';
import { normalNoise } from './noise.ts';

const STEP_S = 0.01;
const FINE_S = sampleTimes(120, STEP_S);
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

test('a gamma variate is 0 before its arrival and reaches its peak 4.5 s after it', () => {
  const curve = gammaVariate(FINE_S, { ...PHANTOM_ARTERY, arrivalS: 10 });
  expect(curve.subarray(0, 1001).every(value => value === 0)).toBe(true);
  expect(curve.indexOf(Math.max(...curve))).toBe(1450);
  expect(curve[1450]).toBeCloseTo(300, 9);
  // r! b^(r + 1) e^r / (r b)^r * peak
  expect(sum(curve) * STEP_S).toBeCloseTo((6 * 1.5 ** 4 * Math.exp(3) * 300) / 4.5 ** 3, 2);
});

test.each(RESIDUE_KINDS)('residue function %s begins at 1 and has the area of the mean transit time', kind => {
  const mttS = 4;
  expect(residueAt(kind, mttS, 0)).toBe(1);
  expect(sum(FINE_S.map(timeS => residueAt(kind, mttS, timeS))) * STEP_S).toBeCloseTo(mttS, 1.9);
});

test.each(RESIDUE_KINDS)('tissue %s holds the volume that flow and mean transit time make', kind => {
  const aif = gammaVariate(FINE_S, { ...PHANTOM_ARTERY, arrivalS: 10 });
  const curve = tissuePerFlow(aif, STEP_S, kind, 6, ABSOLUTE_CONSTANTS);
  const cbv = (100 * (0.73 / 1.04) * sum(curve)) / sum(aif);
  expect(cbv).toBeCloseTo(6 / 60, 3);
});

test('sampled later by half a sample: between its neighbours', () => {
  const found = sampleDelayed(Float64Array.of(0, 10, 30, 20), 1, Float64Array.of(0, 1, 2, 3, 4), 0.5);
  expect(Array.from(found)).toEqual([0, 5, 20, 25, 20]);
  expect(Array.from(sampleDelayed(Float64Array.of(0, 10, 30, 20), 1, Float64Array.of(0, 1, 9), -1))).toEqual([
    10, 30, 20,
  ]);
});

test('times stop before the duration, rounding aside', () => {
  expect(sampleTimes(60, 1)).toHaveLength(60);
  expect(sampleTimes(60, 0.1)).toHaveLength(600);
  expect(sampleTimes(60, 7)).toHaveLength(9);
});

test('noise is normal, and the same for the same seed', () => {
  const noise = normalNoise(1);
  const values = Float64Array.from({ length: 20000 }, noise);
  expect(Math.abs(sum(values) / 20000)).toBeLessThan(0.03);
  expect(sum(values.map(value => value * value)) / 20000).toBeCloseTo(1, 1);
  const within = values.filter(value => Math.abs(value) < 1).length / 20000;
  expect(within).toBeGreaterThan(0.67);
  expect(within).toBeLessThan(0.7);
  const again = normalNoise(1);
  expect(values.subarray(0, 9)).toEqual(Float64Array.from({ length: 9 }, again));
  expect(normalNoise(2)()).not.toBe(values[0]);
});
