import type { Int16Volume } from '@voxelwise/compute';

/** A sphere of a known value in air. */
interface Sphere {
  /** Voxel [x, y, z]. */
  readonly center: readonly [number, number, number];
  readonly radius: number;
  readonly value: number;
}

/** Three separate spheres above 130 HU and one below, in 128 x 128 x 64 voxels of -1000 HU. */
export const SPHERES: readonly Sphere[] = [
  { center: [32, 32, 20], radius: 10, value: 200 },
  { center: [90, 40, 30], radius: 14, value: 350 },
  { center: [64, 96, 40], radius: 6, value: 900 },
  { center: [100, 100, 12], radius: 9, value: 60 },
];

export function spheres(): Int16Volume {
  const [nx, ny, nz] = [128, 128, 64];
  const voxels = new Int16Array(nx * ny * nz).fill(-1000);
  for (const { center, radius, value } of SPHERES) {
    const [cx, cy, cz] = center;
    for (let z = cz - radius; z <= cz + radius; z++) {
      for (let y = cy - radius; y <= cy + radius; y++) {
        for (let x = cx - radius; x <= cx + radius; x++) {
          const isInside = (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 <= radius ** 2;
          if (isInside) voxels[(z * ny + y) * nx + x] = value;
        }
      }
    }
  }
  return { voxels, dimensions: [nx, ny, nz] };
}
