import type { Span } from './bit-mask.ts';

/** Shapes in an axial image as spans of columns, row by row. A pixel belongs to a shape when its centre does. */
export type SpansOfRows = readonly (readonly Span[])[];

/** [column, row] in pixels; pixel centres have integer coordinates. */
export type Point = readonly [number, number];

/** Room for rounding on the rim: at 0.1 mm, the pixel 3 columns from the centre lies on a radius of 0.3 mm. */
const RIM_TOLERANCE = 1e-9;

/** An ellipse along the axes with these radii in pixels, the rim included. */
export function ellipseSpans([cx, cy]: Point, [rx, ry]: Point, width: number, rows: number): SpansOfRows {
  return Array.from({ length: rows }, (_, y) => {
    const isInside = (x: number) => Math.hypot(ratio(x - cx, rx), ratio(y - cy, ry)) <= 1 + RIM_TOLERANCE;
    return convexSpan(isInside, cx - rx, cx + rx, width);
  });
}

/** A disc with a radius in mm on pixels of any shape, the rim included. */
export function discSpans(
  [cx, cy]: Point,
  radiusMm: number,
  [dx, dy]: readonly [number, number, ...number[]],
  width: number,
  rows: number,
): SpansOfRows {
  return Array.from({ length: rows }, (_, y) => {
    const isInside = (x: number) => Math.hypot((x - cx) * dx, (y - cy) * dy) <= radiusMm + RIM_TOLERANCE;
    return convexSpan(isInside, cx - radiusMm / dx, cx + radiusMm / dx, width);
  });
}

/**
 * A closed polygon, drawn in either direction; where it crosses itself, what it runs around stays inside. Of pixels whose
 * centre lies on an edge, those left of the polygon's inside belong to it.
 */
export function polygonSpans(points: readonly Point[], width: number, rows: number): SpansOfRows {
  return Array.from({ length: rows }, (_, y) => {
    const crossings = points
      .map((from, i) => crossingOf(from, points[(i + 1) % points.length]!, y))
      .filter(crossing => crossing !== null)
      .sort((a, b) => a.x - b.x);
    const spans: Span[] = [];
    let winding = 0;
    crossings.forEach(({ x, turns }, i) => {
      winding += turns;
      const next = crossings[i + 1];
      if (winding === 0 || !next) return;
      spans.push({ start: Math.max(0, Math.ceil(x)), end: Math.min(width, Math.ceil(next.x)) });
    });
    return mergeSpans(spans);
  });
}

/** Everything within a radius of a path of points, the rim included: what a brush leaves. */
export function strokeSpans(
  path: readonly Point[],
  radiusMm: number,
  spacingMm: readonly [number, number, ...number[]],
  width: number,
  rows: number,
): SpansOfRows {
  const [dx, dy] = spacingMm;
  const segments = path.map((point, i) => [path[i - 1] ?? point, point] as const);
  return Array.from({ length: rows }, (_, y) => {
    const spans = segments.flatMap(([from, to]) => {
      const isNear =
        Math.min(from[1], to[1]) - radiusMm / dy <= y + 1 && y - 1 <= Math.max(from[1], to[1]) + radiusMm / dy;
      if (!isNear) return [];
      const distanceMm = (x: number) => distanceToSegment([x * dx, y * dy], scaled(from, dx, dy), scaled(to, dx, dy));
      const isInside = (x: number) => distanceMm(x) <= radiusMm + RIM_TOLERANCE;
      const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
      return convexSpan(isInside, left - radiusMm / dx, right + radiusMm / dx, width);
    });
    return mergeSpans(spans);
  });
}

/** The columns of a row that lie inside a convex shape which reaches from left to right. */
function convexSpan(isInside: (x: number) => boolean, left: number, right: number, width: number): Span[] {
  let start = Math.max(0, Math.floor(left) - 1);
  let end = Math.min(width, Math.ceil(right) + 2);
  while (start < end && !isInside(start)) start++;
  while (end > start && !isInside(end - 1)) end--;
  return start < end ? [{ start, end }] : [];
}

/** The union of spans, in order and apart from each other. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (span.start >= span.end) continue;
    if (last && span.start <= last.end) merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

/** Where an edge crosses the centres of row y, and in which direction. */
function crossingOf([x1, y1]: Point, [x2, y2]: Point, y: number): { x: number; turns: 1 | -1 } | null {
  if (y1 <= y === y2 <= y) return null;
  return { x: x1 + ((x2 - x1) * (y - y1)) / (y2 - y1), turns: y2 > y1 ? 1 : -1 };
}

function ratio(distance: number, radius: number): number {
  return distance === 0 ? 0 : distance / radius;
}

function scaled([x, y]: Point, dx: number, dy: number): Point {
  return [x * dx, y * dy];
}

function distanceToSegment([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const lengthSquared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = lengthSquared === 0 ? 0 : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / lengthSquared;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1));
}
