import type { DynamicFrame } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { formatNumber } from './format-number.ts';
import { type FramePosition, placesOf, SAME_PLACE_MM } from './places.ts';

/**
 * Time points that are complete in themselves, but lie elsewhere than the first: the table or the field of view was moved.
 * @param values of an attribute that all slices of one time point share
 * @throws DynamicSeriesError where that is so
 */
export function checkMovedTimePoint(
  frames: readonly DynamicFrame[],
  geometries: readonly FramePosition[],
  values: readonly number[],
): void {
  const groups = new Map<number, number[]>();
  values.forEach((value, frame) => {
    const known = groups.get(value);
    if (known) known.push(frame);
    else groups.set(value, [frame]);
  });
  const ordered = [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
  const slices = ordered[0]!.length;
  const isEven = ordered.length > 2 && slices > 1 && ordered.every(group => group.length === slices);
  if (!isEven) return;
  const placesOfGroups = ordered.map(group => placesOf(group.map(frame => geometries[frame]!)));
  if (!placesOfGroups.every(places => places.length === slices)) return;
  // As most of them lie: the first one may be the one that was moved.
  const lowest = placesOfGroups.map(places => places[0]!.zMm);
  const usualMm = lowest.toSorted((a, b) => a - b)[Math.floor((lowest.length - 1) / 2)]!;
  const t = lowest.findIndex(mm => Math.abs(mm - usualMm) > SAME_PLACE_MM);
  if (t < 0) return;
  throw new DynamicSeriesError(
    'moved-time-point',
    `Time point ${t + 1} of ${ordered.length} (${frames[ordered[t]![0]!]!.label} and others) lies ${formatNumber(Math.abs(lowest[t]! - usualMm))} mm beside the other time points, so their voxels are not of one place; take a series whose images all have one geometry.`,
  );
}
