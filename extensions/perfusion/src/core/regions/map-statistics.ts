/** Over the voxels of a region where the map has a value. */
export interface MapStatistics {
  readonly voxels: number;
  readonly mean: number;
  /** Of the values around their mean, with n - 1; 0 for a single one. */
  readonly standardDeviation: number;
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Values of a map in a region; null where it has none there. Infinite values count as none. */
export function mapStatistics(map: Float32Array, voxels: ArrayLike<number>): MapStatistics | null {
  const values: number[] = [];
  for (let i = 0; i < voxels.length; i++) {
    const value = map[voxels[i]!]!;
    if (Number.isFinite(value)) values.push(value);
  }
  const count = values.length;
  if (count === 0) return null;
  values.sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    voxels: count,
    mean,
    standardDeviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    median: (values[(count - 1) >> 1]! + values[count >> 1]!) / 2,
    minimum: values[0]!,
    maximum: values[count - 1]!,
  };
}
