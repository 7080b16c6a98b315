import type { VoxelVolume } from '@voxelwise/compute';
import { complete, part, type Steps } from '@voxelwise/compute/twins';
import { contrastInSteps } from '../../core/contrast/contrast-of-slice.ts';
import { createDeconvolver } from '../../core/deconvolution/create-deconvolver.ts';
import type { PerfusionMaps } from '../../core/maps.ts';
import { perfusionValues, trapezoidSum } from '../../core/perfusion-values.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { fittingParameters } from './assert-parameters.ts';
import { noiseOfSlice } from './slice-noise.ts';
import { emptyMaps, setVoxel } from './voxel-maps.ts';

/** Voxels between two pauses. */
const VOXELS_PER_STEP = 64;
/** Of a slice's time, about so much goes into its contrast; for the progress. */
const CONTRAST_PART = 0.5;

/**
 * Perfusion maps in float64, voxel by voxel, as a computation that can pause: it yields how much is done, from 0 to 1.
 * @throws RangeError, ArterialInputError where the parameters do not fit
 */
export function* mapsInSteps(volume: VoxelVolume, given: MapsParameters): Steps<PerfusionMaps> {
  const parameters = fittingParameters(volume, given);
  const { timePoints, intervalS, signal, baseline, smoothing, mask, aif, method, constants } = parameters;
  const [nx, rows, nz] = volume.dimensions;
  const ny = rows / timePoints;
  const length = nx * ny;
  const series = {
    voxels: volume.voxels,
    dimensions: [nx, ny, nz] as const,
    timePoints,
    intervalS,
    spacingMm: [1, 1, 1] as const,
    signal,
  };
  const deconvolver = createDeconvolver(aif, intervalS, method);
  const settings = { deconvolver, arterialSum: trapezoidSum(aif), intervalS, constants };
  const maps = emptyMaps(length * nz);
  const curve = new Float64Array(timePoints);
  for (let z = 0; z < nz; z++) {
    const steps = contrastInSteps(series, z, { baseline, smoothing, mask });
    const contrast = yield* part(steps, z / nz, (z + CONTRAST_PART) / nz);
    const pixels = Int32Array.from({ length }, (_, pixel) => pixel).filter(pixel => !Number.isNaN(contrast[pixel]!));
    const noise =
      method.name === 'lr' && noiseOfSlice(pixels.length, baseline, (k, t) => contrast[t * length + pixels[k]!]!);
    for (let k = 0; k < pixels.length; k++) {
      if (k % VOXELS_PER_STEP === 0) yield (z + CONTRAST_PART + ((1 - CONTRAST_PART) * k) / pixels.length) / nz;
      const pixel = pixels[k]!;
      for (let t = 0; t < timePoints; t++) curve[t] = contrast[t * length + pixel]!;
      const input = { curve, noiseSd: noise ? noise[k]! : 0, baselineEnd: baseline[1] };
      setVoxel(maps, z * length + pixel, perfusionValues(input, settings));
    }
  }
  return maps;
}

/** Perfusion maps in float64: the truth that every producer is compared with. */
export function mapsOfVolume(volume: VoxelVolume, parameters: MapsParameters): PerfusionMaps {
  return complete(mapsInSteps(volume, parameters));
}
