import {
  type ComponentLabels,
  filterValuedRuns,
  joinSlices,
  labelRuns,
  type RunList,
  statisticsOfValues,
  type ValuedRuns,
  type VoxelArray,
} from '@voxelwise/compute/twins';
import { acrossSlices, type Convention, isLargeEnough, weightOf } from './convention.ts';
import type { HuVolume } from './hu-volume.ts';
import { isotropicSamples } from './volume-isotropic.ts';

/**
 * Everything that counts under a convention, as flat arrays that cross thread borders cheaply.
 * A component is a 2D region in one slice, the unit of the Agatston score; a lesion joins components that touch across
 * slices, the unit that a reader assigns to a vessel.
 */
export interface LesionSet {
  readonly convention: Convention;
  readonly dimensions: HuVolume['dimensions'];
  readonly spacingMm: HuVolume['spacingMm'];
  /** Voxels of every counted component, as runs along x; row = z * ny + y. */
  readonly runs: RunList;
  /** Lesion of every run. */
  readonly lesionOfRun: Int32Array;
  /** Component of every run. */
  readonly componentOfRun: Int32Array;
  /** Values in HU of the runs' voxels, run after run: what a part of a lesion needs for a peak and a mass of its own. */
  readonly hu: VoxelArray;
  /** Isotropic voxels of the runs' voxels (volume-isotropic.ts), in the order of hu; null where the volume counts plainly. */
  readonly isotropic: Uint16Array | null;
  readonly components: ComponentTable;
  readonly lesions: LesionTable;
}

/** One entry per counted 2D component. */
export interface ComponentTable {
  readonly count: number;
  readonly slice: Int32Array;
  readonly pixels: Int32Array;
  readonly peakHu: Float64Array;
  /** Volume index of the (first) brightest pixel. */
  readonly peakVoxel: Int32Array;
  /** Sum of the pixels' values. */
  readonly sumHu: Float64Array;
  readonly weight: Uint8Array;
  readonly lesion: Int32Array;
}

/** One entry per lesion. */
export interface LesionTable {
  readonly count: number;
  readonly voxels: Int32Array;
  /** Sum of isotropic over the lesion's voxels. */
  readonly isotropicVoxels: Float64Array | null;
  /** Sum over the lesion's components of pixels * weight; times pixel area and slice factor it is the Agatston score. */
  readonly weightedPixels: Float64Array;
  readonly components: Int32Array;
  /** Sum of the voxels' values; over voxels it is the mean that the mass score needs. */
  readonly sumHu: Float64Array;
  readonly peakHu: Float64Array;
  /** Volume index of the (first) brightest voxel. */
  readonly peakVoxel: Int32Array;
  readonly firstSlice: Int32Array;
  readonly lastSlice: Int32Array;
}

/**
 * Components and lesions of the voxels at or above the threshold: per-slice components by the convention's connectivity,
 * those under the minimum size dropped, the rest joined across slices (26-connected for 8, 6-connected for 4).
 * Formula and defaults: Agatston et al., J Am Coll Cardiol 1990;15:827-832.
 */
export function lesionsOfRuns(found: ValuedRuns, volume: HuVolume, convention: Convention): LesionSet {
  const { dimensions, spacingMm } = volume;
  const [width, rowsPerSlice] = dimensions;
  const pixelAreaMm2 = spacingMm[0] * spacingMm[1];
  const { label, count: found2d } = labelRuns(found.runs, rowsPerSlice, convention.connectivity);
  const statistics = statisticsOfValues(found, { label, count: found2d }, width);

  // Components that count get consecutive numbers; -1 marks the ones that are too small.
  const numberOf = new Int32Array(found2d).fill(-1);
  let count = 0;
  for (let component = 0; component < found2d; component++) {
    const pixels = statistics.voxelCount[component]!;
    if (isLargeEnough(pixels, pixelAreaMm2, convention.minimumLesion)) numberOf[component] = count++;
  }
  const isCounted = (run: number) => numberOf[label[run]!]! >= 0;
  const { runs, values: hu } = filterValuedRuns(found, isCounted);
  const componentOfRun = new Int32Array(runs.count);
  for (let run = 0, counted = 0; run < label.length; run++) {
    if (isCounted(run)) componentOfRun[counted++] = numberOf[label[run]!]!;
  }

  const components = emptyComponents(count);
  for (let component = 0; component < found2d; component++) {
    const counted = numberOf[component]!;
    if (counted < 0) continue;
    const peakHu = statistics.peak[component]!;
    components.slice[counted] = Math.floor(statistics.firstRow[component]! / rowsPerSlice);
    components.pixels[counted] = statistics.voxelCount[component]!;
    components.peakHu[counted] = peakHu;
    components.peakVoxel[counted] = statistics.peakVoxel[component]!;
    components.sumHu[counted] = statistics.sum[component]!;
    components.weight[counted] = weightOf(peakHu, convention.weightEdgesHu);
  }
  const isotropic =
    convention.volumeMethod === 'isotropic' ? isotropicSamples(volume, runs, convention.thresholdHu) : null;
  const slices = Array.from({ length: dimensions[2] - 1 }, (_, below) => below + 1);
  const inSlices = { label: componentOfRun, count };
  const { labels: lesionLabels } = joinSlices(runs, inSlices, rowsPerSlice, acrossSlices(convention), slices);
  return withLesions(
    { convention, dimensions, spacingMm, runs, componentOfRun, hu, isotropic },
    components,
    lesionLabels,
  );
}

