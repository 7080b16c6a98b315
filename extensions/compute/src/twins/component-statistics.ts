import type { VoxelArray } from '../volume.ts';
import type { ComponentLabels } from './connected-components.ts';
import type { RunList } from './runs.ts';

/** One entry per component. */
export interface ComponentStatistics {
  readonly voxelCount: Int32Array;
  /** Largest voxel value. */
  readonly peak: Float64Array;
  /** Volume index of the first voxel, in raster order, that holds the peak. */
  readonly peakVoxel: Int32Array;
  readonly sum: Float64Array;
  /** Row (z * ny + y) of the component's first run. */
  readonly firstRow: Int32Array;
}

/** Counts, peaks and sums per component. Reads only voxels that lie in runs. */
export function componentStatistics(
  { start, end, rowStart }: RunList,
  { label, count }: ComponentLabels,
  voxels: VoxelArray,
  width: number,
): ComponentStatistics {
  const voxelCount = new Int32Array(count);
  const peak = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const peakVoxel = new Int32Array(count);
  const sum = new Float64Array(count);
  const firstRow = new Int32Array(count).fill(-1);
  const rows = rowStart.length - 1;

  for (let row = 0; row < rows; row++) {
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) {
      const component = label[run]!;
      let runPeak = peak[component]!;
      let runPeakVoxel = peakVoxel[component]!;
      let runSum = 0;
      const last = row * width + end[run]!;
      for (let voxel = row * width + start[run]!; voxel < last; voxel++) {
        const value = voxels[voxel]!;
        runSum += value;
        if (value > runPeak) {
          runPeak = value;
          runPeakVoxel = voxel;
        }
      }
      peak[component] = runPeak;
      peakVoxel[component] = runPeakVoxel;
      sum[component]! += runSum;
      voxelCount[component]! += end[run]! - start[run]!;
      if (firstRow[component]! < 0) firstRow[component] = row;
    }
  }
  return { voxelCount, peak, peakVoxel, sum, firstRow };
}
