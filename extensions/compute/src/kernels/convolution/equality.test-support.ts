import { equalitySuite } from '../../testing/equality-suite.ts';
import { randomInt16Volume } from '../../testing/random.ts';
import { convolutionKernel } from './index.ts';
import { gaussianWeights, separableConvolution } from './twin.ts';

/** Of the largest value: float32 sums of positive terms against float64. */
const TOLERANCE = 1e-6;

export const equality = equalitySuite({
  kernel: convolutionKernel,
  twin: separableConvolution,
  *cases(random) {
    for (const dimensions of [
      [1, 1, 1],
      [33, 17, 3],
      [128, 64, 2],
      [7, 1, 5],
      [1, 9, 4],
      [4, 3000, 3], // more than one texture on most GPUs
    ] as const) {
      const voxels = Float32Array.from({ length: dimensions[0] * dimensions[1] * dimensions[2] }, random);
      const weights = gaussianWeights(1 + random() * 3);
      const name = `Gaussian of ${weights.length} taps on ${dimensions.join(' x ')}`;
      yield { name, volume: { voxels, dimensions }, parameters: { x: weights, y: weights } };
    }
    const int16 = randomInt16Volume(random, [65, 33, 2], 0.5, 500);
    yield { name: 'int16 voxels', volume: int16, parameters: { x: gaussianWeights(2), y: gaussianWeights(0.5) } };
    yield { name: 'not symmetric', volume: int16, parameters: { x: [0, 0.25, 1], y: [1, 0.5, 0.125, 0, 0] } };
    yield { name: 'identity', volume: int16, parameters: { x: [1], y: [1] } };
    yield { name: 'tiny weights', volume: int16, parameters: { x: [1e-12, 1, 1e-12], y: [1e-30] } };
    const large = randomInt16Volume(random, [400, 700, 2], 0.1, 130);
    yield { name: 'large', volume: large, parameters: { x: [0.25, 0.5, 0.25], y: gaussianWeights(0.6) } };
  },
  difference(answer, twin) {
    if (answer.length !== twin.length) return `${answer.length} values, not ${twin.length}`;
    const largest = twin.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const voxel = twin.findIndex((value, i) => !(Math.abs(answer[i]! - value) <= TOLERANCE * largest));
    return voxel < 0 ? null : `voxel ${voxel} is ${answer[voxel]}, not ${twin[voxel]}`;
  },
});
