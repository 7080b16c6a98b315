import type { Division, PieceOfRun } from './division.ts';
import type { LabeledLesions } from './labeled-lesions.ts';
import { type CutRuns, dividedPieces, gatherFragments, measureParts } from './measure-parts.ts';

/** The division as tables. */
export function gatherParts(division: Division): LabeledLesions {
  const { set } = division;
  if (division.partCount() === set.lesions.count) return wholeLesions(division);
  const cut = cutRuns(division);
  const numbered = numberParts(division, cut);
  const divided = dividedPieces(cut, numbered);
  const fragments = gatherFragments(set, cut, numbered, divided);
  const parts = { label: numbered.label, ...measureParts(set, cut, numbered, divided, fragments) };
  return { set, pieces: cut.pieces, partOfPiece: cut.partOfPiece, parts, fragments };
}

/** The tables of lesions are those of the parts. */
function wholeLesions({ set, labelOf }: Division): LabeledLesions {
  const { components } = set;
  const lesion = ascending(set.lesions.count);
  return {
    set,
    pieces: set.runs,
    partOfPiece: set.lesionOfRun,
    parts: { ...set.lesions, lesion, label: Array.from(lesion, labelOf) },
    fragments: { ...components, component: ascending(components.count), part: components.lesion },
  };
}

function ascending(count: number): Int32Array {
  const numbers = new Int32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** Runs cut where parts meet; partOfPiece holds the division's numbers of parts. */
function cutRuns({ set, partOfRun, shared, current }: Division): CutRuns {
  const { runs, componentOfRun } = set;
  const sharedRuns = Int32Array.from(shared.keys()).sort();
  const cuts = Array.from(sharedRuns, run => joinEqual(shared.get(run)!, current));
  const count = cuts.reduce((total, pieces) => total + pieces.length - 1, runs.count);
  const start = new Int32Array(count);
  const end = new Int32Array(count);
  const partOfPiece = new Int32Array(count);
  const componentOfPiece = new Int32Array(count);
  let run = 0;
  let piece = 0;
  const copyUpTo = (lastRun: number) => {
    start.set(runs.start.subarray(run, lastRun), piece);
    end.set(runs.end.subarray(run, lastRun), piece);
    partOfPiece.set(partOfRun.subarray(run, lastRun), piece);
    componentOfPiece.set(componentOfRun.subarray(run, lastRun), piece);
    piece += lastRun - run;
    run = lastRun;
  };
  cuts.forEach((pieces, i) => {
    copyUpTo(sharedRuns[i]!);
    for (const { start: from, end: to, part } of pieces) {
      start[piece] = from;
      end[piece] = to;
      partOfPiece[piece] = part;
      componentOfPiece[piece++] = componentOfRun[run]!;
    }
    run++;
  });
  copyUpTo(runs.count);

  const rowStart = runs.rowStart.slice();
  for (let row = 0, next = 0, added = 0; row < rowStart.length; row++) {
    while (next < cuts.length && sharedRuns[next]! < runs.rowStart[row]!) added += cuts[next++]!.length - 1;
    rowStart[row]! += added;
  }
  return { pieces: { start, end, rowStart, count }, partOfPiece, componentOfPiece };
}

/** Pieces under the current parts, neighbours of one part joined. */
function joinEqual(pieces: readonly PieceOfRun[], current: Division['current']): PieceOfRun[] {
  const joined: PieceOfRun[] = [];
  for (const piece of pieces) {
    const part = current(piece.part);
    const last = joined.at(-1);
    if (last?.part === part) joined[joined.length - 1] = { ...last, end: piece.end };
    else joined.push({ ...piece, part });
  }
  return joined;
}

/** Gives the parts that hold voxels their final numbers, also in partOfPiece: by lesion, then by their first voxels. */
function numberParts({ set, partCount, current, lesionOf, labelOf }: Division, { partOfPiece }: CutRuns) {
  const currentOf = ascending(partCount()).map(current);
  const numberOf = new Int32Array(partCount()).fill(-1);
  const found: number[] = [];
  for (let piece = 0; piece < partOfPiece.length; piece++) {
    const part = currentOf[partOfPiece[piece]!]!;
    partOfPiece[piece] = part;
    if (numberOf[part]! >= 0) continue;
    numberOf[part] = 0;
    found.push(part);
  }
  found.sort((a, b) => lesionOf(a) - lesionOf(b));
  found.forEach((part, number) => {
    numberOf[part] = number;
  });
  for (let piece = 0; piece < partOfPiece.length; piece++) partOfPiece[piece] = numberOf[partOfPiece[piece]!]!;

  const lesion = Int32Array.from(found, lesionOf);
  const isDivided = new Uint8Array(set.lesions.count);
  for (let part = 1; part < lesion.length; part++) if (lesion[part] === lesion[part - 1]) isDivided[lesion[part]!] = 1;
  return { lesion, label: found.map(labelOf), isDivided };
}
