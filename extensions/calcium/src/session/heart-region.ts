import type { AreaShape, ImagePoint } from '@voxelwise/host';
import type { HeartRegion, RegionShape } from '../core/index.ts';

type Slices = RegionShape['slices'];

/**
 * Shapes are kept to 0.01 pixels, which is finer than anybody draws, so that an outline of thousands of points stays small
 * where it is stored. They are rounded as they are made: the region that is scored is the one that is stored and reopened.
 */
const STEPS_PER_PIXEL = 100;

/**
 * The region with a shape that was drawn on a slice. Shapes that lie on this slice already are replaced and their slices
 * are kept; otherwise the new one reaches as far as no other does, which for the first one is everywhere.
 */
export function withDrawnShape(
  region: HeartRegion | null,
  drawn: AreaShape,
  slice: number,
  sliceCount: number,
): HeartRegion {
  const shapes = region?.shapes ?? [];
  const [replaced, ...alsoReplaced] = shapesOn(region, slice);
  if (replaced) {
    const ends = [replaced, ...alsoReplaced].flatMap(({ shape }) => shape.slices);
    const rest = shapes.filter((_, index) => !alsoReplaced.some(one => one.index === index));
    return withShape({ shapes: rest }, replaced.index, { ...drawn, slices: [Math.min(...ends), Math.max(...ends)] });
  }
  const before = shapes.filter(({ slices }) => slices[1] < slice).map(({ slices }) => slices[1] + 1);
  const after = shapes.filter(({ slices }) => slices[0] > slice).map(({ slices }) => slices[0] - 1);
  const slices: Slices = [Math.max(0, ...before), Math.min(sliceCount - 1, ...after)];
  return { shapes: [...shapes, rounded({ ...drawn, slices })].sort((a, b) => a.slices[0] - b.slices[0]) };
}

/** The region with one shape exchanged. */
export function withShape(region: HeartRegion, index: number, shape: RegionShape): HeartRegion {
  return { shapes: region.shapes.map((one, i) => (i === index ? rounded(shape) : one)) };
}

/** The region without one shape; null when that was the last one. */
export function withoutShape({ shapes }: HeartRegion, index: number): HeartRegion | null {
  const rest = shapes.filter((_, i) => i !== index);
  return rest.length > 0 ? { shapes: rest } : null;
}

/**
 * The region with one shape ending at a slice: it becomes the shape's first or last one. Where other shapes begin, the shape
 * ends before them: no two shapes share a slice, so that what a reader draws on one is all that holds there.
 */
export function endingAt(region: HeartRegion, index: number, end: 'first' | 'last', slice: number): HeartRegion {
  const shape = region.shapes[index]!;
  const [first, last] = shape.slices;
  const others = region.shapes.map(({ slices }) => slices);
  const lowest = Math.max(0, ...others.filter(other => other[1] < first).map(other => other[1] + 1));
  const highest = Math.min(
    Number.POSITIVE_INFINITY,
    ...others.filter(other => other[0] > last).map(other => other[0] - 1),
  );
  const at = Math.min(highest, Math.max(lowest, slice));
  const slices: Slices = end === 'first' ? [at, Math.max(at, last)] : [Math.min(at, first), at];
  return withShape(region, index, { ...shape, slices });
}

/** Shapes that lie on a slice, with their index in the region. */
export function shapesOn(region: HeartRegion | null, slice: number): { index: number; shape: RegionShape }[] {
  return (region?.shapes ?? []).flatMap((shape, index) => (isWithin(slice, shape.slices) ? [{ index, shape }] : []));
}

function isWithin(slice: number, [first, last]: Slices): boolean {
  return slice >= first && slice <= last;
}

function rounded(shape: RegionShape): RegionShape {
  const round = ([x, y]: ImagePoint): ImagePoint => [
    Math.round(x * STEPS_PER_PIXEL) / STEPS_PER_PIXEL,
    Math.round(y * STEPS_PER_PIXEL) / STEPS_PER_PIXEL,
  ];
  return shape.kind === 'polygon'
    ? { ...shape, points: shape.points.map(round) }
    : { ...shape, centre: round(shape.centre), radii: round(shape.radii) };
}
