/** A line between two corners of pixels, in image coordinates: pixel centers are whole numbers. */
export type OutlineSegment = readonly [x1: number, y1: number, x2: number, y2: number];

/** The border of what a mask marks on one slice, along the sides of pixels. Straight runs of a row's sides are one segment. */
export function outlineOf(
  mask: Uint8Array,
  [nx, ny]: readonly [number, number, number],
  slice: number,
): OutlineSegment[] {
  const first = slice * nx * ny;
  const at = (x: number, y: number) => x >= 0 && y >= 0 && x < nx && y < ny && mask[first + y * nx + x] !== 0;
  const segments: OutlineSegment[] = [];
  for (let y = 0; y <= ny; y++) {
    let from = -1;
    for (let x = 0; x <= nx; x++) {
      const isBorder = x < nx && at(x, y) !== at(x, y - 1);
      if (isBorder && from < 0) from = x;
      if (!isBorder && from >= 0) {
        segments.push([from - 0.5, y - 0.5, x - 0.5, y - 0.5]);
        from = -1;
      }
    }
  }
  for (let x = 0; x <= nx; x++) {
    let from = -1;
    for (let y = 0; y <= ny; y++) {
      const isBorder = y < ny && at(x, y) !== at(x - 1, y);
      if (isBorder && from < 0) from = y;
      if (!isBorder && from >= 0) {
        segments.push([x - 0.5, from - 0.5, x - 0.5, y - 0.5]);
        from = -1;
      }
    }
  }
  return segments;
}
