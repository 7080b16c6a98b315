import { equalitySuite } from '../../testing/equality-suite.ts';
import { firstDifference, randomInt16Volume } from '../../testing/random.ts';
import { comb, type Shape, spiral, volumeOfShape } from '../../testing/shapes.ts';
import { thresholdMask } from '../../twins/bit-mask.ts';
import { labelRuns } from '../../twins/connected-components.ts';
import { runsFromMask } from '../../twins/runs.ts';
import { type GpuLabelsParameters, gpuLabelsKernel, type LabeledRuns } from './index.ts';

/** Every second pixel of a checkerboard is a component of its own at 4, and all are one at 8. */
const checkerboard: Shape = (x, y) => (x + y) % 2 === 0;
/** Teeth that are joined at the bottom, so that their numbers come together late. */
const upturnedComb =
  (rows: number): Shape =>
  (x, y) =>
    y === rows - 1 || x % 2 === 0;

export const equality = equalitySuite<GpuLabelsParameters, LabeledRuns>({
  kernel: gpuLabelsKernel,
  twin(volume, { threshold, connectivity }) {
    const runs = runsFromMask(thresholdMask(volume, threshold));
    return { runs, labels: labelRuns(runs, volume.dimensions[1], connectivity) };
  },
  *cases(random) {
    for (const connectivity of [4, 8] as const) {
      const parameters = { threshold: 130, connectivity };
      for (const density of [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
        const volume = randomInt16Volume(random, [97, 53, 3], density, 130);
        yield { name: `density ${density}, ${connectivity}-connected`, volume, parameters };
      }
      for (const dimensions of [
        [1, 1, 1],
        [1, 40, 2],
        [40, 1, 3],
        [1030, 3, 2],
      ] as const) {
        const volume = randomInt16Volume(random, dimensions, 0.6, 130);
        yield { name: `${dimensions.join(' x ')}, ${connectivity}-connected`, volume, parameters };
      }
      const shapes = {
        spiral: spiral(129),
        comb,
        upturned: upturnedComb(129),
        checkerboard,
        all: () => true,
        nothing: () => false,
      };
      for (const [name, shape] of Object.entries(shapes)) {
        yield { name: `${name}, ${connectivity}-connected`, volume: volumeOfShape(shape, [129, 129, 2]), parameters };
      }
    }
    const full = { threshold: 130, connectivity: 4 } as const;
    yield {
      name: 'a spiral that fills 512 x 512',
      volume: volumeOfShape(spiral(512), [512, 512, 1]),
      parameters: full,
    };
    const many = randomInt16Volume(random, [512, 512, 5], 0.02, 130);
    yield { name: 'more slices than are labeled at a time', volume: many, parameters: full };
    for (const threshold of [-32769, -32768, 0.5, 32767, 32768, Number.NaN]) {
      const voxels = Int16Array.of(-32768, -32767, 0, 1, 32766, 32767, 32767, -32768, 0);
      const volume = { voxels, dimensions: [3, 3, 1] } as const;
      yield { name: `int16 extremes, threshold ${threshold}`, volume, parameters: { threshold, connectivity: 8 } };
    }
  },
  difference(answer, twin) {
    if (answer.labels.count !== twin.labels.count) return `${answer.labels.count} labels, not ${twin.labels.count}`;
    const label = firstDifference(answer.labels.label, twin.labels.label);
    if (label >= 0)
      return `the label of run ${label} is ${answer.labels.label[label]}, not ${twin.labels.label[label]}`;
    for (const field of ['start', 'end', 'rowStart'] as const) {
      const index = firstDifference(answer.runs[field], twin.runs[field]);
      if (index >= 0) return `${field}[${index}] is ${answer.runs[field][index]}, not ${twin.runs[field][index]}`;
    }
    return null;
  },
});
