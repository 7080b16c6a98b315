import type { Dimensions } from '../masks/components.ts';

/**
 * A question about single voxels: which part of the tissue within a distance is marked? Asked of a disk about the voxel, in its
 * slice; the voxel itself counts. Nothing is computed for voxels that nobody asks about.
 * @param marked 1 where a voxel is marked
 * @param tissue 1 where a voxel counts
 */
export function partAround(
  marked: Uint8Array,
  tissue: Uint8Array,
  [nx, ny]: Dimensions,
  spacingMm: readonly [number, number, number],
  radiusMm: number,
): (voxel: number) => number {
  const reachY = Math.floor(radiusMm / spacingMm[1]);
  const reachX = Int32Array.from({ length: 2 * reachY + 1 }, (_, row) =>
    Math.floor(Math.sqrt(radiusMm ** 2 - ((row - reachY) * spacingMm[1]) ** 2) / spacingMm[0]),
  );
  return voxel => {
    const x = voxel % nx;
    const y = Math.floor(voxel / nx) % ny;
    let [count, all] = [0, 0];
    for (let dy = Math.max(-reachY, -y); dy <= Math.min(reachY, ny - 1 - y); dy++) {
      const reach = reachX[dy + reachY]!;
      const row = voxel - x + dy * nx;
      const end = row + Math.min(nx - 1, x + reach);
      for (let other = row + Math.max(0, x - reach); other <= end; other++) {
        if (tissue[other] !== 1) continue;
        all++;
        count += marked[other]!;
      }
    }
    return all > 0 ? count / all : 0;
  };
}
