import { gammaVariate, PHANTOM_ARTERY, sampleTimes } from '../phantoms/curves.ts';
import { normalNoise, withNoise } from '../phantoms/noise.ts';
import { ArterialInputError } from './arterial-input.ts';
import { createDeconvolver } from './create-deconvolver.ts';
import { defaultMethod } from './default-method.ts';
import { type LinearMethod, residueMatrix } from './residue-matrix.ts';
import { singularValues } from './singular-values.ts';

const aifOf = (samples: number, intervalS: number) =>
  gammaVariate(sampleTimes(samples * intervalS, intervalS), { ...PHANTOM_ARTERY, arrivalS: 10 });

const LINEAR: readonly LinearMethod[] = [
  { name: 'csvd', truncation: 0.1 },
  { name: 'ssvd', truncation: 0.2 },
  { name: 'tikhonov', truncation: 0.1 },
];

test.each([
  [40, 1, 0.1],
  [40, 1.5, 0.2],
  [31, 2, 0.03],
])(
  'block-circulant SVD in frequencies is that of the dense matrix: %d samples, %d s, truncation %d',
  (samples, dt, truncation) => {
    const aif = withNoise(aifOf(samples, dt), 2, normalNoise(1));
    const length = 2 * samples;
    const dense = singularValues(
      Array.from({ length }, (_, column) =>
        Float64Array.from({ length }, (_, row) => dt * (aif[(row - column + length) % length] ?? 0)),
      ),
    );
    const { values, rows, columns } = residueMatrix(aif, dt, { name: 'csvd', truncation });
    const inverse = (row: number, column: number) =>
      dense.right.reduce((sum, vector, index) => {
        const isKept = dense.values[index]! >= truncation * dense.values[0]!;
        return sum + (isKept ? (vector[row]! * dense.scaledLeft[index]![column]!) / dense.values[index]! ** 2 : 0);
      }, 0);
    const largest = values.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
    expect([rows, columns]).toEqual([length, samples]);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        expect(Math.abs(values[row * columns + column]! - inverse(row, column)) / largest).toBeLessThan(1e-12);
      }
    }
  },
);

test('Tikhonov solves the damped normal equations', () => {
  const dt = 1.5;
  const aif = aifOf(30, dt);
  const at = (row: number, column: number) => (row < column ? 0 : dt * aif[row - column]!);
  const { values } = residueMatrix(aif, dt, { name: 'tikhonov', truncation: 0.1 });
  const columns = Array.from({ length: 30 }, (_, column) =>
    Float64Array.from({ length: 30 }, (_, row) => at(row, column)),
  );
  const lambda = 0.1 * singularValues(columns).values[0]!;
  // (A'A + lambda^2) M = A'
  const sum = (of: (k: number) => number) => Array.from({ length: 30 }, (_, k) => of(k)).reduce((a, b) => a + b, 0);
  for (let row = 0; row < 30; row += 3) {
    for (let column = 0; column < 30; column += 3) {
      const left = sum(k => {
        const square = sum(j => at(j, row) * at(j, k)) + (row === k ? lambda * lambda : 0);
        return square * values[k * 30 + column]!;
      });
      expect(Math.abs(left - at(column, row))).toBeLessThan(1e-9 * lambda);
    }
  }
});

test('with nothing cut off the triangular matrix is inverted', () => {
  const aif = Float64Array.of(5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0);
  const curve = Float64Array.from({ length: 12 }, (_, t) => [0, 3, 1, 2].at(t % 4)!);
  const observed = curve.map((_, t) => {
    let sum = 0;
    for (let k = 0; k <= t; k++) sum += 0.5 * aif[k]! * curve[t - k]!;
    return sum;
  });
  const found = createDeconvolver(aif, 0.5, { name: 'ssvd', truncation: 0 }).residueOf(observed, 0);
  for (let t = 0; t < 12; t++) expect(found[t]).toBeCloseTo(curve[t]!, 10);
});

