import type { LesionSet } from '../lesions.ts';
import { eachOverlap, type VoxelRuns } from '../voxel-runs.ts';
import { firstColumnBeyond } from './cut-line.ts';
import { type Division, startDivision } from './division.ts';
import type { CutLine, Edit, Label } from './edit.ts';
import { gatherParts } from './gather-parts.ts';
import type { LabeledLesions } from './labeled-lesions.ts';

/** The lesions with the edits applied, oldest first. The same lesions and edits always give the same result. */
export function applyEdits(set: LesionSet, edits: readonly Edit[]): LabeledLesions {
  const division = startDivision(set);
  for (const edit of edits) {
    if (edit.kind === 'assign') assign(division, edit.label, edit.voxels);
    else if (edit.kind === 'cut') cut(division, edit.line, edit.voxels);
    else paint(division, edit.label, edit.voxels);
  }
  return gatherParts(division);
}

function assign(division: Division, label: Label | null, voxels: VoxelRuns): void {
  for (const part of division.partsTouching(voxels)) division.relabel(part, label);
}

function paint(division: Division, label: Label | null, voxels: VoxelRuns): void {
  const painted = remembered(part => division.sibling(part, { label }));
  eachOverlap(division.set.runs, voxels, (run, from, to) => division.move(run, from, to, painted));
}

/** Divides the touched cells, whatever labels they hold: what lies beyond the line becomes a cell of its own. */
function cut(division: Division, line: CutLine, voxels: VoxelRuns): void {
  const { runs, lesionOfRun, lesions, dimensions } = division.set;
  const rowsPerSlice = dimensions[1];
  const cellsBeyond = new Map<number, Map<number, number>>(); // of every lesion: cell to the cell beyond the line
  for (const part of division.partsTouching(voxels)) {
    const { lesion, cell } = division.keyOf(part);
    const cells = cellsBeyond.get(lesion) ?? new Map<number, number>();
    if (!cells.has(cell)) cells.set(cell, division.newCell());
    cellsBeyond.set(lesion, cells);
  }
  for (const [lesion, cells] of cellsBeyond) {
    const beyond = remembered(part => {
      const cell = cells.get(division.keyOf(part).cell);
      return cell === undefined ? part : division.sibling(part, { cell });
    });
    const lastRow = (lesions.lastSlice[lesion]! + 1) * rowsPerSlice;
    for (let row = lesions.firstSlice[lesion]! * rowsPerSlice; row < lastRow; row++) {
      for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
        if (lesionOfRun[run] !== lesion) continue;
        const first = firstColumnBeyond(line, row % rowsPerSlice, runs.start[run]!, runs.end[run]!);
        if (first < runs.end[run]!) division.move(run, first, runs.end[run]!, beyond);
      }
    }
  }
}

/** The function, asked once for every part: runs are many, parts are few. */
function remembered(partFor: (part: number) => number): (part: number) => number {
  const answers = new Map<number, number>();
  return part => {
    let answer = answers.get(part);
    if (answer === undefined) {
      answer = partFor(part);
      answers.set(part, answer);
    }
    return answer;
  };
}
