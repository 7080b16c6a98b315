import { createDeconvolver } from './deconvolution/create-deconvolver.ts';
import { defaultMethod } from './deconvolution/default-method.ts';
import { DECONVOLUTION_METHODS } from './deconvolution-method.ts';
import { ABSOLUTE_CONSTANTS, RELATIVE_CONSTANTS } from './maps.ts';
import { NO_VALUES, perfusionValues, trapezoidSum } from './perfusion-values.ts';
import { delayGrid } from './phantoms/delay-grid.ts';
import { normalNoise } from './phantoms/noise.ts';

const { aif, intervalS, curves } = delayGrid({ kind: 'exponential', mttS: 4, intervalS: 2 });
const settingsOf = (name: (typeof DECONVOLUTION_METHODS)[number], constants = ABSOLUTE_CONSTANTS) => ({
  deconvolver: createDeconvolver(aif, intervalS, defaultMethod(name, intervalS)),
  arterialSum: trapezoidSum(aif),
  intervalS,
  constants,
});
const undelayed = curves.find(({ delayS }) => delayS === 0)!;
const valuesOf = (curve: ArrayLike<number>, name: (typeof DECONVOLUTION_METHODS)[number] = 'csvd', noiseSd = 0) =>
  perfusionValues({ curve, noiseSd, baselineEnd: 6 }, settingsOf(name));

test('areas by the trapezoid rule', () => {
  expect(trapezoidSum([2, 4, 8])).toBe(9);
  expect(trapezoidSum([0, 3, 0])).toBe(3);
});

test('values hang together as the central volume theorem says', () => {
  const { cbf, cbv, mttS, ttpS, tmaxS } = valuesOf(undelayed.curve);
  expect(cbv).toBeCloseTo(4, 1);
  expect(mttS).toBe((60 * cbv) / cbf);
  expect(ttpS).toBe((undelayed.curve.indexOf(Math.max(...undelayed.curve)) - 6) * 2);
  expect(Math.abs(tmaxS)).toBeLessThanOrEqual(2);
});

test('hematocrit and density scale flow and volume, and nothing else', () => {
  const absolute = valuesOf(undelayed.curve);
  const relative = perfusionValues(
    { curve: undelayed.curve, noiseSd: 0, baselineEnd: 6 },
    settingsOf('csvd', RELATIVE_CONSTANTS),
  );
  const factor = 0.73 / 1.04;
  expect(absolute.cbf / relative.cbf).toBeCloseTo(factor, 12);
  expect(absolute.cbv / relative.cbv).toBeCloseTo(factor, 12);
  expect([absolute.mttS, absolute.ttpS, absolute.tmaxS].map(value => value.toFixed(9))).toEqual(
    [relative.mttS, relative.ttpS, relative.tmaxS].map(value => value.toFixed(9)),
  );
});

test('Tmax is negative where tissue is earlier than the artery', () => {
  const [early, , , later] = curves;
  expect(valuesOf(early!.curve).tmaxS).toBeLessThan(0);
  expect(valuesOf(later!.curve).tmaxS).toBeGreaterThan(0);
});

describe.each(DECONVOLUTION_METHODS)('%s', name => {
  const noise = normalNoise(1);
  test.each<[string, ArrayLike<number>]>([
    ['a constant curve', new Float64Array(30).fill(5)],
    ['a curve of zeros', new Float64Array(30)],
    ['a negative curve', undelayed.curve.map(value => -value)],
    ['a curve with a value that is no number', undelayed.curve.slice().fill(Number.NaN, 3, 4)],
    ['a curve with an infinite value', undelayed.curve.slice().fill(Number.POSITIVE_INFINITY, 9, 10)],
    ['noise without an area', Float64Array.from({ length: 30 }, () => noise() - 1)],
  ])('%s has no values', (_, curve) => {
    expect(valuesOf(curve, name, 1)).toEqual(NO_VALUES);
    expect(valuesOf(curve, name, 0)).toEqual(NO_VALUES);
  });

  test('every value of a noisy curve is finite, or all are NaN', () => {
    for (let trial = 0; trial < 100; trial++) {
      const found = Object.values(valuesOf(Float64Array.from({ length: 30 }, noise), name, 1));
      expect(new Set(found.map(Number.isFinite)).size).toBe(1);
    }
  });
});
