import type { Int16Volume, VoxelVolume } from '../volume.ts';

/** A mask as a rule: whether voxel (x, y) of a slice is inside. */
export type Shape = (x: number, y: number) => boolean;

/** Teeth one voxel wide, joined by a spine at the top: one component with as many runs as can be. */
export const comb: Shape = (x, y) => y === 0 || x % 2 === 0;

/** A square spiral, one voxel wide with one voxel between its arms: the longest single component of its size. */
export function spiral(size: number): Shape {
  const inside = new Uint8Array(size * size);
  const at = (x: number, y: number) => x >= 0 && y >= 0 && x < size && y < size && inside[y * size + x] === 1;
  let [x, y, dx, dy] = [0, 0, 1, 0];
  for (let turns = 0; turns < 2; ) {
    inside[y * size + x] = 1;
    const blocked =
      x + dx < 0 || y + dy < 0 || x + dx >= size || y + dy >= size || at(x + 2 * dx, y + 2 * dy) || at(x + dx, y + dy);
    if (blocked) {
      [dx, dy] = [-dy, dx];
      turns++;
    } else {
      [x, y] = [x + dx, y + dy];
      turns = 0;
    }
  }
  return at;
}

/** A volume that has this shape at a threshold of 130 in every slice. */
export function volumeOfShape(shape: Shape, dimensions: VoxelVolume['dimensions']): Int16Volume {
  const [nx, ny, nz] = dimensions;
  const voxels = new Int16Array(nx * ny * nz);
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    voxels[voxel] = shape(voxel % nx, Math.floor(voxel / nx) % ny) ? 130 : 129;
  }
  return { voxels, dimensions };
}
