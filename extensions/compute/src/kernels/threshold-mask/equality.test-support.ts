import { equalitySuite } from '../../testing/equality-suite.ts';
import { firstDifference, randomInt16Volume } from '../../testing/random.ts';
import { comb, spiral, volumeOfShape } from '../../testing/shapes.ts';
import { thresholdMask } from '../../twins/bit-mask.ts';
import { thresholdMaskKernel } from './index.ts';

/** Widest first: a narrower volume in the same texture finds the voxels of the one before in its padding. */
const WIDTHS = [512, 129, 128, 127, 33, 32, 31, 1];
const DENSITIES = [0.05, 0.3, 0.5, 0.7, 0.9];
const EXTREMES = [-32768, -32767, -1, 0, 1, 129, 130, 131, 32766, 32767];
const THRESHOLDS = [
  -1e9, -32769, -32768, -32767.5, -32767, -0.5, 0, 0.5, 129.5, 130, 32766.5, 32767, 32767.5, 32768, 1e9,
];

export const equality = equalitySuite({
  kernel: thresholdMaskKernel,
  twin: (volume, { threshold }) => thresholdMask(volume, threshold),
  *cases(random) {
    for (const width of WIDTHS) {
      for (const density of DENSITIES) {
        const volume = randomInt16Volume(random, [width, 17, 3], density, 130);
        yield { name: `random, width ${width}, density ${density}`, volume, parameters: { threshold: 130 } };
      }
    }
    for (const size of [33, 64, 129]) {
      const parameters = { threshold: 130 };
      yield { name: `spiral of ${size}`, volume: volumeOfShape(spiral(size), [size, size, 2]), parameters };
      yield { name: `comb of ${size}`, volume: volumeOfShape(comb, [size, 9, 2]), parameters };
      yield { name: `all inside, ${size}`, volume: volumeOfShape(() => true, [size, 5, 2]), parameters };
      yield { name: `none inside, ${size}`, volume: volumeOfShape(() => false, [size, 5, 2]), parameters };
    }
    for (const width of [5, 128]) {
      const voxels = Int16Array.from({ length: width * 10 }, (_, voxel) => EXTREMES[voxel % 10]!);
      for (const threshold of [...THRESHOLDS, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const volume = { voxels, dimensions: [width, 5, 2] } as const;
        yield { name: `int16 extremes, width ${width}, threshold ${threshold}`, volume, parameters: { threshold } };
      }
    }
    const many = randomInt16Volume(random, [32, 8200, 1], 0.5, 130);
    yield { name: 'more rows than a texture', volume: many, parameters: { threshold: 130 } };
    const large = randomInt16Volume(random, [513, 512, 5], 0.1, 130);
    yield { name: 'large', volume: large, parameters: { threshold: 130 } };
  },
  difference(answer, twin) {
    for (const field of ['width', 'rows', 'wordsPerRow'] as const) {
      if (answer[field] !== twin[field]) return `${field} is ${answer[field]}, not ${twin[field]}`;
    }
    const word = firstDifference(answer.words, twin.words);
    return word < 0 ? null : `word ${word} is ${answer.words[word]}, not ${twin.words[word]}`;
  },
});
