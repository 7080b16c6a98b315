import { equalitySuite } from '../../testing/equality-suite.ts';
import { randomInt16Volume } from '../../testing/random.ts';
import { reductionKernel } from './index.ts';
import { reduceVolume } from './twin.ts';

export const equality = equalitySuite({
  kernel: reductionKernel,
  twin: volume => reduceVolume(volume),
  *cases(random) {
    for (const dimensions of [
      [1, 1, 1],
      [31, 63, 1],
      [33, 64, 3],
      [127, 65, 2],
      [128, 64, 1],
      [256, 130, 3],
      [129, 130, 3], // its padding still holds the volume before
      [512, 200, 2],
      [513, 512, 5],
    ] as const) {
      const volume = randomInt16Volume(random, dimensions, 0.3, 130);
      yield { name: `random ${dimensions.join(' x ')}`, volume, parameters: null };
    }
    for (const value of [-32768, -1, 0, 32767]) {
      const volume = { voxels: new Int16Array(257 * 129).fill(value), dimensions: [257, 129, 1] } as const;
      yield { name: `all voxels ${value}`, volume, parameters: null };
    }
    // Their sum depends on the order in which they are added.
    const fractions = { voxels: Float32Array.from({ length: 700_000 }, random), dimensions: [700, 500, 2] } as const;
    yield { name: 'fractions', volume: fractions, parameters: null, producers: ['ts'] };
  },
  difference(answer, twin) {
    if (answer.sum !== twin.sum) return `the sum is ${answer.sum}, not ${twin.sum}`;
    return answer.maximum === twin.maximum ? null : `the maximum is ${answer.maximum}, not ${twin.maximum}`;
  },
});
