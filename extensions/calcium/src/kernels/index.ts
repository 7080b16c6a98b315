import { type Kernel, thresholdMaskKernel } from '@voxelwise/compute';
import type { BitMask, VoxelVolume } from '@voxelwise/compute/twins';
import {
  type Convention,
  type DiscRegion,
  findLesions,
  type HuVolume,
  type LesionSet,
  maskInDisc,
} from '../core/index.ts';

export interface LesionsParameters {
  readonly spacingMm: HuVolume['spacingMm'];
  readonly convention: Convention;
  /** Only voxels inside this region are looked at; the whole volume where it is missing. */
  readonly region?: DiscRegion;
}

/** The stage after the mask, the same for every producer: it is proportional to runs, which are few. */
function lesionsOfMask(mask: BitMask, volume: VoxelVolume, parameters: LesionsParameters): LesionSet {
  const { spacingMm, convention, region } = parameters;
  const huVolume = { ...volume, spacingMm };
  return findLesions(region ? maskInDisc(mask, huVolume, region) : mask, huVolume, convention);
}

const { ts, wasm } = thresholdMaskKernel.producers;

/** Every calcium candidate of a volume under a convention. The worker and the command line run this same kernel. */
export const lesionsKernel: Kernel<LesionsParameters, LesionSet> = {
  name: 'calcium.lesions',
  producers: {
    ts: {
      run: async (volume, parameters) =>
        lesionsOfMask(await ts.run(volume, { threshold: parameters.convention.thresholdHu }), volume, parameters),
    },
    ...(wasm && {
      wasm: {
        unavailable: wasm.unavailable,
        prepare: wasm.prepare,
        run: async (volume: VoxelVolume, parameters: LesionsParameters) =>
          lesionsOfMask(await wasm.run(volume, { threshold: parameters.convention.thresholdHu }), volume, parameters),
      },
    }),
  },
  transferables: ({ runs, lesionOfRun }) => [runs.start, runs.end, runs.rowStart, lesionOfRun].map(a => a.buffer),
};
