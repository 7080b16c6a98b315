import type { DeconvolutionMethod } from '../deconvolution-method.ts';
import { measurePhantom } from '../phantoms/accuracy.ts';
import type { ResidueKind } from '../phantoms/curves.ts';
import { delayGrid } from '../phantoms/delay-grid.ts';
import { defaultMethod } from './default-method.ts';

/** The artery arrives at 12 s, tissue 4 s before it at the earliest. */
const BASELINE_END = 8;
const DELAYS_S = [-4, -2, 0, 2, 4, 6, 8, 10];
const CSVD: DeconvolutionMethod = { name: 'csvd', truncation: 0.1 };
const LR = defaultMethod('lr', 1);
const OSVD: DeconvolutionMethod = { name: 'osvd', oscillationTarget: 0.035 };
const SSVD: DeconvolutionMethod = { name: 'ssvd', truncation: 0.2 };

function overDelays(kind: ResidueKind, mttS: number, method: DeconvolutionMethod) {
  const measured = measurePhantom(delayGrid({ kind, mttS }), method, BASELINE_END);
  const parts = measured.map(({ values, truth }) => values.cbf / truth.cbf);
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  const tmaxS = measured.map(({ values }) => values.tmaxS);
  return { parts, spread: (Math.max(...parts) - Math.min(...parts)) / mean, tmaxS, slope: slopeOf(tmaxS) };
}

/** Least squares against the delays. */
function slopeOf(values: readonly number[]): number {
  const meanX = DELAYS_S.reduce((sum, x) => sum + x, 0) / DELAYS_S.length;
  const covariance = DELAYS_S.reduce((sum, x, index) => sum + (x - meanX) * values[index]!, 0);
  return covariance / DELAYS_S.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}

test.each<[string, ResidueKind, number, DeconvolutionMethod, number]>([
  ['block-circulant SVD', 'exponential', 4, CSVD, 0.005],
  ['block-circulant SVD', 'box', 4, CSVD, 0.005],
  ['block-circulant SVD', 'exponential', 12, CSVD, 0.02],
  ['block-circulant SVD', 'box', 12, CSVD, 0.02],
  ['Lucy-Richardson', 'exponential', 4, LR, 0.005],
  ['Lucy-Richardson', 'box', 4, LR, 0.005],
  ['Lucy-Richardson', 'exponential', 12, LR, 0.02],
  ['Lucy-Richardson', 'box', 12, LR, 0.02],
])('%s is flat over delays, %s residue function, MTT %d s', (_, kind, mttS, method, highest) => {
  const { spread, slope } = overDelays(kind, mttS, method);
  expect(spread).toBeLessThan(highest);
  expect(Math.abs(slope - 1)).toBeLessThan(0.01);
});

test('the lower-triangular matrix is not: it overestimates tissue that is earlier than the artery', () => {
  const { spread, parts } = overDelays('exponential', 4, SSVD);
  expect(spread).toBeGreaterThan(0.7);
  expect(parts.map(part => Number(part.toFixed(2))).slice(0, 3)).toEqual([1.21, 1.08, 0.62]);
});

test.each<[string, ResidueKind, number, DeconvolutionMethod, readonly number[]]>([
  ['csvd', 'exponential', 4, CSVD, [-2, 0, 2, 4, 6, 8, 10, 12]],
  ['csvd', 'exponential', 12, CSVD, [-1, 1, 3, 5, 7, 9, 11, 13]],
  ['csvd', 'box', 12, CSVD, [5, 7, 9, 11, 13, 15, 17, 19]],
  ['osvd', 'exponential', 4, OSVD, [-3, -1, 1, 3, 5, 7, 9, 11]],
  ['osvd', 'box', 12, OSVD, [6, 8, 10, 12, 14, 16, 18, 20]],
  ['ssvd', 'exponential', 4, SSVD, [0, 0, 1, 4, 6, 8, 10, 12]],
  ['ssvd', 'box', 12, SSVD, [0, 0, 8, 6, 11, 10, 16, 14]],
  ['lr', 'exponential', 4, LR, [-3, -1, 1, 3, 5, 7, 9, 11]],
])('Tmax of %s, %s, MTT %d s, is that of the table', (_, kind, mttS, method, tmaxS) => {
  expect(overDelays(kind, mttS, method).tmaxS).toEqual(tmaxS);
});

test.each<[ResidueKind, number, number]>([
  ['exponential', 4, 0.64],
  ['box', 4, 1],
  ['exponential', 12, 0.87],
  ['box', 12, 1.11],
])('flow of block-circulant SVD, %s, MTT %d s, is %d of the truth', (kind, mttS, part) => {
  for (const found of overDelays(kind, mttS, CSVD).parts) expect(Math.abs(found - part)).toBeLessThan(0.01);
});
