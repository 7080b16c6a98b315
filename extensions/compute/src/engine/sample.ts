import type { VoxelVolume } from '../volume.ts';

export interface Middle extends VoxelVolume {
  /** Row (z * ny + y) of the whole volume at which it begins. */
  readonly firstRow: number;
}

/**
 * The middle of a volume, at most this large but at least one row: whole slices, or rows of the middle slice where one
 * slice is too much. A view, not a copy. The middle, because the first slices of a scan often hold little.
 */
export function middleOf({ voxels, dimensions }: VoxelVolume, maximumBytes: number): Middle {
  const [nx, ny, nz] = dimensions;
  const rows = Math.max(1, Math.floor(maximumBytes / (nx * voxels.BYTES_PER_ELEMENT)));
  if (rows >= ny * nz) return { voxels: voxels.subarray(), dimensions, firstRow: 0 };
  const slices = Math.floor(rows / ny);
  const size: readonly [number, number, number] = slices > 0 ? [nx, ny, slices] : [nx, rows, 1];
  const [, sampleRows, sampleSlices] = size;
  const firstSlice = Math.floor((nz - sampleSlices) / 2);
  const firstRow = firstSlice * ny + Math.floor((ny - sampleRows) / 2);
  const first = firstRow * nx;
  return { voxels: voxels.subarray(first, first + nx * sampleRows * sampleSlices), dimensions: size, firstRow };
}
