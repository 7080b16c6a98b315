import { equalitySuite } from '../../testing/equality-suite.ts';
import { firstDifference, randomInt16Volume } from '../../testing/random.ts';
import { histogramKernel } from './index.ts';
import { histogramOf } from './twin.ts';

export const equality = equalitySuite({
  kernel: histogramKernel,
  twin: histogramOf,
  *cases(random) {
    const everyValue = { lowest: -32768, binWidth: 1, bins: 65536 };
    for (const dimensions of [
      [1, 1, 1],
      [33, 17, 3],
      [129, 64, 2],
    ] as const) {
      const volume = randomInt16Volume(random, dimensions, 0.5, 130);
      const size = dimensions.join(' x ');
      yield { name: `wide bins, ${size}`, volume, parameters: { lowest: -200, binWidth: 37, bins: 12 } };
      yield { name: `a bin per value, ${size}`, volume, parameters: everyValue };
      yield { name: `one bin, ${size}`, volume, parameters: { lowest: 130, binWidth: 100, bins: 1 } };
    }
    const extremes = Int16Array.of(-32768, -32767, -1, 0, 0, 1, 32766, 32767, 32767);
    const volume = { voxels: extremes, dimensions: [9, 1, 1] } as const;
    yield { name: 'int16 extremes', volume, parameters: everyValue };
    yield {
      name: 'bins between integers',
      volume,
      parameters: { lowest: -0.5, binWidth: 0.75, bins: 4 },
      producers: ['ts'],
    };
    const large = randomInt16Volume(random, [512, 512, 5], 0.1, 130);
    yield { name: 'large', volume: large, parameters: { lowest: -300, binWidth: 7, bins: 100 } };
  },
  difference(answer, twin) {
    const bin = firstDifference(answer, twin);
    return bin < 0 ? null : `bin ${bin} has ${answer[bin]}, not ${twin[bin]}`;
  },
});
