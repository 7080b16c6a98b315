import { findRun, type RunList } from '@voxelwise/compute/twins';
import type { LesionSet, LesionTable } from '../lesions.ts';
import { type VoxelRuns, voxelsOfRuns } from '../voxel-runs.ts';
import type { Label } from './edit.ts';

/**
 * Lesions with the reader's edits applied. A part is what one click labels: a whole lesion, or what cuts and brush
 * strokes left of it. The parts of a lesion are disjoint and cover it.
 *
 * Convention of a split: 2D components are never formed anew. A component that was split keeps the peak, the weight and
 * the decision that it is large enough which it had as a whole, and gives its pixels to its parts at that weight. So the
 * scores of the parts add up to the score of the lesion, exactly.
 */
export interface LabeledLesions {
  readonly set: LesionSet;
  /** The set's runs, cut where parts meet; same rows. */
  readonly pieces: RunList;
  readonly partOfPiece: Int32Array;
  /** In the order of their lesions; the parts of a lesion in raster order of their first voxels. */
  readonly parts: PartTable;
  readonly fragments: FragmentTable;
}

/**
 * One entry per part, with the columns of lesions: its own voxels, peak and slices; its pixels at the weights of their
 * whole components; the number of components that it has pixels of.
 */
export interface PartTable extends LesionTable {
  readonly lesion: Int32Array;
  readonly label: readonly (Label | null)[];
}

/** One entry per 2D component and part that share pixels; the unit that scores are summed from. */
export interface FragmentTable {
  readonly count: number;
  readonly component: Int32Array;
  readonly part: Int32Array;
  readonly pixels: Int32Array;
  /** Sum of the pixels' values. */
  readonly sumHu: Float64Array;
}

/** The part at voxel [x, y, z], or -1. */
export function partAt({ set, pieces, partOfPiece }: LabeledLesions, x: number, y: number, z: number): number {
  const [width, ny, nz] = set.dimensions;
  if (x < 0 || y < 0 || z < 0 || x >= width || y >= ny || z >= nz) return -1;
  const piece = findRun(pieces, z * ny + y, x);
  return piece < 0 ? -1 : partOfPiece[piece]!;
}

/** The voxels of the parts for which include is true. */
export function voxelsOfParts(
  { set, pieces, partOfPiece, parts }: LabeledLesions,
  include: (part: number) => boolean,
): VoxelRuns {
  const rowsPerSlice = set.dimensions[1];
  const included = Uint8Array.from({ length: parts.count }, (_, part) => Number(include(part)));
  let firstSlice = set.dimensions[2];
  let lastSlice = -1;
  for (let part = 0; part < parts.count; part++) {
    if (!included[part]) continue;
    firstSlice = Math.min(firstSlice, parts.firstSlice[part]!);
    lastSlice = Math.max(lastSlice, parts.lastSlice[part]!);
  }
  const isIncluded = (piece: number) => included[partOfPiece[piece]!] === 1;
  return voxelsOfRuns(pieces, isIncluded, firstSlice * rowsPerSlice, (lastSlice + 1) * rowsPerSlice);
}

/** The voxels of everything that carries a label. */
export function voxelsOfLabel(labeled: LabeledLesions, label: Label): VoxelRuns {
  return voxelsOfParts(labeled, part => labeled.parts.label[part] === label);
}
