import { type DerivedSource, sourceFromFrames } from '@voxelwise/dicom';
import { timePointFrames } from '@voxelwise/host';
import type { PerfusionSeries } from './dynamic-series.ts';

/** The images of a time point, as results refer to them, in the order of the slices. Results lie on those of the first one. */
export function sourceOfTime({ source }: Pick<PerfusionSeries, 'source'>, timePoint = 0): DerivedSource {
  return sourceFromFrames(timePointFrames(source, timePoint));
}
