import type { Kernel } from '../../engine/kernel.ts';
import { type ComponentStatistics, statisticsOfValues } from '../../twins/component-statistics.ts';
import { type ComponentLabels, labelRuns } from '../../twins/connected-components.ts';
import type { RunList } from '../../twins/runs.ts';
import { joinLabels, joinRuns, joinStatistics } from '../../twins/slab-labels.ts';
import type { Connectivity } from '../../twins/touching-runs.ts';
import { producersFromRuns, workOfRuns } from './threshold-runs.ts';

export interface ConnectedComponentsParameters {
  /** Voxels with a value of at least this are in a component. */
  readonly threshold: number;
  /** 4 and 8: components of single slices. 6 and 26: components across slices. */
  readonly connectivity: Connectivity;
}

export interface ConnectedComponents {
  /** Voxels at or above the threshold, as runs along x. */
  readonly runs: RunList;
  /** Component of every run, numbered in raster order of the first voxel. */
  readonly labels: ComponentLabels;
  /** One entry per component. */
  readonly statistics: ComponentStatistics;
}

/** Components of the voxels at or above a threshold, with count, peak and sum of each. */
export const connectedComponentsKernel: Kernel<ConnectedComponentsParameters, ConnectedComponents> = {
  name: 'compute.connected-components',
  producers: producersFromRuns(
    ({ threshold }) => threshold,
    (valuedRuns, { dimensions: [width, rowsPerSlice] }, { connectivity }) => {
      const labels = labelRuns(valuedRuns.runs, rowsPerSlice, connectivity);
      return { runs: valuedRuns.runs, labels, statistics: statisticsOfValues(valuedRuns, labels, width) };
    },
  ),
  workPerVoxel: (volume, { threshold }) => workOfRuns(volume, threshold),
  transferables: ({ runs, labels, statistics }) =>
    [runs.start, runs.end, runs.rowStart, labels.label, ...Object.values(statistics)].map(({ buffer }) => buffer),
  slabs: {
    merge(parts, { dimensions: [width, rowsPerSlice] }, { connectivity }) {
      const slabs = parts.map(({ output }) => output);
      const runs = joinRuns(slabs);
      const joined = joinLabels(slabs, runs, rowsPerSlice, connectivity);
      return { runs, labels: joined.labels, statistics: joinStatistics(slabs, joined, width) };
    },
  },
};
