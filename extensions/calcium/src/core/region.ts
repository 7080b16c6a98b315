import { discSpans, ellipseSpans, mergeSpans, type Point, polygonSpans, type Span } from '@voxelwise/compute/twins';
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

/**
 * A shape drawn on an axial slice that holds for a range of slices (first and last, 0-based and inclusive). Points are
 * [column, row] in pixels; pixel centres have integer coordinates.
 */
export type RegionShape =
  | {
      readonly kind: 'ellipse';
      readonly centre: Point;
      /** Half the ellipse's width and height in pixels. */
      readonly radii: Point;
      readonly slices: readonly [number, number];
    }
  | { readonly kind: 'polygon'; readonly points: readonly Point[]; readonly slices: readonly [number, number] };

/** Where calcium can be coronary: the pixels with their centre inside at least one of the shapes, the rim included. */
export interface HeartRegion {
  readonly shapes: readonly RegionShape[];
}

export type Region = DiscRegion | HeartRegion;

type Grid = Pick<HuVolume, 'dimensions' | 'spacingMm'>;

/** The region's spans of columns for a row (z * ny + y) of the volume, in order and apart from each other. */
export function spansInRegion(grid: Grid, region: Region): (row: number) => readonly Span[] {
  const rowsPerSlice = grid.dimensions[1];
  const shapes =
    'shapes' in region ? region.shapes.map(shape => spansOfShape(shape, grid)) : [spansOfDisc(region, grid)];
  return row => {
    const slice = Math.floor(row / rowsPerSlice);
    const here = shapes.filter(({ slices: [first, last] }) => slice >= first && slice <= last);
    const spans = here.map(shape => shape.spans[row % rowsPerSlice]!);
    return spans.length === 1 ? spans[0]! : mergeSpans(spans.flat());
  };
}

/** The same region for a volume that begins at another slice. */
export function shiftRegion(region: Region, slices: number): Region {
  const shifted = <Sliced extends { readonly slices: readonly [number, number] }>(part: Sliced): Sliced => ({
    ...part,
    slices: [part.slices[0] + slices, part.slices[1] + slices],
  });
  return 'shapes' in region ? { ...region, shapes: region.shapes.map(shifted) } : shifted(region);
}

interface SlicedSpans {
  /** For every row of the image. */
  readonly spans: readonly (readonly Span[])[];
  readonly slices: readonly [number, number];
}

function spansOfShape(shape: RegionShape, { dimensions: [width, rows] }: Grid): SlicedSpans {
  const { slices } = shape;
  if (shape.kind === 'ellipse') return { spans: ellipseSpans(shape.centre, shape.radii, width, rows), slices };
  return { spans: polygonSpans(shape.points, width, rows), slices };
}

function spansOfDisc({ centre: [row, column], radiusMm, slices }: DiscRegion, grid: Grid): SlicedSpans {
  const [width, rows] = grid.dimensions;
  return { spans: discSpans([column, row], radiusMm, grid.spacingMm, width, rows), slices };
}
