import type { ProducerImplementation } from '@voxelwise/compute';
import type { PerfusionMaps } from '../../core/maps.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { fittingParameters } from './assert-parameters.ts';
import { compileMapsModule, heldBytes, type MapsModule, withMapsModule } from './maps-module.ts';
import { type BlockDeconvolution, mapsOfSlices } from './maps-of-slices.ts';
import { placeMethod } from './placed-method.ts';
import { BLOCK, paddedTimePoints } from './slice-curves.ts';

/** The maps of the twin in float32, four voxels at a time. */
export const mapsWasm: ProducerImplementation<MapsParameters, PerfusionMaps> = {
  prepare: compileMapsModule,
  heldBytes,
  async run(volume, given, _, control) {
    const parameters = fittingParameters(volume, given);
    return withMapsModule(module =>
      mapsOfSlices(module, volume, parameters, placeDeconvolution(module, parameters), control),
    );
  },
};

/** A method, and room for what it finds of the curves of one step. */
function placeDeconvolution(module: MapsModule, parameters: MapsParameters): BlockDeconvolution {
  const { timePoints } = parameters;
  const { timesS, blocksPerStep, run } = placeMethod(module, parameters);
  const most = blocksPerStep * BLOCK;
  const [noises, sums, peaks] = [module.place(most), module.place(most), module.place(most)];
  const [largest, indices] = [module.place(most), module.place(most)];
  return {
    timesS,
    blocksPerStep,
    measure({ curves, blocks, noise }) {
      const count = blocks * BLOCK;
      if (noise) module.view(noises, count).fill(0).set(noise);
      module.exports.sums_and_peaks(curves, blocks, timePoints, paddedTimePoints(timePoints), sums, peaks);
      run({ curves, blocks, noise: noises, largest, indices });
      const found = (address: number) => module.view(address, count);
      return { stride: 1, sums: found(sums), peaks: found(peaks), largest: found(largest), indices: found(indices) };
    },
  };
}
