import { type ProducerImplementation, partOf, type RunControl, type VoxelVolume } from '@voxelwise/compute';
import type { PerfusionMaps } from '../../core/maps.ts';
import { trapezoidSum, valuesOfMeasures } from '../../core/perfusion-values.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { fittingParameters } from './assert-parameters.ts';
import { compileMapsModule, heldBytes, type MapsModule, withMapsModule } from './maps-module.ts';
import { placeMethod } from './placed-method.ts';
import { BLOCK, paddedTimePoints, placeSliceCurves, type SliceCurves, slotOf } from './slice-curves.ts';
import { noiseOfSlice } from './slice-noise.ts';
import { emptyMaps, setVoxel } from './voxel-maps.ts';

/** Of a slice's time, about so much goes into its curves; for the progress. */
const CURVES_PART = 0.3;

/** The maps of the twin in float32, four voxels at a time. */
export const mapsWasm: ProducerImplementation<MapsParameters, PerfusionMaps> = {
  prepare: compileMapsModule,
  heldBytes,
  async run(volume, given, _, control) {
    const parameters = fittingParameters(volume, given);
    return withMapsModule(module => computeMaps(module, volume, parameters, control));
  },
};

async function computeMaps(
  module: MapsModule,
  volume: VoxelVolume,
  parameters: MapsParameters,
  control?: RunControl,
): Promise<PerfusionMaps> {
  const { timePoints, intervalS, baseline, aif, constants } = parameters;
  const [nx, rows, nz] = volume.dimensions;
  const frameLength = (nx * rows) / timePoints;
  const padded = paddedTimePoints(timePoints);
  const method = placeMethod(module, parameters);
  const results = placeResults(module, method.blocksPerStep * BLOCK);
  const curvesOf = placeSliceCurves(module, volume, parameters);
  const settings = { arterialSum: trapezoidSum(aif), intervalS, constants };
  const maps = emptyMaps(frameLength * nz);

  for (let z = 0; z < nz; z++) {
    const slice = await curvesOf(z, partOf(control, z / nz, (z + CURVES_PART) / nz));
    const noise = parameters.method.name === 'lr' ? noiseOf(module, slice, parameters) : null;
    for (let block = 0; block < slice.blocks; block += method.blocksPerStep) {
      await control?.step(z + CURVES_PART + (1 - CURVES_PART) * (block / slice.blocks), nz);
      const blocks = Math.min(method.blocksPerStep, slice.blocks - block);
      const curves = slice.address + block * padded * BLOCK * Float32Array.BYTES_PER_ELEMENT;
      const first = block * BLOCK;
      const count = Math.min(blocks * BLOCK, slice.pixels.length - first);
      if (noise)
        module
          .view(results.noise, blocks * BLOCK)
          .fill(0)
          .set(noise.subarray(first, first + count));
      module.exports.sums_and_peaks(curves, blocks, timePoints, padded, results.sums, results.peaks);
      method.run({ curves, blocks, ...results });

      const [sums, peaks] = [module.view(results.sums, count), module.view(results.peaks, count)];
      const [largest, indices] = [module.view(results.largest, count), module.view(results.indices, count)];
      for (let k = 0; k < count; k++) {
        const measures = { sum: sums[k]!, peak: peaks[k]!, largest: largest[k]!, timeS: method.timesS[indices[k]!]! };
        setVoxel(maps, z * frameLength + slice.pixels[first + k]!, valuesOfMeasures(measures, baseline[1], settings));
      }
    }
  }
  return maps;
}

/** Room for what is found of so many curves. */
function placeResults(module: MapsModule, curves: number) {
  const [noise, sums, peaks] = [module.place(curves), module.place(curves), module.place(curves)];
  return { noise, sums, peaks, largest: module.place(curves), indices: module.place(curves) };
}

/** Standard deviation of the noise of every curve. */
function noiseOf(
  module: MapsModule,
  { pixels, blocks, address }: SliceCurves,
  { timePoints, baseline }: MapsParameters,
) {
  const blockValues = paddedTimePoints(timePoints) * BLOCK;
  const curves = module.view(address, blocks * blockValues);
  return noiseOfSlice(pixels.length, baseline, (curve, t) => curves[slotOf(curve, blockValues) + t * BLOCK]!);
}
