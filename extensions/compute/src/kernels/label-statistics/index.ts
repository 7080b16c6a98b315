import type { Kernel } from '../../engine/kernel.ts';
import { middleOf } from '../../engine/sample.ts';
import { addStatistics, emptyStatistics } from '../../twins/component-statistics.ts';
import { valuesOfRuns } from '../../twins/valued-runs.ts';
import { inRowBands } from '../row-bands.ts';
import { type LabelStatistics, type LabelStatisticsParameters, runsOfRows } from './twin.ts';
import { labelStatisticsWebgl2 } from './webgl2.ts';

/** Area, peak and sum of every labeled component. */
export const labelStatisticsKernel: Kernel<LabelStatisticsParameters, LabelStatistics> = {
  name: 'compute.label-statistics',
  producers: {
    ts: {
      run: async (volume, parameters, _, control) => {
        const statistics = emptyStatistics(parameters.labels.count);
        await inRowBands(volume, control, ({ voxels, dimensions: [width, rows] }, firstRow) => {
          const { runs, labels } = runsOfRows(parameters, firstRow, rows);
          const values = valuesOfRuns(runs, voxels, width);
          addStatistics(statistics, { runs, values }, labels.label, width, firstRow);
        });
        const { voxelCount, peak, sum } = statistics;
        return { voxelCount, peak, sum };
      },
    },
    webgl2: labelStatisticsWebgl2,
  },
  transferables: ({ voxelCount, peak, sum }) => [voxelCount.buffer, peak.buffer, sum.buffer],
  sample: (volume, parameters, maximumBytes) => {
    const middle = middleOf(volume, maximumBytes);
    const [, ny, nz] = middle.dimensions;
    return { volume: middle, parameters: runsOfRows(parameters, middle.firstRow, ny * nz) };
  },
};
