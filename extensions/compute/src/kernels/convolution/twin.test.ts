import { gaussianWeights, separableConvolution } from './twin.ts';

const image = { voxels: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0), dimensions: [3, 3, 1] } as const;

describe('separableConvolution', () => {
  test('spreads a point as the product of both weights, as written and not mirrored', () => {
    const answer = separableConvolution(image, { x: [1, 2, 4], y: [1, 0, 0] });
    expect([...answer]).toEqual([0, 0, 0, 0, 0, 0, 4, 2, 1]);
  });

  test('repeats the border, slice by slice', () => {
    const voxels = Int16Array.of(1, 3, 10, 30);
    const answer = separableConvolution({ voxels, dimensions: [2, 1, 2] }, { x: [1, 0, 0], y: [0, 0, 1] });
    expect([...answer]).toEqual([1, 1, 10, 10]);
  });

  test('keeps a constant image under a Gaussian', () => {
    const weights = gaussianWeights(2);
    const constant = { voxels: new Float32Array(60).fill(7), dimensions: [10, 6, 1] } as const;
    for (const value of separableConvolution(constant, { x: weights, y: weights })) expect(value).toBeCloseTo(7, 6);
  });

  test('refuses weights without a center', () => {
    expect(() => separableConvolution(image, { x: [1, 1], y: [1] })).toThrow('2 of them cannot be');
    expect(() => separableConvolution(image, { x: [1], y: [Number.NaN] })).toThrow('NaN cannot be');
  });
});

test('gaussianWeights: symmetric, of sum 1, cut at three standard deviations', () => {
  const weights = gaussianWeights(1.5);
  expect(weights).toHaveLength(11);
  expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 14);
  expect(weights.map((_, i) => weights[10 - i])).toEqual(weights);
  expect(weights[6]! / weights[5]!).toBeCloseTo(Math.exp(-1 / (2 * 1.5 ** 2)), 14);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  'gaussianWeights refuses a standard deviation of %d',
  sigma => {
    expect(() => gaussianWeights(sigma)).toThrow('A Gaussian has a positive standard deviation');
  },
);
