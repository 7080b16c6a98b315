import { type Baseline, contrastInto } from '../contrast/contrast-of-curve.ts';
import type { DynamicVolume } from '../dynamic-volume.ts';
import { kMeans } from './k-means.ts';
import { quantile, valuesOf } from './quantile.ts';
import { firstPass, type VoxelStatistics } from './voxel-statistics.ts';

export interface ArteryCriteria {
  /** Voxels below this quantile of the area of the first pass are no candidates. */
  readonly areaQuantile: number;
  /** Of the candidates, those above this quantile of irregularity are dropped. */
  readonly irregularityQuantile: number;
  readonly clusters: number;
}

/** In a whole brain, of which arteries are a small part. */
export const ARTERY_IN_BRAIN: ArteryCriteria = { areaQuantile: 0.98, irregularityQuantile: 0.75, clusters: 5 };
/** In a region that a reader drew around an artery (Mouridsen 2006 as in OSIPI's collection, for regions). */
export const ARTERY_IN_REGION: ArteryCriteria = { areaQuantile: 0.8, irregularityQuantile: 0.99, clusters: 3 };

const LEAST_CANDIDATES = 30;
/** A curve whose ups and downs are only this much more than those of a smooth bolus is not dropped. */
const SMOOTH = 1.25;
/** A cluster counts only when its curves are this high, compared with the highest cluster. */
const LEAST_HEIGHT = 0.2;
/** Clusters whose first moments differ by less are equally early. */
const EQUALLY_EARLY_S = 1;
/** A group of more voxels is parted once more, if its curves are not all equally early. */
const LARGE_GROUP = 30;
/** Voxels of the cluster with less than this part of its largest areas (the mean of so many) are partial volume. */
const WHOLE_ARTERY = 0.8;
const LARGEST_AREAS = 3;

/**
 * Voxels of an artery: high, early and narrow curves, after Mouridsen et al., Magn Reson Med 2006;55:524.
 *
 * 1. Candidates have the largest area under the first pass, and are not irregular. (Irregularity is the sum of all ups and downs
 *    over twice the peak, not the sum of squared second differences: this one drops a sharp bolus before a noisy one.)
 * 2. Their curves, scaled to area 1, are parted into clusters by k-means, which starts with shares of equal size in the order of
 *    the first moment. Of the clusters that are at least a fifth as high as the highest, that of the lowest first moment is
 *    taken, together with those that are later by less than 1 s; and parted once more when they are many and differ.
 * 3. Of its voxels those count whose area is at least 80 % of the mean of the three largest: the others lie at the artery's
 *    border.
 * @returns indices of voxels; none when there is no candidate
 */
export function findArtery(
  volume: DynamicVolume,
  statistics: VoxelStatistics,
  baseline: Baseline,
  criteria: ArteryCriteria,
): Int32Array {
  let chosen = candidatesOf(statistics, criteria);
  if (chosen.length === 0) return new Int32Array();
  for (let round = 0; round < 2; round++) {
    chosen = earliestClusters(volume, statistics, baseline, criteria.clusters, chosen);
    const moments = valuesOf(statistics.firstMoment, chosen);
    const spread = quantile(moments, 0.95) - quantile(moments, 0.05);
    if (chosen.length <= LARGE_GROUP || spread * volume.intervalS <= EQUALLY_EARLY_S) break;
  }
  const areas = valuesOf(statistics.passArea, chosen).sort().slice(-LARGEST_AREAS);
  const large = areas.reduce((sum, area) => sum + area, 0) / areas.length;
  const whole = chosen.filter(entry => statistics.passArea[entry]! >= WHOLE_ARTERY * large);
  return Int32Array.from(whole, entry => statistics.voxels[entry]!).sort();
}

/** Entries of the statistics, by ascending first moment. */
function candidatesOf(
  { voxels, passArea, peak, irregularity, firstMoment }: VoxelStatistics,
  criteria: ArteryCriteria,
) {
  const rising: number[] = [];
  for (let entry = 0; entry < voxels.length; entry++) if (passArea[entry]! > 0 && peak[entry]! > 0) rising.push(entry);
  if (rising.length === 0) return [];
  // of a small mask a quantile would leave too few
  const part = Math.min(criteria.areaQuantile, Math.max(0, 1 - LEAST_CANDIDATES / rising.length));
  const leastArea = quantile(
    Float32Array.from(rising, entry => passArea[entry]!),
    part,
  );
  const large = rising.filter(entry => passArea[entry]! >= leastArea);
  const most = quantile(
    Float32Array.from(large, entry => irregularity[entry]!),
    criteria.irregularityQuantile,
  );
  return large
    .filter(entry => irregularity[entry]! <= Math.max(SMOOTH, most))
    .sort((a, b) => firstMoment[a]! - firstMoment[b]! || a - b);
}

function earliestClusters(
  volume: DynamicVolume,
  statistics: VoxelStatistics,
  baseline: Baseline,
  clusters: number,
  entries: readonly number[],
): number[] {
  const [from, end] = firstPass(volume, baseline);
  const length = end - from;
  const curves = new Float64Array(entries.length * length);
  const curve = new Float64Array(volume.timePoints);
  const sliceLength = volume.dimensions[0] * volume.dimensions[1];
  for (const [row, entry] of entries.entries()) {
    const voxel = statistics.voxels[entry]!;
    const slice = Math.floor(voxel / sliceLength);
    const first = slice * volume.timePoints * sliceLength + (voxel - slice * sliceLength);
    contrastInto(curve, volume.voxels, first, sliceLength, volume.signal, baseline);
    for (let t = from; t < end; t++) curves[row * length + t - from] = curve[t]! / statistics.passArea[entry]!;
  }
  const cluster = kMeans(curves, length, Math.min(clusters, entries.length));
  const groups = Array.from({ length: clusters }, (_, group) => entries.filter((_, row) => cluster[row] === group));
  const described = groups
    .filter(group => group.length > 0)
    .map(group => ({
      group,
      height: meanOf(group, statistics.peak),
      moment: meanOf(group, statistics.firstMoment),
    }));
  const highest = Math.max(...described.map(({ height }) => height));
  const arterial = described.filter(({ height }) => height >= LEAST_HEIGHT * highest);
  const earliest = Math.min(...arterial.map(({ moment }) => moment));
  return arterial
    .filter(({ moment }) => (moment - earliest) * volume.intervalS < EQUALLY_EARLY_S)
    .flatMap(({ group }) => group)
    .sort((a, b) => statistics.firstMoment[a]! - statistics.firstMoment[b]! || a - b);
}

function meanOf(entries: readonly number[], values: Float32Array): number {
  return entries.reduce((sum, entry) => sum + values[entry]!, 0) / entries.length;
}
