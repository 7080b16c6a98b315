import { geometryOf } from '../ct-stack.ts';
import type { DynamicFrame } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { formatNumber } from './format-number.ts';
import { checkMovedTimePoint } from './moved-time-point.ts';
import { type Place, placesOf } from './places.ts';
import { bestSplit, type Split, splitBy } from './split-time-points.ts';
import { type TimeAttribute, timeAttributesFor } from './time-attributes.ts';
import { findTimeBlocks } from './two-time-bases.ts';

export interface TimePoints {
  /** Index into the given frames, [t][z]. */
  readonly order: readonly (readonly number[])[];
  readonly attribute: TimeAttribute;
  /** What each attribute says that was asked before, and it: "TemporalPositionIndex is missing". */
  readonly tried: readonly string[];
}

/**
 * Splits the frames of one 4D volume into time points, by the first attribute that tells them apart without remainder.
 * @param leftOutInWords what of the series was left out before, which may be why something is missing
 * @throws DynamicSeriesError with what is missing, doubled or elsewhere
 */
export function splitTimePoints(frames: readonly DynamicFrame[], leftOutInWords: readonly string[] = []): TimePoints {
  const geometries = frames.map(geometryOf);
  const places = placesOf(geometries);
  const attributes = timeAttributesFor(frames[0]!.modality).map(attribute => ({
    attribute,
    values: attribute.read(frames),
  }));
  if (frames[0]!.modality === 'CT') {
    const times = attributes.find(({ attribute, values }) => attribute.kind === 'time' && isVaried(values));
    if (times) checkTimeBlocks(places, times.values);
  }
  const tried = attributes.map(({ attribute, values }) => ({
    name: attribute.name,
    values,
    split: splitBy(attribute, values, places),
  }));
  const split = bestSplit(tried.flatMap(({ split }) => split ?? []));
  if (!split) throw notDynamic(frames, places);
  if (split.duplicates.length > 0 || split.missing.length > 0) {
    for (const { values } of attributes) checkMovedTimePoint(frames, geometries, values);
    checkDuplicates(split, frames);
    throw incomplete(split, places, leftOutInWords);
  }
  const order = split.order as readonly (readonly number[])[];
  for (const ofTime of order) checkPlaces(ofTime, order[0]!, frames, geometries);
  const outcomes = tried.slice(0, tried.findIndex(one => one.split === split) + 1).map(outcomeOf);
  return { order, attribute: split.attribute, tried: outcomes };
}

function outcomeOf({ name, values, split }: { name: string; values: readonly number[]; split: Split | null }): string {
  const missing = values.filter(value => !Number.isFinite(value)).length;
  if (missing > 0)
    return `${name} is missing${missing < values.length ? ` in ${missing === 1 ? '1 image' : `${missing} images`}` : ''}`;
  if (!split) return `${name} is the same at all times`;
  const { duplicates, order } = split;
  if (duplicates.length > 0)
    return `${name} is the same in ${duplicates.length} images as in another one of their place`;
  if (split.missing.length > 0) return `${name} leaves ${split.missing.length} places of time points without an image`;
  return `${name} tells ${order.length} time points apart`;
}

function isVaried(values: readonly number[]): boolean {
  return values.every(Number.isFinite) && values.some(value => value !== values[0]);
}

function checkTimeBlocks(places: readonly Place[], values: readonly number[]): void {
  const blocks = findTimeBlocks(places, values);
  if (!blocks) return;
  const list = blocks.map(({ firstPlace, lastPlace, delayS }, block) => {
    const slices =
      firstPlace === lastPlace ? `slice ${firstPlace + 1}` : `slices ${firstPlace + 1} to ${lastPlace + 1}`;
    return block === 0 ? slices : `${slices} ${formatNumber(Math.abs(delayS))} s ${delayS < 0 ? 'earlier' : 'later'}`;
  });
  throw new DynamicSeriesError(
    'two-time-bases',
    `The slices were acquired in turn at ${blocks.length} table positions (shuttle or toggling table), ${list.join(' and ')}, so the series has ${blocks.length} time bases and no time at which all slices were measured; export the images of each table position as a series of their own.`,
  );
}

