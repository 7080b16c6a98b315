import { normalNoise } from '../phantoms/noise.ts';
import { baselineVariance, groupVariance, noiseLevel } from './noise-level.ts';

test('variance of the frames of the baseline alone', () => {
  expect(baselineVariance([1, 2, 3, 4, 100], [0, 4])).toBeCloseTo(5 / 3, 15);
  expect(baselineVariance([9, 9, 1, 3], [2, 4])).toBe(2);
  expect(baselineVariance([7, 100], [0, 1])).toBe(0);
});

test('of a group the median counts, so that a few that move change nothing', () => {
  expect(groupVariance([1, 2, 3])).toBe(2);
  expect(groupVariance([1, 2, 1e9])).toBe(2);
  expect(groupVariance([Number.NaN, 4])).toBe(4);
  expect(groupVariance([])).toBe(0);
});

test('between the own level and that of the group, by the number of frames', () => {
  expect(noiseLevel(4, 21, 4)).toBe(2);
  expect(noiseLevel(9, 21, 1) ** 2).toBeCloseTo(5, 12);
  expect(noiseLevel(0, 10, 0)).toBe(0);
  expect(noiseLevel(0, 1, 4)).toBe(2);
});

test('it scatters less than the own level', () => {
  const noise = normalNoise(1);
  const variances = Array.from({ length: 400 }, () =>
    baselineVariance(Float64Array.from({ length: 10 }, noise), [0, 10]),
  );
  const group = groupVariance(variances);
  const scatter = (levels: readonly number[]) =>
    Math.sqrt(levels.reduce((sum, level) => sum + (level - 1) ** 2, 0) / levels.length);
  const own = scatter(variances.map(Math.sqrt));
  expect(own).toBeGreaterThan(0.18);
  expect(scatter(variances.map(variance => noiseLevel(variance, 10, group)))).toBeLessThan(own / 2);
});
