import type { Kernel } from '../../engine/kernel.ts';
import type { BitMask } from '../../twins/bit-mask.ts';
import { isInt16Volume } from '../../volume.ts';
import { wasmUnavailable } from '../wasm-module.ts';
import { thresholdMaskTs } from './ts.ts';
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
    ts: { run: (volume, { threshold }, _, control) => thresholdMaskTs(volume, threshold, control) },
    wasm: {
      unavailable: wasmUnavailable,
      prepare: packModule,
      heldBytes,
      run: (volume, { threshold }, _, control) => {
        if (!isInt16Volume(volume)) throw new TypeError('The WASM threshold kernel reads Int16 volumes only.');
        return thresholdMaskWasm(volume, threshold, control);
      },
    },
    webgl2: thresholdMaskWebgl2,
  },
  transferables: mask => [mask.words.buffer],
};
