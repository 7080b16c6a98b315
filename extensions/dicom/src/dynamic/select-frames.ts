import { geometryOf } from '../ct-stack.ts';
import { checkSliceGeometry } from '../slice-stack.ts';
import type { DynamicFrame } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { isCtOrMr } from './dynamic-signal.ts';
import { imagesByKind } from './image-kinds.ts';
import { MINIMUM_TIME_POINTS } from './minimum-time-points.ts';
import { checkMovedTimePoint } from './moved-time-point.ts';
import { placesOf, usualFrames } from './places.ts';
import { timeAttributesFor } from './time-attributes.ts';

/** Which frames of a series are its 4D part, by index. */
export interface SelectedFrames {
  readonly used: readonly number[];
  readonly leftOut: readonly number[];
  /** Says what was left out, a part of a sentence each. */
  readonly leftOutInWords: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Finds the 4D part of a series: some hold a localizer, a single 3D volume, maps or secondary captures beside it.
 * @throws DynamicSeriesError where the series has no image of CT or MR
 */
export function selectFrames(frames: readonly DynamicFrame[]): SelectedFrames {
  const images = frames.flatMap((frame, index) => (isCtOrMr(frame) ? [index] : []));
  const others = frames.flatMap((frame, index) => (isCtOrMr(frame) ? [] : [index]));
  if (images.length === 0) throw noImages(frames);
  const [likeliest, ...rest] = imagesByKind(
    images.map(index => ({ ...frames[index]!, ...numbersOf(frames[index]!) })),
    MINIMUM_TIME_POINTS,
  );
  if (likeliest!.isInstead) {
    const { label, imageType } = frames[images[likeliest!.frames[0]!]!]!;
    throw new DynamicSeriesError(
      'not-a-source-image',
      `${label} is ${likeliest!.isInstead} (ImageType ${imageType}), as are all images of the series; take the original images of the perfusion scan.`,
    );
  }
  const { kept, lone } = withoutLonePlaces(
    likeliest!.frames.map(index => images[index]!),
    frames,
  );
  for (const index of kept) checkSliceGeometry(geometryOf(frames[index]!));
  const leftOutInWords: string[] = [];
  const leave = (left: readonly number[], whyOne: string, whyMany: string) => {
    const [first] = left;
    if (first === undefined) return;
    const { label } = frames[first]!;
    leftOutInWords.push(
      left.length === 1
        ? `1 image of the series, ${label}, is left out: ${whyOne}`
        : `${left.length} images of the series, first ${label}, are left out: ${whyMany}`,
    );
  };
  leave(others, 'it is no image of CT or MR', 'they are no images of CT or MR');
  for (const { frames: left, isInstead } of rest) {
    const how = 'from the 4D part in size, spacing, direction or thickness';
    leave(
      left.map(index => images[index]!),
      isInstead ? `it is ${isInstead}` : `it differs ${how}`,
      isInstead ? `each is ${isInstead}` : `they differ ${how}`,
    );
  }
  leave(lone, 'it lies where the 4D part has no slice', 'they lie where the 4D part has no slice');
  const notes: string[] = leftOutInWords.map(words => `${words}.`);
  const derived = kept.find(index => /^DERIVED\b/i.test(frames[index]!.imageType));
  if (derived !== undefined) {
    const { label, imageType } = frames[derived]!;
    notes.push(
      `The images are derived (ImageType ${imageType} of ${label}): a program has changed them after the scan, for example against motion or noise.`,
    );
  }
  const used = new Set(kept);
  const leftOut = frames.map((_, index) => index).filter(index => !used.has(index));
  return { used: kept, leftOut, leftOutInWords, notes };
}

function numbersOf(frame: DynamicFrame) {
  const { pixelSpacingMm, position, orientation } = geometryOf(frame);
  return { pixelSpacingMm, position, orientation };
}

/** A 3D volume of the same kind lies at places that the 4D part does not have: there is only one image at each. */
function withoutLonePlaces(kept: readonly number[], frames: readonly DynamicFrame[]) {
  const images = kept.map(index => frames[index]!);
  const geometries = images.map(numbersOf);
  const places = placesOf(geometries);
  const isDynamic = usualFrames(places) >= MINIMUM_TIME_POINTS;
  const lone = new Set(isDynamic ? places.flatMap(place => (place.frames.length === 1 ? place.frames : [])) : []);
  // A time point for which the table was moved is no volume of its own.
  if (lone.size > 0) {
    for (const { read } of timeAttributesFor(images[0]!.modality))
      checkMovedTimePoint(images, geometries, read(images));
  }
  return {
    kept: kept.filter((_, at) => !lone.has(at)),
    lone: kept.filter((_, at) => lone.has(at)),
  };
}

function noImages([first]: readonly DynamicFrame[]): DynamicSeriesError {
  const what = first ? ` (modality ${first.modality || 'missing'}, SOP class ${first.sopClassUid || 'missing'})` : '';
  return new DynamicSeriesError(
    'no-images',
    first
      ? `${first.label} is not an image of CT or MR${what}, and neither is any other of the series; take the 4D series of the perfusion scan.`
      : 'The series has no images; take the 4D series of the perfusion scan.',
  );
}
