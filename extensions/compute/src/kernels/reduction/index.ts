import type { Kernel } from '../../engine/kernel.ts';
import { inRowBands } from '../row-bands.ts';
import { NOTHING, type Reduction, reduceVolume } from './twin.ts';
import { reductionWebgl2 } from './webgl2.ts';

/** Sum and largest value of a volume. */
export const reductionKernel: Kernel<null, Reduction> = {
  name: 'compute.reduction',
  producers: {
    ts: {
      run: async (volume, _parameters, _measurement, control) => {
        let reduction = NOTHING;
        await inRowBands(volume, control, band => {
          reduction = reduceVolume(band, reduction);
        });
        return reduction;
      },
    },
    webgl2: reductionWebgl2,
  },
};