test.each(LINEAR)('%j is linear, and scales with the artery and the interval', method => {
  const noise = normalNoise(3);
  const aif = aifOf(40, 1);
  const [a, b] = [0, 1].map(() => Float64Array.from({ length: 40 }, noise)) as [Float64Array, Float64Array];
  const { residueOf } = createDeconvolver(aif, 1, method);
  const both = residueOf(
    a.map((value, t) => 2 * value - 3 * b[t]!),
    0,
  );
  const [ofA, ofB] = [residueOf(a, 0), residueOf(b, 0)];
  const stronger = createDeconvolver(
    aif.map(value => 4 * value),
    1,
    method,
  ).residueOf(a, 0);
  const slower = createDeconvolver(aif, 2, method).residueOf(a, 0);
  for (let t = 0; t < both.length; t++) {
    expect(both[t]).toBeCloseTo(2 * ofA[t]! - 3 * ofB[t]!, 10);
    expect(stronger[t]).toBeCloseTo(ofA[t]! / 4, 10);
    expect(slower[t]).toBeCloseTo(ofA[t]! / 2, 10);
  }
});

test('a curve that comes later gives a residue function that comes later, by the block-circulant matrix alone', () => {
  const aif = aifOf(60, 1);
  const curve = gammaVariate(sampleTimes(60, 1), { arrivalS: 8, shape: 3, scaleS: 2, peak: 10 });
  const later = Float64Array.from(curve, (_, t) => (t < 5 ? 0 : curve[t - 5]!));
  // The last samples of the curve that leave the window are small, and those alone may differ.
  const lost = Math.max(...curve.subarray(55));
  const difference = (method: LinearMethod) => {
    const { residueOf } = createDeconvolver(aif, 1, method);
    const [early, late] = [residueOf(curve, 0), residueOf(later, 0)];
    const length = early.length;
    return Math.max(...early.map((value, t) => Math.abs(value - late[(t + 5) % length]!)));
  };
  expect(difference(LINEAR[0]!)).toBeLessThan(1e-3 * lost + 1e-12);
  expect(difference(LINEAR[1]!)).toBeGreaterThan(1e-4);
});

test('times: negative above N by the block-circulant matrix, none by the triangular one', () => {
  const aif = aifOf(12, 1.5);
  expect(Array.from(residueMatrix(aif, 1.5, LINEAR[0]!).timesS)).toEqual([
    ...Array.from({ length: 13 }, (_, t) => 1.5 * t),
    ...Array.from({ length: 11 }, (_, t) => 1.5 * (t - 11)),
  ]);
  expect(residueMatrix(aif, 1.5, LINEAR[1]!).timesS.at(-1)).toBe(16.5);
});

test.each<[string, Float64Array, number, RegExp]>([
  ['four time points', aifOf(4, 5), 5, /4 time points/],
  ['a constant curve', new Float64Array(30).fill(7), 1, /constant/],
  ['nothing above the baseline', aifOf(30, 1).map(value => -value), 1, /does not rise/],
  ['no area by the trapezoid rule', new Float64Array(30).fill(100, 0, 1).fill(-60, 12, 13), 1, /does not rise/],
  ['a value that is no number', aifOf(30, 1).fill(Number.NaN, 4, 5), 1, /time point 5/],
  ['an infinite value', aifOf(30, 1).fill(Number.POSITIVE_INFINITY, 4, 5), 1, /time point 5/],
  ['no interval', aifOf(30, 1), 0, /interval.*not 0/],
])('%s is refused as an arterial input', (_, aif, intervalS, sentence) => {
  for (const name of ['lr', 'csvd', 'osvd', 'ssvd', 'tikhonov'] as const) {
    expect(() => createDeconvolver(aif, intervalS, defaultMethod(name, 1))).toThrow(ArterialInputError);
    expect(() => createDeconvolver(aif, intervalS, defaultMethod(name, 1))).toThrow(sentence);
  }
});
