import { type Kernel, producersFromRuns, workOfRuns } from '@voxelwise/compute';
import { restrictRuns } from '@voxelwise/compute/twins';
import {
  type Convention,
  canFindInSlabs,
  type HuVolume,
  joinLesions,
  type LesionSet,
  lesionsOfRuns,
  type Region,
  shiftRegion,
  spansInRegion,
} from '../core/index.ts';

export interface LesionsParameters {
  readonly spacingMm: HuVolume['spacingMm'];
  readonly convention: Convention;
  /** Only voxels inside this region are looked at; the whole volume where it is missing. */
  readonly region?: Region;
}

/** Every calcium candidate of a volume under a convention. The worker and the command line run this same kernel. */
export const lesionsKernel: Kernel<LesionsParameters, LesionSet> = {
  name: 'calcium.lesions',
  producers: producersFromRuns(
    ({ convention }) => convention.thresholdHu,
    (found, volume, { spacingMm, convention, region }) => {
      const huVolume = { ...volume, spacingMm };
      const inside = region ? restrictRuns(found, spansInRegion(huVolume, region)) : found;
      return lesionsOfRuns(inside, huVolume, convention);
    },
  ),
  workPerVoxel: (volume, { convention }) => workOfRuns(volume, convention.thresholdHu),
  transferables: ({ runs, lesionOfRun, componentOfRun, hu, isotropic }) =>
    [runs.start, runs.end, runs.rowStart, lesionOfRun, componentOfRun, hu, ...(isotropic ? [isotropic] : [])].map(
      a => a.buffer,
    ),
  slabs: {
    canSplit: ({ convention }) => canFindInSlabs(convention),
    parametersFor: ({ region, ...parameters }, firstSlice) => ({
      ...parameters,
      ...(region && { region: shiftRegion(region, -firstSlice) }),
    }),
    merge: (parts, { dimensions }) => joinLesions(parts, dimensions),
  },
};
