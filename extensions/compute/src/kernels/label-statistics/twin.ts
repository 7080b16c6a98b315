import { type ComponentStatistics, componentStatistics } from '../../twins/component-statistics.ts';
import type { ComponentLabels } from '../../twins/connected-components.ts';
import { type RunList, runsOfRows } from '../../twins/runs.ts';
import type { VoxelVolume } from '../../volume.ts';

export interface LabelStatisticsParameters {
  /** Runs of the volume's rows. */
  readonly runs: RunList;
  readonly labels: ComponentLabels;
}

/** One entry per component, as in ComponentStatistics. */
export type LabelStatistics = Pick<ComponentStatistics, 'voxelCount' | 'peak' | 'sum'>;

/** Area, peak and sum of every labeled component. */
export function labelStatistics(
  { voxels, dimensions }: VoxelVolume,
  { runs, labels }: LabelStatisticsParameters,
): LabelStatistics {
  const { voxelCount, peak, sum } = componentStatistics(runs, labels, voxels, dimensions[0]);
  return { voxelCount, peak, sum };
}

/** The runs of some rows, as of a volume of their own. Labels keep their numbers. */
export function labeledRunsOfRows(
  { runs, labels }: LabelStatisticsParameters,
  firstRow: number,
  rows: number,
): LabelStatisticsParameters {
  const own = runsOfRows(runs, firstRow, firstRow + rows);
  const first = runs.rowStart[firstRow]!;
  return { runs: own, labels: { label: labels.label.subarray(first, first + own.count), count: labels.count } };
}
