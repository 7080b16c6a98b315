import { geometryOf } from '../ct-stack.ts';
import { itemOf, itemsOf, joinedTextOf, type NaturalDataSet, numberOf, numbersOf, textOf } from '../results/natural.ts';
import type { DynamicFrame } from './dynamic-frame.ts';
import { insteadOfSource } from './image-kinds.ts';
import { MINIMUM_TIME_POINTS } from './minimum-time-points.ts';

/** What a description says of a perfusion scan: "CTP", "Perfusion", "DSC", "ep2d_perf", "VPCT", "4D", "Bolus". */
const SOUNDS_LIKE_PERFUSION = /perf|ctp|dsc|vpct|pwi|dynamic|\b4d\b|bolus|toggle|jog/i;

/** No series is likelier than this. */
export const MAXIMUM_DYNAMIC_LIKELIHOOD = 7;

/**
 * How much a series looks like a perfusion scan; 0 when it cannot be one, as it has no eight images of one place, or maps alone. Cheap, for
 * ranking: the checks of stackDynamicFrames come when the series is opened.
 * @param instances all of the series
 */
export function dynamicLikelihood(instances: readonly NaturalDataSet[]): number {
  const sources = instances.filter(image => insteadOfSource(joinedTextOf(image, 'ImageType')) === null);
  const [first = {}] = sources;
  return likelihoodOf({
    modality: textOf(first, 'Modality'),
    description: textOf(first, 'SeriesDescription'),
    positions: sources.flatMap(positionsOf),
  });
}

/** The same for headers of frames, without a description. */
export function dynamicLikelihoodOfFrames(frames: readonly DynamicFrame[]): number {
  const sources = frames.filter(({ imageType }) => insteadOfSource(imageType) === null);
  const positions = sources.map(frame => geometryOf(frame).position);
  return likelihoodOf({ modality: sources[0]?.modality ?? '', description: '', positions });
}

/** Whether a series may be opened as a 4D series. */
export function isDynamicSeries(instances: readonly NaturalDataSet[]): boolean {
  return dynamicLikelihood(instances) > 0;
}

interface Appearance {
  readonly modality: string;
  readonly description: string;
  /** Of every image or frame that may be one of a scan: not of maps and projections. */
  readonly positions: readonly (readonly number[])[];
}

function likelihoodOf({ modality, description, positions }: Appearance): number {
  if (!['CT', 'MR'].includes(modality)) return 0;
  const places = new Set(positions.map(position => position.map(mm => Math.round(10 * mm)).join()));
  const timePoints = positions.length / Math.max(1, places.size);
  if (timePoints < MINIMUM_TIME_POINTS) return 0;
  return (
    1 +
    4 * Number(SOUNDS_LIKE_PERFUSION.test(description)) +
    Number(Number.isInteger(timePoints)) +
    Number(timePoints >= 2 * MINIMUM_TIME_POINTS)
  );
}

function positionsOf(image: NaturalDataSet): number[][] {
  if (!(numberOf(image, 'NumberOfFrames') > 1)) return [numbersOf(image, 'ImagePositionPatient')];
  return itemsOf(image, 'PerFrameFunctionalGroupsSequence').map(groups =>
    numbersOf(itemOf(groups, 'PlanePositionSequence'), 'ImagePositionPatient'),
  );
}
