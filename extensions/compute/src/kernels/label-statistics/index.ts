import type { Kernel, Sample } from '../../engine/kernel.ts';
import { middleOf } from '../../engine/sample.ts';
import { type ComponentStatistics, componentStatistics } from '../../twins/component-statistics.ts';
import type { ComponentLabels } from '../../twins/connected-components.ts';
import type { RunList } from '../../twins/runs.ts';
import type { VoxelVolume } from '../../volume.ts';
import { labelStatisticsWebgl2 } from './webgl2.ts';

export interface LabelStatisticsParameters {
  /** Runs of the volume's rows. */
  readonly runs: RunList;
  readonly labels: ComponentLabels;
}

/** One entry per component, as in ComponentStatistics. */
export type LabelStatistics = Pick<ComponentStatistics, 'voxelCount' | 'peak' | 'sum'>;

/** Area, peak and sum of every labeled component. */
export const labelStatisticsKernel: Kernel<LabelStatisticsParameters, LabelStatistics> = {
  name: 'compute.label-statistics',
  producers: {
    ts: {
      run: ({ voxels, dimensions }, { runs, labels }) => {
        const { voxelCount, peak, sum } = componentStatistics(runs, labels, voxels, dimensions[0]);
        return { voxelCount, peak, sum };
      },
    },
    webgl2: labelStatisticsWebgl2,
  },
  transferables: ({ voxelCount, peak, sum }) => [voxelCount.buffer, peak.buffer, sum.buffer],
  sample: middleRuns,
};

/** The rows in the middle with their runs; labels keep their numbers. */
function middleRuns(
  volume: VoxelVolume,
  { runs, labels }: LabelStatisticsParameters,
  maximumBytes: number,
): Sample<LabelStatisticsParameters> {
  const middle = middleOf(volume, maximumBytes);
  const [, ny, nz] = middle.dimensions;
  const rowStart = runs.rowStart.slice(middle.firstRow, middle.firstRow + ny * nz + 1);
  const first = rowStart[0] ?? 0;
  const end = rowStart.at(-1) ?? first;
  return {
    volume: middle,
    parameters: {
      runs: {
        start: runs.start.subarray(first, end),
        end: runs.end.subarray(first, end),
        rowStart: rowStart.map(run => run - first),
        count: end - first,
      },
      labels: { label: labels.label.subarray(first, end), count: labels.count },
    },
  };
}
