import type { VoxelVolume } from '../volume.ts';

export interface Reduction {
  /** In float64: exact for integers. */
  readonly sum: number;
  readonly maximum: number;
}

/** Sum and largest value of all voxels, which must be finite. */
export function reduceVolume({ voxels }: VoxelVolume): Reduction {
  let sum = 0;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    const value = voxels[voxel]!;
    sum += value;
    if (value > maximum) maximum = value;
  }
  return { sum, maximum };
}

/** Bin i counts values in [lowest + i * binWidth, lowest + (i + 1) * binWidth). */
export interface HistogramParameters {
  readonly lowest: number;
  readonly binWidth: number;
  readonly bins: number;
}

/** @throws RangeError when there are no bins to count in */
export function assertHistogram({ binWidth, bins }: HistogramParameters): void {
  if (!(binWidth > 0) || !Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`A histogram cannot have ${bins} bins of width ${binWidth}.`);
  }
}

/** Voxels per bin. Values outside all bins, and NaN, are not counted. */
export function histogramOf({ voxels }: VoxelVolume, parameters: HistogramParameters): Uint32Array {
  assertHistogram(parameters);
  const { lowest, binWidth, bins } = parameters;
  const counts = new Uint32Array(bins);
  for (let voxel = 0; voxel < voxels.length; voxel++) {
    const bin = Math.floor((voxels[voxel]! - lowest) / binWidth);
    if (bin >= 0 && bin < bins) counts[bin]!++;
  }
  return counts;
}
