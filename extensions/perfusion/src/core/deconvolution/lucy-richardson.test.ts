import { gammaVariate, PHANTOM_ARTERY, sampleDelayed, sampleTimes, tissuePerFlow } from '../phantoms/curves.ts';
import { normalNoise, withNoise } from '../phantoms/noise.ts';
import { defaultMethod } from './default-method.ts';
import {
  BACKGROUND,
  EXTRAPOLATION_FLOOR,
  LEAST_START,
  type LucyRichardsonOptions,
  type LucyRichardsonSystem,
  lucyRichardson,
  lucyRichardsonSystem,
} from './lucy-richardson.ts';

const TIMES_S = sampleTimes(60, 1);
const FINE_S = sampleTimes(60, 0.01);
const aif = gammaVariate(TIMES_S, { ...PHANTOM_ARTERY, arrivalS: 10 });
const system = lucyRichardsonSystem(aif, 1);
const OPTIONS = defaultMethod('lr', 1) as LucyRichardsonOptions & { readonly name: 'lr' };

function tissue(mttS: number, cbf: number, delayS: number): Float64Array {
  const fine = gammaVariate(FINE_S, { ...PHANTOM_ARTERY, arrivalS: 10 });
  const perFlow = tissuePerFlow(fine, 0.01, 'exponential', mttS, { hematocritFactor: 1, densityGPerMl: 1 });
  return sampleDelayed(perFlow, 0.01, TIMES_S, delayS).map(value => value * cbf);
}

const predict = (residue: Float64Array, { kernel, firstLag }: LucyRichardsonSystem) =>
  Float64Array.from({ length: 60 }, (_, i) =>
    kernel.reduce((sum, value, k) => sum + value * (residue[i - k - firstLag] ?? 0), 0),
  );
const squares = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, t) => sum + (value - b[t]!) ** 2, 0);
const peak = (values: ArrayLike<number>) => Math.max(...Array.from(values));

/** The formula of the docstring, written once more as directly as it reads, in a number of iterations without a stop. */
function literally(curve: Float64Array, s: number, iterations: number, round: (value: number) => number): number[] {
  const at = (k: number) => (k >= system.firstLag ? (system.kernel[k - system.firstLag] ?? 0) : 0);
  const N = 60;
  const all = Array.from({ length: N }, (_, index) => index);
  const h = (k: number) => round(at(k));
  const sum = (of: (index: number) => number) => all.reduce((total, index) => round(total + of(index)), 0);
  const b = round(BACKGROUND.perNoise * s + BACKGROUND.perMaximum * peak(curve));
  let y = all.map(() => round(Math.max(sum(i => curve[i]!) / N, LEAST_START * s) / system.area));
  let x = y;
  for (let n = 0; n < iterations; n++) {
    const p = all.map(i => sum(j => h(i - j) * y[j]!));
    const ratio = all.map(i => round(Math.max(0, curve[i]! + b) / (p[i]! + b)));
    const next = all.map(j => round((y[j]! * sum(i => h(i - j) * ratio[i]!)) / sum(i => h(i - j))));
    y = next.map((value, j) => round(Math.max(EXTRAPOLATION_FLOOR * value, value + (n / (n + 3)) * (value - x[j]!))));
    x = next;
  }
  return y;
}

test('the system: half of the arterial area has passed at the shift, and the band is that above 1 %', () => {
  const before = aif.subarray(0, system.shift).reduce((sum, value) => sum + value, 0);
  expect(before).toBeLessThan(system.area / 2);
  expect(before + aif[system.shift]!).toBeGreaterThanOrEqual(system.area / 2);
  expect(system.kernel.length).toBe(Array.from(aif).filter(value => value >= 3).length);
  expect(system.area).toBeGreaterThan(0.99 * aif.reduce((sum, value) => sum + value, 0));
});

test('noise before the bolus and negative values are outside the band', () => {
  const noisy = aif.map((value, t) => value + (t < 9 ? [4, -4][t % 2]! : 0));
  noisy[20] = -5;
  const found = lucyRichardsonSystem(noisy, 1);
  expect(found.kernel[20 - found.shift - found.firstLag]).toBe(0);
  expect(found.shift + found.firstLag).toBe(system.shift + system.firstLag);
});

test.each([0, 1, 5, 12])('%d iterations are what the formula says', iterations => {
  const curve = withNoise(tissue(6, 50, 1), 0.5, normalNoise(1));
  const { residue } = lucyRichardson(curve, 0.5, system, { maximumIterations: iterations, noiseFactor: 0 });
  const expected = literally(curve, 0.5, iterations, value => value);
  for (let t = 0; t < 60; t++) expect(residue[t]).toBeCloseTo(expected[t]!, 12);
});

