import type { ProducerImplementation, RunControl, VoxelVolume } from '@voxelwise/compute';
import {
  LINEAR_WIDTH,
  linearShape,
  type Operation,
  sharedDevice,
  sharedDeviceUnavailable,
  webgl2Producer,
} from '@voxelwise/compute/webgl2';
import type { PerfusionMaps } from '../../core/maps.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { fittingParameters } from './assert-parameters.ts';
import { createGpuMethod, gpuMethodUnavailable } from './gpu-method.ts';
import { compileMapsModule, type MapsModule, withMapsModule } from './maps-module.ts';
import { type BlockDeconvolution, mapsOfSlices } from './maps-of-slices.ts';
import { BLOCK, paddedTimePoints } from './slice-curves.ts';

/** Curves of a draw at most: it ends well within the two seconds after which some drivers reset the GPU. */
const MOST_CURVES = 1 << 15;

function unavailable(_: VoxelVolume, parameters: MapsParameters): string | null {
  const reason = sharedDeviceUnavailable();
  if (reason) return reason;
  if (!sharedDevice().capabilities.floatTargets) {
    return 'this GPU cannot draw into float textures (EXT_color_buffer_float is missing)';
  }
  return gpuMethodUnavailable(parameters);
}

/** Blocks to a texture of curves, which is one list of values in rows of LINEAR_WIDTH. */
function blocksPerDraw({ capabilities }: Operation, blockValues: number): number {
  const values = LINEAR_WIDTH * capabilities.maximumTextureSize;
  return Math.max(1, Math.min(MOST_CURVES / BLOCK, Math.floor(values / blockValues)));
}

async function deconvolutionOnGpu(
  operation: Operation,
  module: MapsModule,
  parameters: MapsParameters,
): Promise<BlockDeconvolution> {
  const { timesS, usesNoise, draw } = await createGpuMethod(operation, parameters);
  const blockValues = paddedTimePoints(parameters.timePoints) * BLOCK;
  const blocksPerStep = blocksPerDraw(operation, blockValues);
  const curvesShape = linearShape('R32F', blocksPerStep * blockValues);
  const listShape = (format: 'R32F' | 'RGBA32F') => linearShape(format, blocksPerStep * BLOCK);
  const curves = operation.texture(curvesShape);
  const noises = usesNoise ? operation.texture(listShape('R32F')) : null;
  const noiseValues = new Float32Array(listShape('R32F').height * LINEAR_WIDTH);
  const targets = operation.pingPong(listShape('RGBA32F'));
  const found = new Float32Array(blocksPerStep * BLOCK * 4);

  const rows = (values: number) => {
    const height = Math.ceil(values / LINEAR_WIDTH);
    return { y: 0, width: LINEAR_WIDTH, height, layer: 0 };
  };
  return {
    timesS,
    blocksPerStep,
    async measure({ curves: address, blocks, noise }) {
      const region = rows(blocks * blockValues);
      await operation.uploading(() => {
        operation.upload(curves, region, module.view(address, region.height * LINEAR_WIDTH));
        if (!noises || !noise) return;
        noiseValues.fill(0).set(noise);
        operation.upload(noises, rows(blocks * BLOCK), noiseValues);
      });
      operation.timed(() => draw(targets, { curves, ...(noises && { noise: noises }) }));
      await operation.read({ source: targets.source, destination: found, offset: 0, count: blocks * BLOCK * 4 });
      const component = (index: number) => found.subarray(index);
      return {
        stride: 4,
        largest: component(0),
        indices: component(1),
        sums: component(2),
        peaks: component(3),
      };
    },
  };
}

async function compute(
  operation: Operation,
  volume: VoxelVolume,
  given: MapsParameters,
  control?: RunControl,
): Promise<PerfusionMaps> {
  const parameters = fittingParameters(volume, given);
  return withMapsModule(async module => {
    const deconvolution = await deconvolutionOnGpu(operation, module, parameters);
    return mapsOfSlices(module, volume, parameters, deconvolution, control);
  });
}

// Curves are made anew for every run, so nothing of a volume stays on the GPU.
const { isResident: _, ...producer } = webgl2Producer({ unavailable, layout: 'perfusion curves', compute });

/** The maps of the twin in float32: curves by WebAssembly, their deconvolution by shaders. */
export const mapsWebgl2: ProducerImplementation<MapsParameters, PerfusionMaps> = {
  ...producer,
  prepare: compileMapsModule, // its memory is that of the WASM producer, which counts it
};
