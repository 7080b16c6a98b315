import type { Kernel } from '../../engine/kernel.ts';
import { partOf, takeSteps } from '../../engine/run-control.ts';
import { type ComponentLabels, labelRunsInSteps, UNION_FIND_BYTES_PER_RUN } from '../../twins/connected-components.ts';
import { type RunList, runsFromMaskInSteps } from '../../twins/runs.ts';
import { neededBytesOfRuns, workOfRuns } from '../connected-components/threshold-runs.ts';
import { thresholdMaskTs } from '../threshold-mask/ts.ts';
import { gpuLabelsWebgl2 } from './webgl2.ts';

export interface GpuLabelsParameters {
  /** Voxels with a value of at least this are in a component. */
  readonly threshold: number;
  /** Components of single slices only. */
  readonly connectivity: 4 | 8;
}

export interface LabeledRuns {
  readonly runs: RunList;
  /** As labelRuns gives them, numbers included. */
  readonly labels: ComponentLabels;
}

/** For labels, in an array that may grow. */
const FINISH_BYTES_PER_RUN = UNION_FIND_BYTES_PER_RUN + 3 * 4;

/**
 * Connected components of every slice, found on the GPU itself. An option, not the default: runs are so few that the
 * processor joins them in the time in which a GPU starts a dozen passes (docs/adding-a-kernel.md has the figures), so
 * connectedComponentsKernel is what to use.
 */
export const gpuLabelsKernel: Kernel<GpuLabelsParameters, LabeledRuns> = {
  name: 'compute.gpu-labels',
  producers: {
    ts: {
      run: async (volume, { threshold, connectivity }, measurement, control) => {
        const mask = await thresholdMaskTs(volume, threshold, partOf(control, 0, 0.3));
        const runs = await takeSteps(runsFromMaskInSteps(mask), partOf(control, 0.3, 0.5));
        const steps = labelRunsInSteps(runs, volume.dimensions[1], connectivity);
        const labels = await takeSteps(steps, partOf(control, 0.5, 1));
        if (measurement) measurement.workBytes = mask.words.byteLength + UNION_FIND_BYTES_PER_RUN * runs.count;
        return { runs, labels };
      },
    },
    webgl2: gpuLabelsWebgl2,
  },
  workPerVoxel: (volume, { threshold }) => workOfRuns(volume, threshold),
  neededBytes: (volume, { threshold }) => neededBytesOfRuns(volume, threshold, FINISH_BYTES_PER_RUN),
  transferables: ({ runs, labels }) => [runs.start, runs.end, runs.rowStart, labels.label].map(({ buffer }) => buffer),
};
