import type { Kernel } from '../../engine/kernel.ts';
import { type ComponentLabels, labelRuns } from '../../twins/connected-components.ts';
import { type RunList, runsFromMask } from '../../twins/runs.ts';
import { workOfRuns } from '../connected-components/threshold-runs.ts';
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

/**
 * Connected components of every slice, found on the GPU itself. An option, not the default: runs are so few that the
 * processor joins them in the time in which a GPU starts a dozen passes (docs/adding-a-kernel.md has the figures), so
 * connectedComponentsKernel is what to use.
 */
export const gpuLabelsKernel: Kernel<GpuLabelsParameters, LabeledRuns> = {
  name: 'compute.gpu-labels',
  producers: {
    ts: {
      run: async (volume, { threshold, connectivity }, _, control) => {
        const runs = runsFromMask(await thresholdMaskTs(volume, threshold, control));
        return { runs, labels: labelRuns(runs, volume.dimensions[1], connectivity) };
      },
    },
    webgl2: gpuLabelsWebgl2,
  },
  workPerVoxel: (volume, { threshold }) => workOfRuns(volume, threshold),
  transferables: ({ runs, labels }) => [runs.start, runs.end, runs.rowStart, labels.label].map(({ buffer }) => buffer),
};
