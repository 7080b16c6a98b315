import type { RunList } from '@voxelwise/compute/twins';
import type { Division } from './division.ts';
import type { LabeledLesions } from './labeled-lesions.ts';
import { gatherFragments, measureParts } from './measure-parts.ts';

/** The division as tables. */
export function gatherParts(division: Division): LabeledLesions {
  const { set } = division;
  if (division.partCount() === set.lesions.count) return wholeLesions(division);
  const { pieces, runOfPiece, divisionPart } = cutRuns(division);
  const { numberOf, divisionParts, isDivided } = numberParts(division, divisionPart);
  const partOfPiece = divisionPart.map(part => numberOf[part]!);
  const lesion = Int32Array.from(divisionParts, part => division.keyOf(part).lesion);
  const label = divisionParts.map(part => division.keyOf(part).label);
  const dividedPieces = { pieces, runOfPiece, partOfPiece, lesion, isDivided };
  const fragments = gatherFragments(set, dividedPieces);
  const parts = { lesion, label, ...measureParts(set, dividedPieces, fragments) };
  return { set, pieces, partOfPiece, parts, fragments };
}

/** The tables of lesions are those of the parts. */
function wholeLesions({ set, keyOf }: Division): LabeledLesions {
  const { components } = set;
  const lesion = Int32Array.from({ length: set.lesions.count }, (_, i) => i);
  const component = Int32Array.from({ length: components.count }, (_, i) => i);
  return {
    set,
    pieces: set.runs,
    partOfPiece: set.lesionOfRun,
    parts: { ...set.lesions, lesion, label: Array.from(lesion, part => keyOf(part).label) },
    fragments: { ...components, component, part: components.lesion },
  };
}

/** Runs cut where parts meet. */
function cutRuns(division: Division) {
  const { runs } = division.set;
  const start: number[] = [];
  const end: number[] = [];
  const part: number[] = [];
  const runOf: number[] = [];
  const rowStart = new Int32Array(runs.rowStart.length);
  for (let row = 0; row < rowStart.length - 1; row++) {
    rowStart[row] = start.length;
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      division.eachPiece(run, (from, to, partHere) => {
        const previous = start.length - 1;
        if (runOf[previous] === run && part[previous] === partHere) {
          end[previous] = to;
          return;
        }
        start.push(from);
        end.push(to);
        part.push(partHere);
        runOf.push(run);
      });
    }
  }
  rowStart[rowStart.length - 1] = start.length;
  const pieces: RunList = { start: Int32Array.from(start), end: Int32Array.from(end), rowStart, count: start.length };
  return { pieces, runOfPiece: Int32Array.from(runOf), divisionPart: Int32Array.from(part) };
}

/** Final numbers of the parts that hold voxels: by lesion, then by their first voxels. */
function numberParts(division: Division, divisionPart: Int32Array) {
  const numberOf = new Int32Array(division.partCount()).fill(-1);
  const divisionParts: number[] = [];
  for (const part of divisionPart) {
    if (numberOf[part]! >= 0) continue;
    numberOf[part] = 0;
    divisionParts.push(part);
  }
  divisionParts.sort((a, b) => division.lesionOf(a) - division.lesionOf(b));
  const isDivided = new Uint8Array(division.set.lesions.count);
  divisionParts.forEach((part, number) => {
    numberOf[part] = number;
    const before = divisionParts[number - 1];
    if (before !== undefined && division.lesionOf(before) === division.lesionOf(part)) {
      isDivided[division.lesionOf(part)] = 1;
    }
  });
  return { numberOf, divisionParts, isDivided };
}
