import { strokeSpans } from '@voxelwise/compute/twins';
import type { HuVolume } from '../hu-volume.ts';
import { firstColumnBeyond } from './cut-line.ts';
import type { CutLine, Edit, Label } from './edit.ts';
import { type LabeledLesions, voxelsOfParts } from './labeled-lesions.ts';

/** The edit that gives a whole part a label, 'excluded' included; null takes its label away. */
export function assignPart(labeled: LabeledLesions, part: number, label: Label | null): Edit {
  return { kind: 'assign', label, voxels: voxelsOfParts(labeled, p => p === part) };
}

/**
 * The edit that cuts the parts which a line drawn on an axial slice crosses, in all their slices.
 * @param slice index of the slice in the volume
 * @returns null when that divides nothing: the line misses all calcium of the slice, or has a part's voxels on one side.
 */
export function cutAlong(labeled: LabeledLesions, slice: number, line: CutLine): Edit | null {
  const crossed = partsCrossed(labeled, slice, line);
  const divided = partsDivided(labeled, line);
  const parts = new Set([...crossed].filter(part => divided.has(part)));
  return parts.size > 0 ? { kind: 'cut', line, voxels: voxelsOfParts(labeled, part => parts.has(part)) } : null;
}

/**
 * The edit that labels everything under a brush; null wipes labels away.
 * @param path points [column, row] that the brush's centre went through, in pixels
 * @param slices first and last slice that the brush reaches, inclusive
 */
export function brushStroke(
  { dimensions, spacingMm }: Pick<HuVolume, 'dimensions' | 'spacingMm'>,
  path: readonly (readonly [number, number])[],
  radiusMm: number,
  slices: readonly [number, number],
  label: Label | null,
): Edit {
  const [width, rowsPerSlice, sliceCount] = dimensions;
  const spans = strokeSpans(path, radiusMm, spacingMm, width, rowsPerSlice);
  const row: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  for (let z = Math.max(0, slices[0]); z <= Math.min(sliceCount - 1, slices[1]); z++) {
    spans.forEach((spansOfRow, y) => {
      for (const span of spansOfRow) {
        row.push(z * rowsPerSlice + y);
        start.push(span.start);
        end.push(span.end);
      }
    });
  }
  const voxels = { row: Int32Array.from(row), start: Int32Array.from(start), end: Int32Array.from(end) };
  return { kind: 'paint', label, voxels };
}

/** Parts that have a pixel of the slice under the line between its two points. */
function partsCrossed({ set, pieces, partOfPiece }: LabeledLesions, slice: number, { from, to }: CutLine): Set<number> {
  const rowsPerSlice = set.dimensions[1];
  const parts = new Set<number>();
  const [top, bottom] = from[1] <= to[1] ? [from, to] : [to, from];
  const columnAt = (y: number) => top[0] + ((bottom[0] - top[0]) * (y - top[1])) / (bottom[1] - top[1]);
  const firstRow = Math.max(0, Math.round(top[1]));
  const lastRow = Math.min(rowsPerSlice - 1, Math.round(bottom[1]));
  for (let y = firstRow; y <= lastRow; y++) {
    // Where the line enters and leaves the row of pixels, which reaches from y - 0.5 to y + 0.5.
    const enters = y - 0.5 > top[1] ? columnAt(y - 0.5) : top[0];
    const leaves = y + 0.5 < bottom[1] ? columnAt(y + 0.5) : bottom[0];
    const row = slice * rowsPerSlice + y;
    for (let piece = pieces.rowStart[row]!; piece < pieces.rowStart[row + 1]!; piece++) {
      const isLeft = pieces.end[piece]! - 0.5 < Math.min(enters, leaves);
      const isRight = pieces.start[piece]! - 0.5 > Math.max(enters, leaves);
      if (!isLeft && !isRight) parts.add(partOfPiece[piece]!);
    }
  }
  return parts;
}

/** Parts that have voxels on both sides of the line. */
function partsDivided({ set, pieces, partOfPiece }: LabeledLesions, line: CutLine): Set<number> {
  const rowsPerSlice = set.dimensions[1];
  const [before, beyond] = [new Set<number>(), new Set<number>()];
  for (let row = 0; row < pieces.rowStart.length - 1; row++) {
    for (let piece = pieces.rowStart[row]!; piece < pieces.rowStart[row + 1]!; piece++) {
      const [start, end] = [pieces.start[piece]!, pieces.end[piece]!];
      const first = firstColumnBeyond(line, row % rowsPerSlice, start, end);
      if (first > start) before.add(partOfPiece[piece]!);
      if (first < end) beyond.add(partOfPiece[piece]!);
    }
  }
  return new Set([...before].filter(part => beyond.has(part)));
}
