import { type BitMask, bitCount } from './bit-mask.ts';
import { bands, complete, type Steps } from './steps.ts';

/** Maximal half-open runs [start, end) of mask voxels, row by row in raster order. */
export interface RunList {
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The runs of row r are rowStart[r] .. rowStart[r + 1] - 1. Length rows + 1. */
  readonly rowStart: Int32Array;
  readonly count: number;
}

/** Words of a mask between two steps. */
const BAND_WORDS = 1 << 14;

/** Runs of a bit mask. A whole word of background, or inside a run, costs one comparison. */
export function runsFromMask(mask: BitMask): RunList {
  return complete(runsFromMaskInSteps(mask));
}

/** The same with pauses. Runs are counted first, so that no array is larger than it has to be. */
export function* runsFromMaskInSteps(mask: BitMask): Steps<RunList> {
  const { rows, wordsPerRow } = mask;
  const rowsAtATime = Math.max(1, Math.floor(BAND_WORDS / wordsPerRow));
  const rowStart = new Int32Array(rows + 1);
  for (const [from, to] of bands(rows, rowsAtATime)) {
    yield (0.3 * from) / rows;
    countRuns(mask, from, to, rowStart);
  }
  const count = rowStart[rows]!;
  const runs = { start: new Int32Array(count), end: new Int32Array(count), rowStart, count };
  for (const [from, to] of bands(rows, rowsAtATime)) {
    yield 0.3 + (0.7 * from) / rows;
    fillRuns(mask, from, to, runs);
  }
  return runs;
}

/** Goes on with where the runs of each row begin in the list. */
function countRuns({ words, wordsPerRow }: BitMask, fromRow: number, toRow: number, rowStart: Int32Array): void {
  let count = rowStart[fromRow]!;
  for (let row = fromRow, word = fromRow * wordsPerRow; row < toRow; row++) {
    let before = 0; // the last bit of the word before
    for (const rowEnd = word + wordsPerRow; word < rowEnd; word++) {
      const bits = words[word]! | 0;
      if (bits !== 0 && (bits !== -1 || before === 0)) count += bitCount(bits & ~((bits << 1) | before));
      before = bits >>> 31;
    }
    rowStart[row + 1] = count;
  }
}

function fillRuns({ words, width, wordsPerRow }: BitMask, fromRow: number, toRow: number, runs: RunList): void {
  const { start, end, rowStart } = runs;
  let run = rowStart[fromRow]!;
  for (let row = fromRow; row < toRow; row++) {
    let open = false;
    for (let word = 0; word < wordsPerRow; word++) {
      const bits = words[row * wordsPerRow + word]! | 0;
      if (open ? bits === -1 : bits === 0) continue;
      for (let bit = 0; bit < 32; ) {
        const rest = (open ? ~bits : bits) >>> bit;
        if (rest === 0) break;
        bit += 31 - Math.clz32(rest & -rest); // next change between background and run
        const x = (word << 5) + bit;
        if (open) end[run++] = x;
        else start[run] = x;
        open = !open;
      }
    }
    if (open) end[run++] = width;
  }
}

/** The runs for which keep is true, in the same order. */
export function filterRuns(runs: RunList, keep: (run: number) => boolean): RunList {
  const rows = runs.rowStart.length - 1;
  const rowStart = new Int32Array(rows + 1);
  const start = new Int32Array(runs.count);
  const end = new Int32Array(runs.count);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    rowStart[row] = count;
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      if (!keep(run)) continue;
      start[count] = runs.start[run]!;
      end[count++] = runs.end[run]!;
    }
  }
  rowStart[rows] = count;
  return { start: start.slice(0, count), end: end.slice(0, count), rowStart, count };
}

/** Ranges of rows that cover all of them, with about so many runs each. */
export function* bandsOfRuns({ rowStart }: RunList, most: number): Iterable<readonly [from: number, to: number]> {
  const rows = rowStart.length - 1;
  for (let from = 0, to = 0; from < rows; from = to) {
    do to++;
    while (to < rows && rowStart[to + 1]! - rowStart[from]! <= most);
    yield [from, to];
  }
}

/** The runs of some rows, as of a mask of their own. Views, but for where rows begin. */
export function runsOfRows({ start, end, rowStart }: RunList, fromRow: number, toRow: number): RunList {
  const own = rowStart.slice(fromRow, toRow + 1);
  const first = own[0]!;
  const last = own[toRow - fromRow]!;
  for (let row = 0; row < own.length; row++) own[row]! -= first;
  return {
    start: start.subarray(first, last),
    end: end.subarray(first, last),
    rowStart: own,
    count: last - first,
  };
}

/** The run that holds voxel x of a row, or -1. Binary search. */
export function findRun({ start, end, rowStart }: RunList, row: number, x: number): number {
  let low = rowStart[row] ?? 0;
  let high = (rowStart[row + 1] ?? low) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (x < start[middle]!) high = middle - 1;
    else if (x >= end[middle]!) low = middle + 1;
    else return middle;
  }
  return -1;
}
