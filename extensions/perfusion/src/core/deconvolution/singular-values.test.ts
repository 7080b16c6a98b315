import { normalNoise } from '../phantoms/noise.ts';
import { singularValues } from './singular-values.ts';

function randomColumns(size: number, seed: number): Float64Array[] {
  const noise = normalNoise(seed);
  return Array.from({ length: size }, () => Float64Array.from({ length: size }, noise));
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, row) => sum + value * b[row]!, 0);

test.each([1, 2, 3, 10, 60])('%d columns are the product of what they are taken apart into', size => {
  const columns = randomColumns(size, size);
  const { values, scaledLeft, right } = singularValues(columns);
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      const product = right.reduce((sum, vector, index) => sum + scaledLeft[index]![row]! * vector[column]!, 0);
      expect(Math.abs(product - columns[column]![row]!)).toBeLessThan(1e-12 * values[0]!);
    }
  }
});

test('right vectors are orthonormal, left ones orthogonal and as long as their values, which descend', () => {
  const { values, scaledLeft, right } = singularValues(randomColumns(40, 7));
  for (let i = 0; i < 40; i++) {
    if (i > 0) expect(values[i]!).toBeLessThanOrEqual(values[i - 1]!);
    for (let j = 0; j <= i; j++) {
      expect(Math.abs(dot(right[i]!, right[j]!) - (i === j ? 1 : 0))).toBeLessThan(1e-12);
      expect(Math.abs(dot(scaledLeft[i]!, scaledLeft[j]!) - (i === j ? values[i]! ** 2 : 0))).toBeLessThan(
        1e-11 * values[0]! ** 2,
      );
    }
  }
});

test('known values: a diagonal, a rotation, a matrix of rank 1', () => {
  const of = (...columns: number[][]) =>
    Array.from(singularValues(columns.map(column => Float64Array.from(column))).values);
  expect(of([3, 0], [0, -5])).toEqual([5, 3]);
  const turn = of([0.6, 0.8], [-0.8, 0.6]);
  expect(turn[0]).toBeCloseTo(1, 15);
  expect(turn[1]).toBeCloseTo(1, 15);
  const single = of([1, 2], [2, 4]);
  expect(single[0]).toBeCloseTo(5, 14);
  expect(single[1]).toBeLessThan(1e-14);
  expect(of([0, 0], [0, 0])).toEqual([0, 0]);
});
