import { type BitMask, restrictMask, type Span } from '@voxelwise/compute/twins';
import type { HuVolume } from './hu-volume.ts';

/** A cylinder along z: a disc of the same centre and radius on a range of slices. */
export interface DiscRegion {
  readonly name: string;
  /** [row, column] in pixels, 0-based, of the disc's centre; pixel centres have integer coordinates. */
  readonly centre: readonly [number, number];
  readonly radiusMm: number;
  /** First and last slice, 0-based and inclusive, of the stack sorted by ascending z. */
  readonly slices: readonly [number, number];
}

/** Room for rounding on the rim: at 0.1 mm, the pixel 3 columns from the centre lies on a radius of 0.3 mm. */
const RIM_TOLERANCE_MM = 1e-9;

/** The part of a mask inside a disc region. A pixel belongs to the disc when its centre does, the rim included. */
export function maskInDisc(
  mask: BitMask,
  { dimensions, spacingMm }: Pick<HuVolume, 'dimensions' | 'spacingMm'>,
  { centre, radiusMm, slices }: DiscRegion,
): BitMask {
  const [width, rowsPerSlice] = dimensions;
  const spans = discSpans(width, rowsPerSlice, spacingMm, centre, radiusMm);
  return restrictMask(mask, row => {
    const slice = Math.floor(row / rowsPerSlice);
    return slice >= slices[0] && slice <= slices[1] ? spans[row % rowsPerSlice]! : null;
  });
}

/** The disc's span of columns for every image row, null where the disc does not reach. */
function discSpans(
  width: number,
  rowsPerSlice: number,
  [dx, dy]: HuVolume['spacingMm'],
  [centreRow, centreColumn]: DiscRegion['centre'],
  radiusMm: number,
): (Span | null)[] {
  return Array.from({ length: rowsPerSlice }, (_, y) => {
    const isInside = (x: number) =>
      Math.hypot((x - centreColumn) * dx, (y - centreRow) * dy) <= radiusMm + RIM_TOLERANCE_MM;
    let start = Math.max(0, Math.floor(centreColumn - radiusMm / dx) - 1);
    let end = Math.min(width, Math.ceil(centreColumn + radiusMm / dx) + 2);
    while (start < end && !isInside(start)) start++;
    while (end > start && !isInside(end - 1)) end--;
    return start < end ? { start, end } : null;
  });
}
