import { integer, lesionAt, positionOf, type Random } from '../calcium.test-support.ts';
import {
  applyEdits,
  assignPart,
  brushStroke,
  type CutLine,
  cutAlong,
  type Edit,
  type Label,
  type LabeledLesions,
  type LesionSet,
  VESSELS,
  type VoxelRuns,
} from '../index.ts';

export const LABELS: readonly (Label | null)[] = [...VESSELS, 'excluded', null];

/** "x,y,z" of every voxel. */
export function keysOf({ row, start, end }: VoxelRuns, ny: number): string[] {
  return [...row].flatMap((r, i) =>
    Array.from({ length: end[i]! - start[i]! }, (_, n) => `${start[i]! + n},${r % ny},${Math.floor(r / ny)}`),
  );
}

export interface DefinedVoxel {
  readonly lesion: number;
  /** On which side of every cut that divided it. */
  cell: string;
  label: Label | null;
}

/** Labels by the definition of the edits, voxel by voxel; shares nothing with the code under test but the lesions. */
export function labelsByDefinition(set: LesionSet, edits: readonly Edit[]): Map<string, DefinedVoxel> {
  const [nx, ny, nz] = set.dimensions;
  const voxels = new Map<string, DefinedVoxel>();
  for (let voxel = 0; voxel < nx * ny * nz; voxel++) {
    const position = positionOf(voxel, set.dimensions);
    const lesion = lesionAt(set, ...position);
    if (lesion >= 0) voxels.set(position.join(), { lesion, cell: '', label: null });
  }
  const touched = (runs: VoxelRuns) => keysOf(runs, ny).flatMap(key => voxels.get(key) ?? []);
  const cellOf = ({ lesion, cell }: DefinedVoxel) => `${lesion} ${cell}`;
  const partOf = (voxel: DefinedVoxel) => `${cellOf(voxel)} ${voxel.label}`;
  for (const edit of edits) {
    if (edit.kind === 'assign') {
      const parts = new Set(touched(edit.voxels).map(partOf));
      for (const voxel of voxels.values()) if (parts.has(partOf(voxel))) voxel.label = edit.label;
    } else if (edit.kind === 'cut') {
      const cells = new Set(touched(edit.voxels).map(cellOf));
      for (const [key, voxel] of voxels) {
        const [x, y] = key.split(',').map(Number) as [number, number];
        if (cells.has(cellOf(voxel))) voxel.cell += isBeyond(edit.line, x, y) ? 'b' : 'a';
      }
    } else {
      for (const voxel of touched(edit.voxels)) voxel.label = edit.label;
    }
  }
  return voxels;
}

function isBeyond({ from, to }: CutLine, x: number, y: number): boolean {
  const [[x1, y1], [x2, y2]] = to[1] < from[1] || (to[1] === from[1] && to[0] < from[0]) ? [to, from] : [from, to];
  return (x2 - x1) * (y - y1) < (y2 - y1) * (x - x1);
}

const anyLabel = (random: Random) => LABELS[integer(random, 0, LABELS.length - 1)]!;

/** Anything that a reader could do to these lesions; null where that is nothing. */
export function randomEdit(random: Random, labeled: LabeledLesions): Edit | null {
  const { set, parts } = labeled;
  const [nx, ny, nz] = set.dimensions;
  const point = (): [number, number] => [random() * (nx - 1), random() * (ny - 1)];
  const gridPoint = () => point().map(Math.round) as [number, number];
  const choice = random();
  if (parts.count === 0) return null;
  if (choice < 0.35) return assignPart(labeled, integer(random, 0, parts.count - 1), anyLabel(random));
  if (choice < 0.65) {
    const line = random() < 0.5 ? { from: point(), to: point() } : { from: gridPoint(), to: gridPoint() };
    return cutAlong(labeled, integer(random, 0, nz - 1), line);
  }
  const path = Array.from({ length: integer(random, 1, 3) }, point);
  const slices = [integer(random, 0, nz - 1), integer(random, 0, nz - 1)].sort() as [number, number];
  return brushStroke(set, path, random() * 3, slices, anyLabel(random));
}

/** A sequence of edits, each made on what the ones before it gave. */
export function randomEdits(random: Random, set: LesionSet, count: number): Edit[] {
  const edits: Edit[] = [];
  for (let i = 0; i < count; i++) {
    const edit = randomEdit(random, applyEdits(set, edits));
    if (edit) edits.push(edit);
  }
  return edits;
}
