import type { RunControl } from '../engine/run-control.ts';
import type { VoxelVolume } from '../volume.ts';

/** Voxels between two steps: at most some milliseconds of a twin's work, even of a filter. */
export const BAND_VOXELS = 1 << 18;

/**
 * Goes through the rows of a volume (z * ny + y) in bands, each given as a volume of one slice, and takes a step before
 * each: this is how a twin, which is a plain function, becomes a producer that tells how far it is and can be stopped.
 */
export async function inRowBands(
  { voxels, dimensions: [nx, ny, nz] }: VoxelVolume,
  control: RunControl | undefined,
  work: (band: VoxelVolume, firstRow: number) => void,
): Promise<void> {
  const rows = ny * nz;
  const rowsAtATime = Math.max(1, Math.floor(BAND_VOXELS / nx));
  for (let firstRow = 0; firstRow < rows; firstRow += rowsAtATime) {
    await control?.step(firstRow, rows);
    const bandRows = Math.min(rowsAtATime, rows - firstRow);
    const part = voxels.subarray(firstRow * nx, (firstRow + bandRows) * nx);
    work({ voxels: part, dimensions: [nx, bandRows, 1] }, firstRow);
  }
}
