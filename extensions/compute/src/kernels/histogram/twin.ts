import type { VoxelVolume } from '../../volume.ts';

/** Bin i counts values in [lowest + i * binWidth, lowest + (i + 1) * binWidth). */
export interface HistogramParameters {
  readonly lowest: number;
  readonly binWidth: number;
  readonly bins: number;
}

/** @throws RangeError when there are no bins to count in */
export function assertHistogram({ lowest, binWidth, bins }: HistogramParameters): void {
  if (!Number.isFinite(lowest) || !(binWidth > 0) || !Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`A histogram cannot have ${bins} bins of width ${binWidth} from ${lowest} on.`);
  }
}

/** Voxels per bin. Values outside all bins, and NaN, are not counted. */
export function histogramOf(volume: VoxelVolume, parameters: HistogramParameters): Uint32Array {
  assertHistogram(parameters);
  const counts = new Uint32Array(parameters.bins);
  countInto(counts, volume, parameters);
  return counts;
}

/** Adds the voxels of a volume to counts per bin. */
export function countInto(
  counts: Uint32Array,
  { voxels }: VoxelVolume,
  { lowest, binWidth, bins }: HistogramParameters,
): void {
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    const bin = Math.floor((voxels[voxel]! - lowest) / binWidth);
    if (bin >= 0 && bin < bins) counts[bin]!++;
  }
}
