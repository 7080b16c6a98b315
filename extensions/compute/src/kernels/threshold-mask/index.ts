import type { Kernel } from '../../engine/kernel.ts';
import { type BitMask, thresholdMask } from '../../twins/bit-mask.ts';
import { isInt16Volume } from '../../volume.ts';
import { heldBytes, packModule, thresholdMaskWasm } from './wasm.ts';
import { thresholdMaskWebgl2 } from './webgl2.ts';

export interface ThresholdMaskParameters {
  /** Voxels with a value of at least this are in the mask. */
  readonly threshold: number;
}

/** Volume to bit mask, one bit per voxel. */
export const thresholdMaskKernel: Kernel<ThresholdMaskParameters, BitMask> = {
  name: 'compute.threshold-mask',
  producers: {
    ts: { run: (volume, { threshold }) => thresholdMask(volume, threshold) },
    wasm: {
      unavailable: volume => (isInt16Volume(volume) ? null : 'the volume holds fractional values (Float32)'),
      prepare: packModule,
      heldBytes,
      run: (volume, { threshold }) => {
        if (!isInt16Volume(volume)) throw new TypeError('The WASM threshold kernel reads Int16 volumes only.');
        return thresholdMaskWasm(volume, threshold);
      },
    },
    webgl2: thresholdMaskWebgl2,
  },
  transferables: mask => [mask.words.buffer],
};
