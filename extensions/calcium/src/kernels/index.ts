import {
  type Kernel,
  type ProducerImplementation,
  type ThresholdMaskParameters,
  thresholdMaskKernel,
} from '@voxelwise/compute';
import type { BitMask, VoxelVolume } from '@voxelwise/compute/twins';
import {
  type Convention,
  findLesions,
  type HuVolume,
  type LesionSet,
  maskInRegion,
  type Region,
} from '../core/index.ts';

export interface LesionsParameters {
  readonly spacingMm: HuVolume['spacingMm'];
  readonly convention: Convention;
  /** Only voxels inside this region are looked at; the whole volume where it is missing. */
  readonly region?: Region;
}

/** The stage after the mask, the same for every producer: it is proportional to runs, which are few. */
function lesionsOfMask(mask: BitMask, volume: VoxelVolume, parameters: LesionsParameters): LesionSet {
  const { spacingMm, convention, region } = parameters;
  const huVolume = { ...volume, spacingMm };
  return findLesions(region ? maskInRegion(mask, huVolume, region) : mask, huVolume, convention);
}

const masks = thresholdMaskKernel.producers;

/**
 * Lesions by a producer of masks. Whatever the mask was made on, the rest runs here, so producers differ in the mask's
 * time only; samples of the volume are compared by that, also where they miss the region.
 */
function lesionsBy(
  mask: ProducerImplementation<ThresholdMaskParameters, BitMask>,
): ProducerImplementation<LesionsParameters, LesionSet> {
  return {
    ...mask,
    run: async (volume, parameters, measurement) =>
      lesionsOfMask(
        await mask.run(volume, { threshold: parameters.convention.thresholdHu }, measurement),
        volume,
        parameters,
      ),
  };
}

/** Every calcium candidate of a volume under a convention. The worker and the command line run this same kernel. */
export const lesionsKernel: Kernel<LesionsParameters, LesionSet> = {
  name: 'calcium.lesions',
  producers: {
    ts: lesionsBy(masks.ts),
    ...(masks.wasm && { wasm: lesionsBy(masks.wasm) }),
    ...(masks.webgl2 && { webgl2: lesionsBy(masks.webgl2) }),
  },
  transferables: ({ runs, lesionOfRun, componentOfRun, hu, isotropic }) =>
    [runs.start, runs.end, runs.rowStart, lesionOfRun, componentOfRun, hu, ...(isotropic ? [isotropic] : [])].map(
      a => a.buffer,
    ),
};
