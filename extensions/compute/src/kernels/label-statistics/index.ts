import type { Kernel } from '../../engine/kernel.ts';
import { middleOf } from '../../engine/sample.ts';
import { addStatistics, emptyStatistics } from '../../twins/component-statistics.ts';
import type { RunList } from '../../twins/runs.ts';
import { valuesOfRuns } from '../../twins/valued-runs.ts';
import { inRowBands } from '../row-bands.ts';
import { type LabelStatistics, type LabelStatisticsParameters, labeledRunsOfRows } from './twin.ts';
import { labelStatisticsWebgl2 } from './webgl2.ts';

/** Adding a voxel to its component takes about as long as reading so many. */
const VOXELS_PER_POINT = 8;
/** Runs that are looked at to know how long they are. */
const LOOKS = 1024;

function averageLength({ start, end, count }: RunList): number {
  const step = Math.max(1, Math.floor(count / LOOKS));
  let length = 0;
  let looks = 0;
  for (let run = 0; run < count; run += step, looks++) length += end[run]! - start[run]!;
  return looks > 0 ? length / looks : 0;
}

/** Area, peak and sum of every labeled component. */
export const labelStatisticsKernel: Kernel<LabelStatisticsParameters, LabelStatistics> = {
  name: 'compute.label-statistics',
  producers: {
    ts: {
      run: async (volume, parameters, _, control) => {
        const statistics = emptyStatistics(parameters.labels.count);
        await inRowBands(volume, control, ({ voxels, dimensions: [width, rows] }, firstRow) => {
          const { runs, labels } = labeledRunsOfRows(parameters, firstRow, rows);
          const values = valuesOfRuns(runs, voxels, width);
          addStatistics(statistics, { runs, values }, labels.label, width, firstRow);
        });
        const { voxelCount, peak, sum } = statistics;
        return { voxelCount, peak, sum };
      },
    },
    webgl2: labelStatisticsWebgl2,
  },
  workPerVoxel: ({ voxels }, { runs }) => 1 + (VOXELS_PER_POINT * runs.count * averageLength(runs)) / voxels.length,
  transferables: ({ voxelCount, peak, sum }) => [voxelCount.buffer, peak.buffer, sum.buffer],
  sample: (volume, parameters, maximumBytes) => {
    const middle = middleOf(volume, maximumBytes);
    const [, ny, nz] = middle.dimensions;
    return { volume: middle, parameters: labeledRunsOfRows(parameters, middle.firstRow, ny * nz) };
  },
};
