import { equalitySuite } from '../../testing/equality-suite.ts';
import { firstDifference, randomInt16Volume } from '../../testing/random.ts';
import { comb, spiral, volumeOfShape } from '../../testing/shapes.ts';
import { thresholdMask } from '../../twins/bit-mask.ts';
import { labelRuns } from '../../twins/connected-components.ts';
import { runsFromMask } from '../../twins/runs.ts';
import type { Connectivity } from '../../twins/touching-runs.ts';
import type { Int16Volume } from '../../volume.ts';
import { labelStatisticsKernel } from './index.ts';
import { labelStatistics } from './twin.ts';

function labeled(volume: Int16Volume, connectivity: Connectivity, threshold = 130) {
  const runs = runsFromMask(thresholdMask(volume, threshold));
  return { volume, parameters: { runs, labels: labelRuns(runs, volume.dimensions[1], connectivity) } };
}

export const equality = equalitySuite({
  kernel: labelStatisticsKernel,
  twin: labelStatistics,
  *cases(random) {
    for (const density of [0.05, 0.3, 0.5, 0.7, 0.9]) {
      for (const connectivity of [4, 8, 26] as const) {
        const volume = randomInt16Volume(random, [129, 40, 3], density, 130);
        yield { name: `density ${density}, ${connectivity}-connected`, ...labeled(volume, connectivity) };
      }
    }
    yield { name: 'spiral', ...labeled(volumeOfShape(spiral(65), [65, 65, 1]), 4) };
    yield { name: 'comb', ...labeled(volumeOfShape(comb, [65, 33, 2]), 4) };
    yield {
      name: 'nothing inside',
      ...labeled(
        volumeOfShape(() => false, [33, 5, 1]),
        8,
      ),
    };
    const lowest = { voxels: new Int16Array(40 * 9).fill(-32768), dimensions: [40, 9, 1] } as const;
    yield { name: 'the lowest value everywhere', ...labeled(lowest, 8, -32768) };
    // More voxels of one component than float32 could add up: 300,000 times 32767.
    const large = { voxels: new Int16Array(500 * 600).fill(32767), dimensions: [500, 600, 1] } as const;
    yield { name: 'one large component of the highest value', ...labeled(large, 8) };
    yield { name: 'large', ...labeled(randomInt16Volume(random, [512, 512, 5], 0.1, 130), 26) };
  },
  difference(answer, twin) {
    for (const field of ['voxelCount', 'peak', 'sum'] as const) {
      const label = firstDifference(answer[field], twin[field]);
      if (label >= 0) return `${field} of component ${label} is ${answer[field][label]}, not ${twin[field][label]}`;
    }
    return null;
  },
});
