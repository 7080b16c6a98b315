import { gammaVariate, PHANTOM_ARTERY, sampleDelayed, sampleTimes } from '../phantoms/curves.ts';
import { normalNoise, withNoise } from '../phantoms/noise.ts';
import { arterialSpectrum, rotationsOf } from './arterial-spectrum.ts';
import { createDeconvolver } from './create-deconvolver.ts';
import { defaultMethod, defaultOscillationTarget } from './default-method.ts';
import { leastOscillating, oscillationIndex, truncationLevels } from './oscillation.ts';

const TIMES_S = sampleTimes(45, 1.5);
const aif = gammaVariate(TIMES_S, { ...PHANTOM_ARTERY, arrivalS: 10 });
const spectrum = arterialSpectrum(aif, 1.5);
const system = { spectrum, levels: truncationLevels(spectrum), rotations: rotationsOf(spectrum.length) };
const curve = withNoise(gammaVariate(TIMES_S, { arrivalS: 11, shape: 3, scaleS: 2.5, peak: 12 }), 0.5, normalNoise(1));

test('each set of frequencies is part of the one before', () => {
  for (const [index, { firstKept, truncation }] of system.levels.entries()) {
    expect(spectrum.bins[firstKept]!.magnitude).toBeGreaterThanOrEqual(truncation * spectrum.maximum);
    if (index === 0) continue;
    expect(firstKept).toBeGreaterThan(system.levels[index - 1]!.firstKept);
    expect(truncation).toBeGreaterThan(system.levels[index - 1]!.truncation);
  }
  expect(system.levels[0]!.truncation).toBe(0.01);
  expect(system.levels.at(-1)!.truncation).toBeLessThanOrEqual(0.95);
});

test.each([0.01, 0.035, 0.05, 0.075, 0.1, 0.2, 1])(
  'target %d: the residue function of the first truncation in steps of 0.01 that keeps it',
  target => {
    let expected: Float64Array | null = null;
    for (let step = 1; step <= 95; step++) {
      expected = createDeconvolver(aif, 1.5, { name: 'csvd', truncation: step / 100 }).residueOf(curve, 0);
      if (oscillationIndex(expected) <= target) break;
    }
    const { residue } = leastOscillating(curve, system, target);
    for (let t = 0; t < residue.length; t++) expect(residue[t]).toBeCloseTo(expected![t]!, 12);
    const viaMethod = createDeconvolver(aif, 1.5, { name: 'osvd', oscillationTarget: target }).residueOf(curve, 0);
    expect(viaMethod).toEqual(residue);
  },
);

test('the index: second differences over length and maximum', () => {
  // second differences -2, 2, -1, 0 of 0 1 0 1 1 1
  expect(oscillationIndex([0, 1, 0, 1, 1, 1])).toBeCloseTo(5 / 6, 15);
  expect(oscillationIndex([0, 1, 2, 3])).toBe(0);
  expect(oscillationIndex([0, 10, 0])).toBe(oscillationIndex([0, 1, 0]));
});

test('a curve that is later is cut off at the same truncation', () => {
  const smooth = (delayS: number) =>
    sampleDelayed(
      gammaVariate(sampleTimes(80, 0.01), { arrivalS: 11, shape: 3, scaleS: 2, peak: 12 }),
      0.01,
      TIMES_S,
      delayS,
    );
  const found = [-6, 0, 3].map(delayS => leastOscillating(smooth(delayS), system, 0.075).truncation);
  expect(new Set(found).size).toBe(1);
});

test('the default target grows with the interval, and 0.035 is nobody’s default', () => {
  for (const intervalS of [0.5, 0.7, 1, 1.5, 2, 3]) {
    expect(defaultMethod('osvd', intervalS)).toEqual({
      name: 'osvd',
      oscillationTarget: defaultOscillationTarget(intervalS),
    });
    expect(defaultOscillationTarget(intervalS)).toBeCloseTo(0.05 * intervalS, 15);
  }
});
