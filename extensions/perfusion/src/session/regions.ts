import { findMidline, type Midline, mirroredVoxels, mirrorLine, regionVoxels, type Survey } from '../core/index.ts';
import type { DrawnRegion } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';

const midlines = new WeakMap<Survey, Midline | null>();

/** The plane between the hemispheres; null where there is no brain. */
export function midlineOf({ volume }: PerfusionSeries, survey: Survey): Midline | null {
  let midline = midlines.get(survey);
  if (midline === undefined) {
    midline = findMidline(survey.brainMask, volume.dimensions, volume.spacingMm);
    midlines.set(survey, midline);
  }
  return midline;
}

/** Voxels of a region that a reader has drawn. */
export function voxelsOfRegion(
  { shape, slice }: Pick<DrawnRegion, 'shape' | 'slice'>,
  { volume }: PerfusionSeries,
): Int32Array {
  return regionVoxels(shape, slice, volume.dimensions);
}

/** The voxels of the brain that lie on the other side of the midline; none where it is not known. All are of one slice. */
export function mirroredRegion(voxels: Int32Array, series: PerfusionSeries, survey: Survey): Int32Array {
  const midline = midlineOf(series, survey);
  const { dimensions, spacingMm } = series.volume;
  const [first] = voxels;
  if (!midline || first === undefined) return new Int32Array();
  const line = mirrorLine(midline, Math.floor(first / (dimensions[0] * dimensions[1])), spacingMm);
  return mirroredVoxels(voxels, line, dimensions, spacingMm).filter(voxel => survey.brainMask[voxel] === 1);
}
