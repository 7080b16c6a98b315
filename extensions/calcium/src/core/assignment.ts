import type { LesionSet } from './lesions.ts';
import type { Vessel } from './vessel.ts';
import { type VoxelRuns, voxelsOfRuns } from './voxel-runs.ts';

/**
 * One decision of the reader: these voxels belong to a vessel, or to none. Decisions keep voxels, not lesion numbers,
 * so they survive a change of threshold: a lesion that falls apart keeps its vessel in all its parts.
 */
export interface Assignment {
  readonly vessel: Vessel | null;
  /** Voxels of the lesion when the decision was made. */
  readonly voxels: VoxelRuns;
}

/** The decision that a lesion belongs to a vessel, or (null) to none. */
export function assignLesion(set: LesionSet, lesion: number, vessel: Vessel | null): Assignment {
  return { vessel, voxels: voxelsOfLesion(set, lesion) };
}

/**
 * Vessel of every lesion: that of the latest decision which shares a voxel with it.
 * @returns one entry per lesion, null where none was assigned.
 */
export function vesselsOfLesions(set: LesionSet, assignments: readonly Assignment[]): (Vessel | null)[] {
  const vessels = new Array<Vessel | null>(set.lesions.count).fill(null);
  for (const { vessel, voxels } of assignments) {
    for (const lesion of lesionsTouching(set, voxels)) vessels[lesion] = vessel;
  }
  return vessels;
}

/** The voxels of one lesion. */
export function voxelsOfLesion({ runs, lesionOfRun, lesions, dimensions }: LesionSet, lesion: number): VoxelRuns {
  const firstRow = lesions.firstSlice[lesion]! * dimensions[1];
  const lastRow = (lesions.lastSlice[lesion]! + 1) * dimensions[1];
  return voxelsOfRuns(runs, run => lesionOfRun[run] === lesion, firstRow, lastRow);
}

/** Lesions that share at least one voxel with the given ones. */
function lesionsTouching({ runs, lesionOfRun }: LesionSet, voxels: VoxelRuns): Set<number> {
  const touched = new Set<number>();
  for (let i = 0; i < voxels.row.length; i++) {
    const row = voxels.row[i]!;
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      if (runs.end[run]! <= voxels.start[i]!) continue;
      if (runs.start[run]! >= voxels.end[i]!) break;
      touched.add(lesionOfRun[run]!);
    }
  }
  return touched;
}
