import type { LesionSet } from '../lesions.ts';
import { eachOverlap, type VoxelRuns } from '../voxel-runs.ts';
import type { Label } from './edit.ts';

/** What the parts of one lesion are told apart by: cuts make cells, labels divide cells. */
export interface PartKey {
  readonly lesion: number;
  readonly cell: number;
  readonly label: Label | null;
}

/** A span [start, end) of a run. */
export interface PieceOfRun {
  readonly start: number;
  readonly end: number;
  readonly part: number;
}

/** Stands for the part of a run in which parts meet. */
export const SHARED = -1;

/** Which part every voxel belongs to, while edits are applied one by one. Parts may end up without voxels. */
export interface Division {
  readonly set: LesionSet;
  keyOf(part: number): PartKey;
  lesionOf(part: number): number;
  labelOf(part: number): Label | null;
  /** How many parts there have been. The first ones are the whole lesions, under their numbers. */
  partCount(): number;
  /** Parts that share a voxel with these. */
  partsTouching(voxels: VoxelRuns): Set<number>;
  /** The part of the same lesion with another cell or label; made where there is none yet. */
  sibling(part: number, change: Partial<Omit<PartKey, 'lesion'>>): number;
  /** A cell that no lesion has yet. */
  newCell(): number;
  /** All voxels of a part get the label; it becomes one with the part of its cell that has it already. */
  relabel(part: number, label: Label | null): void;
  /** Voxels [from, to) of a run move from their parts to those that partFor tells. */
  move(run: number, from: number, to: number, partFor: (part: number) => number): void;
  /** The part that a part has become one with, or itself. */
  current(part: number): number;
  /** Part of every run, SHARED where parts meet; take current() of it. */
  readonly partOfRun: Int32Array;
  /** Runs in which parts meet, with their pieces from left to right; take current() of their parts. */
  readonly shared: ReadonlyMap<number, readonly PieceOfRun[]>;
}

/** Every lesion is one part without a label. */
export function startDivision(set: LesionSet): Division {
  const { runs, lesions } = set;
  const partOfRun = set.lesionOfRun.slice();
  const shared = new Map<number, readonly PieceOfRun[]>();
  const labelOfWhole = new Array<Label | null>(lesions.count).fill(null);
  const furtherParts: PartKey[] = [];
  const furtherPartsOf = new Map<number, number[]>();
  /** Parts that became one with another. */
  const mergedInto = new Map<number, number>();
  let cells = 1;

  const current = (part: number) => {
    let last = part;
    if (mergedInto.size === 0) return last;
    for (let next = mergedInto.get(last); next !== undefined; next = mergedInto.get(last)) last = next;
    return last;
  };

  const keyOf = (part: number): PartKey =>
    part < lesions.count ? { lesion: part, cell: 0, label: labelOfWhole[part]! } : furtherParts[part - lesions.count]!;

  const find = ({ lesion, cell, label }: PartKey): number | undefined =>
    [lesion, ...(furtherPartsOf.get(lesion) ?? [])].find(part => {
      const key = keyOf(part);
      return key.cell === cell && key.label === label && !mergedInto.has(part);
    });

  const make = (key: PartKey): number => {
    const part = lesions.count + furtherParts.push(key) - 1;
    const others = furtherPartsOf.get(key.lesion);
    if (others) others.push(part);
    else furtherPartsOf.set(key.lesion, [part]);
    return part;
  };

  const eachPiece = (run: number, visit: (start: number, end: number, part: number) => void) => {
    const partOf = partOfRun[run]!;
    if (partOf !== SHARED) visit(runs.start[run]!, runs.end[run]!, current(partOf));
    else for (const { start, end, part } of shared.get(run)!) visit(start, end, current(part));
  };

  return {
    set,
    keyOf,
    lesionOf: part => (part < lesions.count ? part : furtherParts[part - lesions.count]!.lesion),
    labelOf: part => (part < lesions.count ? labelOfWhole[part]! : furtherParts[part - lesions.count]!.label),
    partCount: () => lesions.count + furtherParts.length,
    partsTouching(voxels) {
      const parts = new Set<number>();
      let latest = SHARED; // runs of one part follow each other: most need no look into the set
      eachOverlap(runs, voxels, (run, from, to) => {
        const partOf = partOfRun[run]!;
        if (partOf === SHARED) {
          for (const { start, end, part } of shared.get(run)!) if (start < to && end > from) parts.add(current(part));
        } else if (partOf !== latest) {
          latest = partOf;
          parts.add(current(partOf));
        }
      });
      return parts;
    },
    sibling(part, change) {
      const key = { ...keyOf(part), ...change };
      return find(key) ?? make(key);
    },
    newCell: () => cells++,
    relabel(part, label) {
      const key = { ...keyOf(part), label };
      const same = find(key);
      if (same === part) return;
      if (same !== undefined) mergedInto.set(part, same);
      else if (part < lesions.count) labelOfWhole[part] = label;
      else furtherParts[part - lesions.count] = key;
    },
    move(run, from, to, partFor) {
      const isWhole = from <= runs.start[run]! && to >= runs.end[run]!;
      if (isWhole && partOfRun[run] !== SHARED) {
        partOfRun[run] = partFor(current(partOfRun[run]!));
        return;
      }
      const pieces: PieceOfRun[] = [];
      const add = (start: number, end: number, part: number) => {
        if (start < end) pieces.push({ start, end, part });
      };
      eachPiece(run, (start, end, part) => {
        const first = Math.max(start, from);
        const last = Math.min(end, to);
        if (first >= last) {
          add(start, end, part);
        } else {
          add(start, first, part);
          add(first, last, partFor(part));
          add(last, end, part);
        }
      });
      if (pieces.every(({ part }) => part === pieces[0]!.part)) {
        partOfRun[run] = pieces[0]!.part;
        shared.delete(run);
      } else {
        partOfRun[run] = SHARED;
        shared.set(run, pieces);
      }
    },
    current,
    partOfRun,
    shared,
  };
}
