import type { CutLine } from './edit.ts';

/**
 * First column in [start, end) of row y whose pixel centre lies beyond the line, end where none does; from there on all
 * do. Beyond is right of a line that runs down the image, and above a level one; pixels on the line are not beyond it.
 * The direction in which the line was drawn makes no difference.
 */
export function firstColumnBeyond(line: CutLine, y: number, start: number, end: number): number {
  const { from, to } = downward(line);
  const across = to[0] - from[0];
  const down = to[1] - from[1];
  const isBeyond = (x: number) => across * (y - from[1]) - down * (x - from[0]) < 0;
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBeyond(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The line running down the image, or to the right where it is level. */
function downward({ from, to }: CutLine): CutLine {
  const isDownward = to[1] > from[1] || (to[1] === from[1] && to[0] >= from[0]);
  return isDownward ? { from, to } : { from: to, to: from };
}