test.each([0, 0.3, 1])('single precision gives the same flow to 1e-4, with noise of %d HU', sd => {
  const curve = withNoise(tissue(4, 60, 2), sd, normalNoise(2));
  const { iterations } = lucyRichardson(curve, sd, system, OPTIONS);
  const exact = literally(curve, sd, iterations, value => value);
  const single = literally(curve, sd, iterations, Math.fround);
  expect(Math.abs(peak(single) / peak(exact) - 1)).toBeLessThan(1e-4);
  expect(single.indexOf(peak(single))).toBe(exact.indexOf(peak(exact)));
});

test('without noise all iterations are made, and more of them explain the curve better', () => {
  const curve = tissue(5, 60, 1);
  let last = Number.POSITIVE_INFINITY;
  for (const maximumIterations of [4, 8, 16, 32, 64]) {
    const { residue, iterations } = lucyRichardson(curve, 0, system, { maximumIterations, noiseFactor: 2 });
    expect(iterations).toBe(maximumIterations);
    const left = squares(curve, predict(residue, system));
    expect(left).toBeLessThan(last);
    last = left;
  }
  expect(last).toBeLessThan(1e-4 * squares(curve, new Float64Array(60)));
});

test('the more noise, the earlier it stops', () => {
  const noise = normalNoise(4);
  const curve = tissue(4, 60, 1);
  const iterationsAt = (sd: number) => {
    let sum = 0;
    for (let trial = 0; trial < 20; trial++)
      sum += lucyRichardson(withNoise(curve, sd, noise), sd, system, OPTIONS).iterations;
    return sum / 20;
  };
  const found = [0.05, 0.2, 0.8, 3].map(iterationsAt);
  for (let index = 1; index < found.length; index++) expect(found[index]!).toBeLessThan(found[index - 1]!);
});

test('the stop does not jump: a little more noise changes the flow a little', () => {
  const curve = withNoise(tissue(4, 60, 1), 0.5, normalNoise(6));
  const flowAt = (sd: number) => peak(lucyRichardson(curve, sd, system, OPTIONS).residue);
  const iterations = new Set<number>();
  for (let sd = 0.2; sd < 3; sd *= 1.005) {
    expect(Math.abs(flowAt(sd * 1.005) / flowAt(sd) - 1)).toBeLessThan(0.01);
    iterations.add(lucyRichardson(curve, sd, system, OPTIONS).iterations);
  }
  expect(iterations.size).toBeGreaterThanOrEqual(3);
});

test('never negative', () => {
  const noise = normalNoise(5);
  for (let trial = 0; trial < 50; trial++) {
    const curve = withNoise(tissue(4, 10 * (trial % 5), 1), 2, noise);
    for (const value of lucyRichardson(curve, 2, system, OPTIONS).residue) expect(value).toBeGreaterThanOrEqual(0);
  }
});

test.each([2, 1000, 1e-3])('curve and noise times %d give %d times the residue function', factor => {
  const curve = withNoise(tissue(6, 40, 0), 1, normalNoise(7));
  const { residue } = lucyRichardson(curve, 1, system, OPTIONS);
  const scaled = lucyRichardson(
    curve.map(value => value * factor),
    factor,
    system,
    OPTIONS,
  ).residue;
  for (let t = 0; t < 60; t++) expect(scaled[t]! / factor).toBeCloseTo(residue[t]!, 12);
});

test.each([
  ['without noise', 0],
  ['with noise', 0.5],
])('the unit of the artery and the interval only scale it, %s', (_, sd) => {
  const curve = tissue(6, 40, 0);
  const { residue } = lucyRichardson(curve, sd, system, OPTIONS);
  const other = lucyRichardsonSystem(
    aif.map(value => value / 50),
    2,
  );
  const scaled = lucyRichardson(curve, sd, other, OPTIONS).residue;
  for (let t = 0; t < 60; t++) expect((scaled[t]! * 2) / 50).toBeCloseTo(residue[t]!, 12);
});

test.each([-6, -1, 3, 8])('a curve that is %d samples later gives a residue function that is as much later', shift => {
  const early = tissue(4, 60, 0);
  const moved = tissue(4, 60, shift);
  const [from, to] = [early, moved].map(curve => lucyRichardson(curve, 0.2, system, OPTIONS).residue) as [
    Float64Array,
    Float64Array,
  ];
  const highest = peak(from);
  expect(peak(to) / highest).toBeGreaterThan(0.995);
  expect(peak(to) / highest).toBeLessThan(1.005);
  expect(to.indexOf(peak(to)) - from.indexOf(highest)).toBe(shift);
});

test('nothing but values below the baseline, without noise, is no flow', () => {
  expect(peak(lucyRichardson(new Float64Array(60), 0, system, OPTIONS).residue)).toBe(0);
  expect(peak(lucyRichardson(new Float64Array(60).fill(-3), 0, system, OPTIONS).residue)).toBe(0);
});
