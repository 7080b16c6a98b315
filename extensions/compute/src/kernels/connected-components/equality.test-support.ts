import { equalitySuite } from '../../testing/equality-suite.ts';
import { firstDifference, randomInt16Volume } from '../../testing/random.ts';
import { comb, spiral, volumeOfShape } from '../../testing/shapes.ts';
import { statisticsOfValues } from '../../twins/component-statistics.ts';
import { labelRuns } from '../../twins/connected-components.ts';
import { thresholdRuns } from '../../twins/valued-runs.ts';
import { type ConnectedComponents, type ConnectedComponentsParameters, connectedComponentsKernel } from './index.ts';

const CONNECTIVITIES = [4, 8, 6, 26] as const;
const EXTREMES = [-32768, -32767, -1, 0, 1, 129, 130, 131, 32766, 32767];
const THRESHOLDS = [-1e9, -32768, -32767.5, -0.5, 0, 129.5, 130, 32767, 32767.5, 1e9, Number.NaN];

export const equality = equalitySuite<ConnectedComponentsParameters, ConnectedComponents>({
  kernel: connectedComponentsKernel,
  twin(volume, { threshold, connectivity }) {
    const [width, rowsPerSlice] = volume.dimensions;
    const valuedRuns = thresholdRuns(volume, threshold);
    const labels = labelRuns(valuedRuns.runs, rowsPerSlice, connectivity);
    return { runs: valuedRuns.runs, labels, statistics: statisticsOfValues(valuedRuns, labels, width) };
  },
  *cases(random) {
    for (const connectivity of CONNECTIVITIES) {
      for (const density of [0.05, 0.3, 0.5, 0.7, 0.9]) {
        for (const width of [129, 128, 64, 33, 1]) {
          const volume = randomInt16Volume(random, [width, 17, 4], density, 130);
          const name = `width ${width}, density ${density}, ${connectivity}-connected`;
          yield { name, volume, parameters: { threshold: 130, connectivity } };
        }
      }
      const parameters = { threshold: 130, connectivity };
      for (const size of [64, 65]) {
        yield { name: `spiral, ${connectivity}`, volume: volumeOfShape(spiral(size), [size, size, 2]), parameters };
        yield { name: `comb, ${connectivity}`, volume: volumeOfShape(comb, [size, 33, 2]), parameters };
        yield { name: `all, ${connectivity}`, volume: volumeOfShape(() => true, [size, 5, 3]), parameters };
        yield { name: `nothing, ${connectivity}`, volume: volumeOfShape(() => false, [size, 5, 3]), parameters };
      }
    }
    for (const threshold of THRESHOLDS) {
      const voxels = Int16Array.from({ length: 37 * 10 }, (_, voxel) => EXTREMES[voxel % 10]!);
      const volume = { voxels, dimensions: [37, 5, 2] } as const;
      yield { name: `int16 extremes, threshold ${threshold}`, volume, parameters: { threshold, connectivity: 8 } };
    }
    const large = randomInt16Volume(random, [500, 500, 5], 0.1, 130);
    yield { name: 'large', volume: large, parameters: { threshold: 130, connectivity: 26 } };
  },
  difference: componentsDifference,
});

/** How two answers differ, in words, or null where they are equal in every number. */
export function componentsDifference(answer: ConnectedComponents, twin: ConnectedComponents): string | null {
  if (answer.runs.count !== twin.runs.count) return `${answer.runs.count} runs, not ${twin.runs.count}`;
  if (answer.labels.count !== twin.labels.count) return `${answer.labels.count} labels, not ${twin.labels.count}`;
  const arrays = [
    ...(['start', 'end', 'rowStart'] as const).map(field => [field, answer.runs[field], twin.runs[field]] as const),
    ['label', answer.labels.label, twin.labels.label] as const,
    ...(['voxelCount', 'peak', 'peakVoxel', 'sum', 'firstRow'] as const).map(
      field => [field, answer.statistics[field], twin.statistics[field]] as const,
    ),
  ];
  for (const [name, mine, truth] of arrays) {
    const index = firstDifference(mine, truth);
    if (index >= 0) return `${name}[${index}] is ${mine[index]}, not ${truth[index]}`;
  }
  return null;
}
