import type { Vessel } from '../vessel.ts';
import type { VoxelRuns } from '../voxel-runs.ts';

/** What a reader says of calcium: its vessel, or that it is none of a coronary artery's. */
export type Label = Vessel | 'excluded';

/** A straight line over an axial slice, through two points [column, row] in pixels; pixel centres are integers. */
export interface CutLine {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/**
 * One decision of the reader, as plain data. Edits keep voxels, not numbers of lesions, so that they hold under another
 * threshold: where a lesion falls apart all its parts keep the decision, where lesions grow together the latest one wins.
 */
export type Edit =
  /** Every part that shares a voxel with these gets the label; null takes it away. */
  | { readonly kind: 'assign'; readonly label: Label | null; readonly voxels: VoxelRuns }
  /** Every part that shares a voxel with these falls into its sides of the line, which cuts through all slices. */
  | { readonly kind: 'cut'; readonly line: CutLine; readonly voxels: VoxelRuns }
  /** Exactly these voxels get the label, whatever else belongs to their lesion: a brush, or a stored result. */
  | { readonly kind: 'paint'; readonly label: Label | null; readonly voxels: VoxelRuns };