function notDynamic(frames: readonly DynamicFrame[], places: readonly Place[]): DynamicSeriesError {
  const names = timeAttributesFor(frames[0]!.modality).map(({ name }) => name);
  const isOneVolume = places.length === frames.length;
  return isOneVolume
    ? new DynamicSeriesError(
        'too-few-time-points',
        `The series has one image at each of its ${places.length} places, so it has 1 time point; take the 4D series of the perfusion scan.`,
      )
    : new DynamicSeriesError(
        'not-dynamic',
        `The series has ${frames.length} images at ${places.length} places, and nothing tells its time points apart (${names.join(', ')} are missing or the same); export the series again with complete headers.`,
      );
}

function checkDuplicates({ duplicates, attribute, values }: Split, frames: readonly DynamicFrame[]): void {
  const [pair] = duplicates;
  if (!pair) return;
  const [a, b] = [frames[pair[0]]!, frames[pair[1]]!];
  const more = duplicates.length > 1 ? `, and ${duplicates.length - 1} more images like this` : '';
  const isCopy = a.sopInstanceUid !== '' && a.sopInstanceUid === b.sopInstanceUid && a.frame === b.frame;
  const why = isCopy
    ? `which are copies of the same image (SOP Instance UID ${a.sopInstanceUid})`
    : 'as with two reconstructions in one series';
  const at = attribute.kind === 'position' ? ` ${values[pair[0]]}` : '';
  throw new DynamicSeriesError(
    'duplicate-position',
    `One time point has two images at one place, ${a.label} and ${b.label} with the same ${attribute.name}${at}${more}, ${why}; take one of them out of the series.`,
  );
}

/** A hole that leaves most of the time point is named; otherwise the time points are counted. */
function incomplete(
  { missing, order, attribute }: Split,
  places: readonly Place[],
  leftOutInWords: readonly string[],
): DynamicSeriesError {
  const leftOut = leftOutInWords.map(words => `, and ${words}`).join('');
  const slices = order.map(ofTime => ofTime.filter(frame => frame !== undefined).length);
  const [fewest, most] = [Math.min(...slices), Math.max(...slices)];
  if (fewest < most / 2 || missing.length > order.length) {
    return new DynamicSeriesError(
      'different-slices',
      `The time points have different numbers of slices (by ${attribute.name}), ${most} in time point ${slices.indexOf(most) + 1} and ${fewest} in time point ${slices.indexOf(fewest) + 1} of ${order.length}${leftOut}; get the complete series again from its source.`,
    );
  }
  const [hole] = missing;
  const more = missing.length > 1 ? `, and ${missing.length - 1} more images are missing` : '';
  return new DynamicSeriesError(
    'missing-images',
    `Time point ${hole!.t + 1} of ${order.length} (by ${attribute.name}) has no image of slice ${hole!.z + 1} of ${places.length} (at ${formatNumber(places[hole!.z]!.zMm)} mm along the slice normal)${more}${leftOut}; get the complete series again from its source.`,
  );
}

/** Every slice must lie where it lay at first: places along the normal are the same already. */
function checkPlaces(
  ofTime: readonly number[],
  first: readonly number[],
  frames: readonly DynamicFrame[],
  geometries: readonly { readonly position: readonly number[] }[],
): void {
  ofTime.forEach((frame, z) => {
    const [now, before] = [geometries[frame]!.position, geometries[first[z]!]!.position];
    const shiftMm = Math.hypot(...now.map((mm, axis) => mm - before[axis]!));
    if (shiftMm <= MOST_SHIFT_MM) return;
    throw new DynamicSeriesError(
      'moved-time-point',
      `${frames[frame]!.label} lies ${formatNumber(shiftMm)} mm beside the same slice of the first time point, ${frames[first[z]!]!.label}, so their voxels are not of one place; take a series whose images all have one geometry.`,
    );
  });
}

/** In the plane and along the normal: table positions are written with small differences. */
const MOST_SHIFT_MM = 0.2;
