import type { Kernel } from '../../engine/kernel.ts';
import { partOf, takeSteps } from '../../engine/run-control.ts';
import { type ComponentStatistics, statisticsInSteps } from '../../twins/component-statistics.ts';
import { type ComponentLabels, labelRunsInSteps, UNION_FIND_BYTES_PER_RUN } from '../../twins/connected-components.ts';
import type { RunList } from '../../twins/runs.ts';
import { joinLabels, joinRuns, joinStatistics } from '../../twins/slab-labels.ts';
import type { Connectivity } from '../../twins/touching-runs.ts';
import { neededBytesOfRuns, producersFromRuns, workOfRuns } from './threshold-runs.ts';

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

/** For labels, and for statistics where every run is a component. */
const FINISH_BYTES_PER_RUN = UNION_FIND_BYTES_PER_RUN + 4 + (3 * 4 + 2 * 8);

/** Components of the voxels at or above a threshold, with count, peak and sum of each. */
export const connectedComponentsKernel: Kernel<ConnectedComponentsParameters, ConnectedComponents> = {
  name: 'compute.connected-components',
  producers: producersFromRuns(
    ({ threshold }) => threshold,
    async (valuedRuns, { dimensions: [width, rowsPerSlice] }, { connectivity }, control, measurement) => {
      const { runs } = valuedRuns;
      const labels = await takeSteps(labelRunsInSteps(runs, rowsPerSlice, connectivity), partOf(control, 0, 0.7));
      if (measurement) measurement.workBytes = (measurement.workBytes ?? 0) + UNION_FIND_BYTES_PER_RUN * runs.count;
      const statistics = await takeSteps(statisticsInSteps(valuedRuns, labels, width), partOf(control, 0.7, 1));
      return { runs, labels, statistics };
    },
  ),
  neededBytes: (volume, { threshold }) => neededBytesOfRuns(volume, threshold, FINISH_BYTES_PER_RUN),
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