/** A table of so many components, to be filled. */
export function emptyComponents(count: number): ComponentTable {
  return {
    count,
    slice: new Int32Array(count),
    pixels: new Int32Array(count),
    peakHu: new Float64Array(count),
    peakVoxel: new Int32Array(count),
    sumHu: new Float64Array(count),
    weight: new Uint8Array(count),
    lesion: new Int32Array(count),
  };
}

/** Completes a set by its lesions: the components' lesions are filled in, and the lesions' table is made. */
export function withLesions(
  set: Omit<LesionSet, 'lesionOfRun' | 'components' | 'lesions'>,
  components: ComponentTable,
  { label: lesionOfRun, count }: ComponentLabels,
): LesionSet {
  const { runs, componentOfRun, isotropic } = set;
  for (let run = 0; run < runs.count; run++) components.lesion[componentOfRun[run]!] = lesionOfRun[run]!;
  const isotropicVoxels = isotropic && sumsOfGroups(isotropic, runs, lesionOfRun, count);
  return { ...set, lesionOfRun, components, lesions: { ...gatherLesions(components, count), isotropicVoxels } };
}

/** Sum per group of a value per voxel of the runs, run after run. */
function sumsOfGroups(values: Uint16Array, { start, end, count }: RunList, groupOfRun: Int32Array, groups: number) {
  const sums = new Float64Array(groups);
  for (let run = 0, next = 0; run < count; run++) {
    for (let last = next + end[run]! - start[run]!; next < last; next++) sums[groupOfRun[run]!]! += values[next]!;
  }
  return sums;
}

function gatherLesions(components: ComponentTable, count: number): Omit<LesionTable, 'isotropicVoxels'> {
  const lesions = {
    count,
    voxels: new Int32Array(count),
    weightedPixels: new Float64Array(count),
    components: new Int32Array(count),
    sumHu: new Float64Array(count),
    peakHu: new Float64Array(count).fill(Number.NEGATIVE_INFINITY),
    peakVoxel: new Int32Array(count),
    firstSlice: new Int32Array(count).fill(0x7fffffff),
    lastSlice: new Int32Array(count).fill(-1),
  };
  for (let component = 0; component < components.count; component++) {
    const lesion = components.lesion[component]!;
    const slice = components.slice[component]!;
    const pixels = components.pixels[component]!;
    lesions.voxels[lesion]! += pixels;
    lesions.weightedPixels[lesion]! += pixels * components.weight[component]!;
    lesions.components[lesion]!++;
    lesions.sumHu[lesion]! += components.sumHu[component]!;
    lesions.firstSlice[lesion] = Math.min(lesions.firstSlice[lesion]!, slice);
    lesions.lastSlice[lesion] = Math.max(lesions.lastSlice[lesion]!, slice);
    const peakHu = components.peakHu[component]!;
    const peakVoxel = components.peakVoxel[component]!;
    const isFirstOfEqualPeaks = peakHu === lesions.peakHu[lesion]! && peakVoxel < lesions.peakVoxel[lesion]!;
    if (peakHu > lesions.peakHu[lesion]! || isFirstOfEqualPeaks) {
      lesions.peakHu[lesion] = peakHu;
      lesions.peakVoxel[lesion] = peakVoxel;
    }
  }
  return lesions;
}
