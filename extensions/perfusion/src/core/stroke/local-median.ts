import type { Dimensions } from '../masks/components.ts';

/** Values are sorted into this many bins, from 0 to their largest: a median is right to 0.1 % of that. */
const BINS = 1024;

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { floor, min, sqrt } = Math;
const isNumber = Number.isFinite;

/**
 * Median of the values within a distance of every voxel, in its slice: of a disk that slides along the rows, by a histogram that
 * loses one rim and gains the other (Huang 1979). Negative values count as 0.
 * @param mask 1 where values count
 * @returns NaN where no value lies within the radius
 */
export function localMedian(
  map: Float32Array,
  mask: Uint8Array,
  [nx, ny, nz]: Dimensions,
  spacingMm: readonly [number, number, number],
  radiusMm: number,
): Float32Array {
  let largest = 0;
  for (let i = 0; i < map.length; i++) {
    if (mask[i] === 1 && isNumber(map[i]) && map[i]! > largest) largest = map[i]!;
  }
  const scale = largest > 0 ? (BINS - 1) / largest : 0;
  // bin of every value; -1 where none counts
  const bins = new Int16Array(map.length).fill(-1);
  for (let i = 0; i < map.length; i++) {
    if (mask[i] === 1 && isNumber(map[i])) bins[i] = map[i]! > 0 ? min(BINS - 1, floor(map[i]! * scale)) : 0;
  }
  const reachY = floor(radiusMm / spacingMm[1]);
  const reachX = Int32Array.from({ length: 2 * reachY + 1 }, (_, row) =>
    floor(sqrt(radiusMm ** 2 - ((row - reachY) * spacingMm[1]) ** 2) / spacingMm[0]),
  );
  const medians = new Float32Array(map.length).fill(Number.NaN);
  const histogram = new Int32Array(BINS);
  for (let row = 0; row < ny * nz; row++) {
    histogram.fill(0);
    const y = row % ny;
    const first = row * nx;
    let count = 0;
    /** Values in the bins below the median's. */
    let below = 0;
    let median = 0;
    const change = (x: number, by: 1 | -1) => {
      for (let dy = -reachY; dy <= reachY; dy++) {
        // the rim to the right is gained, that to the left is lost
        const column = by === 1 ? x + reachX[dy + reachY]! : x - 1 - reachX[dy + reachY]!;
        if (y + dy < 0 || y + dy >= ny || column < 0 || column >= nx) continue;
        const bin = bins[first + dy * nx + column]!;
        if (bin < 0) continue;
        histogram[bin]! += by;
        count += by;
        if (bin < median) below += by;
      }
    };
    // what lies to the right of the first voxel's center comes in before it
    const most = reachX[reachY]!;
    for (let x = -most; x < 0; x++) change(x, 1);
    for (let x = 0; x < nx; x++) {
      change(x, 1);
      change(x, -1);
      if (count === 0) continue;
      const rank = (count - 1) >> 1;
      while (below > rank) below -= histogram[--median]!;
      while (below + histogram[median]! <= rank) below += histogram[median++]!;
      medians[first + x] = scale > 0 ? (median + 0.5) / scale : 0;
    }
  }
  return medians;
}
