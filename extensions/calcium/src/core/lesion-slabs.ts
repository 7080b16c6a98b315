import { joinLabels, joinRuns } from '@voxelwise/compute/twins';
import { acrossSlices, type Convention } from './convention.ts';
import type { HuVolume } from './hu-volume.ts';
import { type ComponentTable, emptyComponents, type LesionSet, withLesions } from './lesions.ts';

/** Lesions of whole slices of a volume, found as if they were a volume of their own. */
export interface LesionSlab {
  readonly output: LesionSet;
  /** The slab's first slice in the volume. */
  readonly firstSlice: number;
}

/** False where lesions of one slab depend on the slices of the next: isotropic voxels lie between slices. */
export function canFindInSlabs({ volumeMethod }: Convention): boolean {
  return volumeMethod === 'voxels';
}

/**
 * The lesions of a volume from those of its slabs, in order: exactly what the whole volume gives. Components lie in one
 * slice and stay what they are; lesions that reach into the next slab are joined.
 */
export function joinLesions(slabs: readonly LesionSlab[], dimensions: HuVolume['dimensions']): LesionSet {
  const sets = slabs.map(({ output }) => output);
  const { convention, spacingMm } = sets[0]!;
  const runs = joinRuns(sets);
  const labeled = sets.map(set => ({ runs: set.runs, labels: { label: set.lesionOfRun, count: set.lesions.count } }));
  const { labels } = joinLabels(labeled, runs, dimensions[1], acrossSlices(convention));

  const componentOfRun = new Int32Array(runs.count);
  let run = 0;
  let firstComponent = 0;
  for (const set of sets) {
    for (const component of set.componentOfRun) componentOfRun[run++] = firstComponent + component;
    firstComponent += set.components.count;
  }
  const set = { convention, dimensions, spacingMm, runs, componentOfRun, hu: joinValues(sets), isotropic: null };
  return withLesions(set, joinComponents(slabs, dimensions), labels);
}

function joinValues(sets: readonly LesionSet[]): LesionSet['hu'] {
  const length = sets.reduce((sum, { hu }) => sum + hu.length, 0);
  const joined = sets[0]!.hu instanceof Int16Array ? new Int16Array(length) : new Float32Array(length);
  let next = 0;
  for (const { hu } of sets) {
    joined.set(hu, next);
    next += hu.length;
  }
  return joined;
}

/** All components, without their lesions. */
function joinComponents(slabs: readonly LesionSlab[], [width, rowsPerSlice]: HuVolume['dimensions']): ComponentTable {
  const joined = emptyComponents(slabs.reduce((sum, { output }) => sum + output.components.count, 0));
  let next = 0;
  for (const { output, firstSlice } of slabs) {
    const { count, slice, pixels, peakHu, peakVoxel, sumHu, weight } = output.components;
    joined.pixels.set(pixels, next);
    joined.peakHu.set(peakHu, next);
    joined.sumHu.set(sumHu, next);
    joined.weight.set(weight, next);
    for (let component = 0; component < count; component++) {
      joined.slice[next + component] = firstSlice + slice[component]!;
      joined.peakVoxel[next + component] = firstSlice * rowsPerSlice * width + peakVoxel[component]!;
    }
    next += count;
  }
  return joined;
}
