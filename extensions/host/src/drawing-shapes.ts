/** Shapes that are drawn on a slice, in image pixels [column, row]; pixel centres have integer coordinates. */

export type ImagePoint = readonly [number, number];

export interface EllipseShape {
  readonly kind: 'ellipse';
  readonly centre: ImagePoint;
  /** Half the ellipse's width and height. */
  readonly radii: ImagePoint;
}
export interface PolygonShape {
  readonly kind: 'polygon';
  readonly points: readonly ImagePoint[];
}
export interface LineShape {
  readonly kind: 'line';
  readonly from: ImagePoint;
  readonly to: ImagePoint;
}
/** The way of a brush's centre. */
export interface StrokeShape {
  readonly kind: 'stroke';
  readonly path: readonly ImagePoint[];
}
export type DrawnShape = EllipseShape | PolygonShape | LineShape | StrokeShape;
export type AreaShape = EllipseShape | PolygonShape;

/** The ellipse in the box between two corners. */
export function ellipseBetween([x1, y1]: ImagePoint, [x2, y2]: ImagePoint): EllipseShape {
  return {
    kind: 'ellipse',
    centre: [(x1 + x2) / 2, (y1 + y2) / 2],
    radii: [Math.abs(x2 - x1) / 2, Math.abs(y2 - y1) / 2],
  };
}

/** Where a shape can be grabbed: an ellipse in its middle, to move it, and on its four sides; a polygon nowhere. */
export function handlesOf(shape: AreaShape): readonly ImagePoint[] {
  if (shape.kind === 'polygon') return [];
  const [x, y] = shape.centre;
  const [rx, ry] = shape.radii;
  return [
    [x, y],
    [x - rx, y],
    [x + rx, y],
    [x, y - ry],
    [x, y + ry],
  ];
}

/** The shape after one of its handles was moved: a side takes the ellipse's rim along, the opposite side stays. */
export function withHandleAt(shape: EllipseShape, handle: number, [x, y]: ImagePoint): EllipseShape {
  const [cx, cy] = shape.centre;
  const [rx, ry] = shape.radii;
  if (handle === 0) return { ...shape, centre: [x, y] };
  const left = handle === 1 ? x : cx - rx;
  const right = handle === 2 ? x : cx + rx;
  const top = handle === 3 ? y : cy - ry;
  const bottom = handle === 4 ? y : cy + ry;
  return ellipseBetween([left, top], [right, bottom]);
}

/** Width and height that a shape takes, in pixels. */
export function extentOf(shape: DrawnShape): ImagePoint {
  if (shape.kind === 'ellipse') return [2 * shape.radii[0], 2 * shape.radii[1]];
  const points = shape.kind === 'line' ? [shape.from, shape.to] : shape.kind === 'polygon' ? shape.points : shape.path;
  const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  return [range(points.map(([x]) => x)), range(points.map(([, y]) => y))];
}
