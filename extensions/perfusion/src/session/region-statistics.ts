import { isOnLeft, mapStatistics, PERFUSION_MAPS, type Survey } from '../core/index.ts';
import type { RegionStatistics } from '../results/index.ts';
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

/** The patient's right hemisphere, and the left one as its mirrored side; null where there is no midline. */
export function hemispheres(computed: ComputedMaps, survey: Survey, series: PerfusionSeries): RegionStatistics | null {
  const { dimensions, spacingMm } = series.volume;
  const midline = midlineOf(series, survey);
  if (!midline) return null;
  const sides = { right: [] as number[], left: [] as number[] };
  survey.tissueMask.forEach((inside, voxel) => {
    if (inside === 1) sides[isOnLeft(midline, voxel, dimensions, spacingMm) ? 'left' : 'right'].push(voxel);
  });
  return {
    name: 'brain without vessels and fluid',
    ...valuesOf(sides.right, computed, series),
    mirrored: valuesOf(sides.left, computed, series),
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
