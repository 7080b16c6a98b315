import type { RunList } from './runs.ts';
import type { Connectivity } from './touching-runs.ts';

/** Offsets [dx, dy, dz] of a neighbourhood, from its definition by how many coordinates may differ. */
function neighbours(connectivity: Connectivity): [number, number, number][] {
  const planes = connectivity === 6 || connectivity === 26 ? [-1, 0, 1] : [0];
  const mayDiffer = connectivity === 4 || connectivity === 6 ? 1 : 3;
  const offsets: [number, number, number][] = [];
  for (const dz of planes) {
    for (const dy of [-1, 0, 1]) {
      for (const dx of [-1, 0, 1]) {
        const differing = Math.abs(dx) + Math.abs(dy) + Math.abs(dz);
        if (differing > 0 && differing <= mayDiffer) offsets.push([dx, dy, dz]);
      }
    }
  }
  return offsets;
}

/** Component of every voxel by flood fill, numbered in raster order of the first voxel; -1 outside the mask. */
export function floodFill(
  plain: ArrayLike<number>,
  [nx, ny, nz]: readonly [number, number, number],
  connectivity: Connectivity,
): { readonly label: Int32Array; readonly count: number } {
  const offsets = neighbours(connectivity);
  const label = new Int32Array(plain.length).fill(-1);
  let count = 0;
  for (let seed = 0; seed < plain.length; seed++) {
    if (!plain[seed] || label[seed] !== -1) continue;
    const front = [seed];
    label[seed] = count;
    while (front.length > 0) {
      const voxel = front.pop()!;
      const x = voxel % nx;
      const y = Math.floor(voxel / nx) % ny;
      const z = Math.floor(voxel / (nx * ny));
      for (const [dx, dy, dz] of offsets) {
        if (x + dx < 0 || x + dx >= nx || y + dy < 0 || y + dy >= ny || z + dz < 0 || z + dz >= nz) continue;
        const next = voxel + dx + nx * (dy + ny * dz);
        if (!plain[next] || label[next] !== -1) continue;
        label[next] = count;
        front.push(next);
      }
    }
    count++;
  }
  return { label, count };
}

/** Label image of labelled runs. */
export function labelImage({ start, end, rowStart }: RunList, label: ArrayLike<number>, width: number): Int32Array {
  const rows = rowStart.length - 1;
  const image = new Int32Array(rows * width).fill(-1);
  for (let row = 0; row < rows; row++) {
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      image.fill(label[run]!, row * width + start[run]!, row * width + end[run]!);
    }
  }
  return image;
}
