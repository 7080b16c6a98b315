import type { Kernel } from '../../engine/kernel.ts';
import { type HistogramParameters, histogramOf } from '../../twins/reduction.ts';
import { histogramWebgl2 } from './webgl2.ts';

/** Voxels per bin of values. */
export const histogramKernel: Kernel<HistogramParameters, Uint32Array> = {
  name: 'compute.histogram',
  producers: {
    ts: { run: histogramOf },
    webgl2: histogramWebgl2,
  },
  transferables: counts => [counts.buffer],
  neededBytes: (_, { bins }) => bins * Uint32Array.BYTES_PER_ELEMENT,
};
