import {
  type FinishRuns,
  type Kernel,
  neededBytesOfRuns,
  producersFromRuns,
  type SlabOutput,
  type VoxelVolume,
  workOfRuns,
} from '@voxelwise/compute';
import { type RunList, restrictRuns, type ValuedRuns, valuedRunsOfRows } from '@voxelwise/compute/twins';
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
} from '../../core/index.ts';

export interface LesionsParameters {
  readonly spacingMm: HuVolume['spacingMm'];
  readonly convention: Convention;
  /** Only voxels inside this region are looked at; the whole volume where it is missing. */
  readonly region?: Region;
}

/** Runs that are finished at once, in some dozen milliseconds; of usual CTs all of them are. */
const RUNS_AT_ONCE = 1 << 18;
/** Of lists that finding lesions makes for every run. Tables of lesions are short: most runs of noise are too small for one. */
const FINISH_BYTES_PER_RUN = 64;

/** Lesions of the runs at or above the threshold: slab by slab where there are very many, so that the run can be stopped. */
const finish: FinishRuns<LesionsParameters, LesionSet> = async (found, volume, parameters, control) => {
  const { spacingMm, convention, region } = parameters;
  const [nx, rowsPerSlice, nz] = volume.dimensions;
  const spansOf = region && spansInRegion({ ...volume, spacingMm }, region);
  const lesionsOf = (runs: ValuedRuns, firstSlice: number, part: VoxelVolume) => {
    const inside = spansOf ? restrictRuns(runs, row => spansOf(firstSlice * rowsPerSlice + row)) : runs;
    return lesionsOfRuns(inside, { ...part, spacingMm }, convention);
  };
  if (found.runs.count <= RUNS_AT_ONCE || !canFindInSlabs(convention)) return lesionsOf(found, 0, volume);

  const slabs: SlabOutput<LesionSet>[] = [];
  let firstValue = 0;
  for (const [firstSlice, endSlice] of slabsOfRuns(found.runs, rowsPerSlice)) {
    await control?.step(firstSlice, nz);
    const [from, to] = [firstSlice * rowsPerSlice, endSlice * rowsPerSlice];
    const runs = valuedRunsOfRows(found, from, to, firstValue);
    firstValue += runs.values.length;
    const voxels = volume.voxels.subarray(from * nx, to * nx);
    const output = lesionsOf(runs, firstSlice, { voxels, dimensions: [nx, rowsPerSlice, endSlice - firstSlice] });
    slabs.push({ output, firstSlice });
  }
  await control?.step(nz, nz);
  return joinLesions(slabs, volume.dimensions);
};

/** Ranges of slices with about as many runs as are finished at once. */
function* slabsOfRuns({ rowStart }: RunList, rowsPerSlice: number): Iterable<readonly [first: number, end: number]> {
  const slices = (rowStart.length - 1) / rowsPerSlice;
  const runsBefore = (slice: number) => rowStart[slice * rowsPerSlice]!;
  for (let first = 0, end = 0; first < slices; first = end) {
    do end++;
    while (end < slices && runsBefore(end + 1) - runsBefore(first) <= RUNS_AT_ONCE);
    yield [first, end];
  }
}

/** Every calcium candidate of a volume under a convention. The worker and the command line run this same kernel. */
export const lesionsKernel: Kernel<LesionsParameters, LesionSet> = {
  name: 'calcium.lesions',
  producers: producersFromRuns(({ convention }) => convention.thresholdHu, finish),
  workPerVoxel: (volume, { convention }) => workOfRuns(volume, convention.thresholdHu),
  neededBytes: (volume, { convention }) => neededBytesOfRuns(volume, convention.thresholdHu, FINISH_BYTES_PER_RUN),
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
