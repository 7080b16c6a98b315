import type { BitMask } from './bit-mask.ts';

/** Maximal half-open runs [start, end) of mask voxels, row by row in raster order. */
export interface RunList {
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The runs of row r are rowStart[r] .. rowStart[r + 1] - 1. Length rows + 1. */
  readonly rowStart: Int32Array;
  readonly count: number;
}

/** Runs of a bit mask. A whole word of background, or inside a run, costs one comparison. */
export function runsFromMask({ words, width, rows, wordsPerRow }: BitMask): RunList {
  const rowStart = new Int32Array(rows + 1);
  let start = new Int32Array(1 << 14);
  let end = new Int32Array(1 << 14);
  let count = 0;

  const push = (from: number, to: number) => {
    if (count === start.length) {
      start = grown(start);
      end = grown(end);
    }
    start[count] = from;
    end[count++] = to;
  };

  for (let row = 0; row < rows; row++) {
    rowStart[row] = count;
    let open = -1; // start of the run that is open, -1 outside a run
    for (let word = 0; word < wordsPerRow; word++) {
      const bits = words[row * wordsPerRow + word]! | 0;
      if (open < 0 ? bits === 0 : bits === -1) continue;
      for (let bit = 0; bit < 32; ) {
        const rest = (open < 0 ? bits : ~bits) >>> bit;
        if (rest === 0) break;
        bit += 31 - Math.clz32(rest & -rest); // next change between background and run
        const x = (word << 5) + bit;
        if (open < 0) open = x;
        else {
          push(open, x);
          open = -1;
        }
      }
    }
    if (open >= 0) push(open, width);
  }
  rowStart[rows] = count;
  return { start: start.slice(0, count), end: end.slice(0, count), rowStart, count };
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

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
