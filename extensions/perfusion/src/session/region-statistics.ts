import { numbers } from '@voxelwise/host';
import { isBeyondMidline, mapStatistics, PERFUSION_MAPS, type Survey } from '../core/index.ts';
import { edgeLabels, type RegionStatistics } from '../results/index.ts';
import type { DrawnRegion } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { midlineOf, mirroredRegion, voxelsOfRegion } from './regions.ts';
import type { ComputedMaps } from './state.ts';

/** Values of every map in a region and in the mirrored one. */
export function regionStatistics(
  region: DrawnRegion,
  computed: ComputedMaps,
  survey: Survey,
  series: PerfusionSeries,
): RegionStatistics {
  const voxels = voxelsOfRegion(region, series);
  const mirrored = mirroredRegion(voxels, series, survey);
  return {
    name: region.name,
    ...valuesOf(voxels, computed, series),
    mirrored: mirrored.length > 0 ? valuesOf(mirrored, computed, series) : null,
  };
}

/**
 * The patient's right hemisphere, and the left one as its mirrored side; null where there is no midline, and where the rows of the
 * images do not run from one side of the patient to the other.
 */
export function hemispheres(computed: ComputedMaps, survey: Survey, series: PerfusionSeries): RegionStatistics | null {
  const { dimensions, spacingMm } = series.volume;
  const midline = midlineOf(series, survey);
  // the letter that the views show at the right edge
  const rowsRunTo = edgeLabels(numbers(series.instances[0]?.ImageOrientationPatient))?.right;
  if (!midline || (rowsRunTo !== 'L' && rowsRunTo !== 'R')) return null;
  const [near, far] = [[] as number[], [] as number[]];
  survey.tissueMask.forEach((inside, voxel) => {
    if (inside === 1) (isBeyondMidline(midline, voxel, dimensions, spacingMm) ? far : near).push(voxel);
  });
  const [right, left] = rowsRunTo === 'L' ? [near, far] : [far, near];
  return {
    name: 'brain without vessels and fluid',
    ...valuesOf(right, computed, series),
    mirrored: valuesOf(left, computed, series),
  };
}

function valuesOf(
  voxels: ArrayLike<number>,
  { maps }: ComputedMaps,
  { volume: { spacingMm } }: PerfusionSeries,
): Pick<RegionStatistics, 'voxels' | 'volumeMl' | 'maps'> {
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const statistics = PERFUSION_MAPS.flatMap(map => {
    const values = mapStatistics(maps[map], voxels);
    return values ? [[map, values] as const] : [];
  });
  return { voxels: voxels.length, volumeMl: voxels.length * voxelMl, maps: Object.fromEntries(statistics) };
}
