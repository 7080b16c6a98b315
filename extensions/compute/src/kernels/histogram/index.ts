import type { Kernel } from '../../engine/kernel.ts';
import { inRowBands } from '../row-bands.ts';
import { assertHistogram, countInto, type HistogramParameters } from './twin.ts';
import { histogramWebgl2 } from './webgl2.ts';

/** Voxels per bin of values. */
export const histogramKernel: Kernel<HistogramParameters, Uint32Array> = {
  name: 'compute.histogram',
  producers: {
    ts: {
      run: async (volume, parameters, _, control) => {
        assertHistogram(parameters);
        const counts = new Uint32Array(parameters.bins);
        await inRowBands(volume, control, band => countInto(counts, band, parameters));
        return counts;
      },
    },
    webgl2: histogramWebgl2,
  },
  transferables: counts => [counts.buffer],
  neededBytes: (_, { bins }) => bins * Uint32Array.BYTES_PER_ELEMENT,
};
