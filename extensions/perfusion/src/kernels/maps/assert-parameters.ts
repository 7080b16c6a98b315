import type { VoxelVolume } from '@voxelwise/compute';
import { assertContrastParameters } from '../../core/contrast/contrast-of-curve.ts';
import { assertSmoothingWeights } from '../../core/contrast/smoothing.ts';
import { assertArterialInput } from '../../core/deconvolution/arterial-input.ts';
import type { DeconvolutionMethod } from '../../core/deconvolution-method.ts';
import type { MapsParameters } from '../maps-parameters.ts';

/**
 * Parameters with the mask of this volume, after everything was looked at.
 * @param volume dynamic volume of dimensions [nx, ny * timePoints, nz]
 * @throws RangeError, ArterialInputError with a sentence for the reader
 */
export function fittingParameters(
  { dimensions: [nx, rows, nz] }: Pick<VoxelVolume, 'dimensions'>,
  parameters: MapsParameters,
): MapsParameters {
  const { timePoints, intervalS, signal, baseline, smoothing, aif, method, constants, firstSlice } = parameters;
  if (!Number.isInteger(timePoints) || timePoints < 1 || rows % timePoints !== 0) {
    throw new RangeError(`A series of ${timePoints} time points cannot have ${rows} rows per slice.`);
  }
  const sliceVoxels = (nx * rows) / timePoints;
  const voxels = sliceVoxels * nz;
  const first = (firstSlice ?? 0) * sliceVoxels;
  const mask = parameters.mask.subarray(first, first + voxels);
  if (mask.length !== voxels || (firstSlice === undefined && parameters.mask.length !== voxels)) {
    throw new RangeError(
      `The mask has ${parameters.mask.length} values, and the series ${voxels} voxels per time point.`,
    );
  }
  if (aif.length !== timePoints) {
    throw new RangeError(`The arterial input has ${aif.length} time points, and the series ${timePoints}.`);
  }
  assertArterialInput(aif, intervalS);
  assertContrastParameters(timePoints, signal, baseline);
  assertSmoothingWeights(smoothing);
  assertMethod(method);
  for (const [name, value] of Object.entries(constants)) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`${name} is a positive number; ${value} cannot be.`);
  }
  return { ...parameters, mask };
}

function assertMethod(method: DeconvolutionMethod): void {
  if (method.name === 'lr') {
    const { maximumIterations, noiseFactor } = method;
    if (!Number.isInteger(maximumIterations) || maximumIterations < 1) {
      throw new RangeError(
        `Lucy-Richardson takes a whole number of iterations from 1 on; ${maximumIterations} cannot be.`,
      );
    }
    if (!(noiseFactor >= 0)) throw new RangeError(`The noise factor is a number from 0 on; ${noiseFactor} cannot be.`);
    return;
  }
  if (method.name === 'osvd') {
    if (method.oscillationTarget > 0) return;
    throw new RangeError(`The oscillation target is a positive number; ${method.oscillationTarget} cannot be.`);
  }
  if (method.truncation >= 0 && method.truncation < 1) return;
  throw new RangeError(
    `The truncation is from 0 to below 1, as a part of the largest singular value; ${method.truncation} cannot be.`,
  );
}
