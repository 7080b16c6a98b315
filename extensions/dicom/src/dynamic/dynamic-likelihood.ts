import { joinedTextOf, type NaturalDataSet, numberOf, numbersOf, textOf } from '../results/natural.ts';
import { insteadOfSource } from './image-kinds.ts';
import { MINIMUM_TIME_POINTS } from './minimum-time-points.ts';

/** What a description says of a perfusion scan: "CTP", "Perfusion", "DSC", "ep2d_perf", "VPCT", "4D", "Bolus". */
const SOUNDS_LIKE_PERFUSION = /perf|ctp|dsc|vpct|pwi|dynamic|\b4d\b|bolus|toggle|jog/i;

/** No series is likelier than this. */
export const MAXIMUM_DYNAMIC_LIKELIHOOD = 15;

/**
 * How much a series looks like a perfusion scan; 0 when it cannot be one, as it has no eight images of one place. Cheap, for
 * ranking: the checks of stackDynamicFrames come when the series is opened.
 * @param instances all of the series
 */
export function dynamicLikelihood(instances: readonly NaturalDataSet[]): number {
  const [first = {}] = instances;
  if (!['CT', 'MR'].includes(textOf(first, 'Modality'))) return 0;
  const places = new Set<string>();
  let images = 0;
  for (const instance of instances) {
    const frames = Math.max(1, numberOf(instance, 'NumberOfFrames') || 1);
    images += frames;
    const groups = frames > 1 ? framePositions(instance) : [numbersOf(instance, 'ImagePositionPatient')];
    for (const position of groups) places.add(position.map(mm => mm.toFixed(1)).join());
  }
  const timePoints = images / Math.max(1, places.size);
  if (timePoints < MINIMUM_TIME_POINTS) return 0;
  const isSource = insteadOfSource(joinedTextOf(first, 'ImageType')) === null;
  return (
    1 +
    8 * Number(isSource) +
    4 * Number(SOUNDS_LIKE_PERFUSION.test(textOf(first, 'SeriesDescription'))) +
    Number(Number.isInteger(timePoints)) +
    Number(timePoints >= 2 * MINIMUM_TIME_POINTS)
  );
}

/** Whether a series may be opened as a 4D series. */
export function isDynamicSeries(instances: readonly NaturalDataSet[]): boolean {
  return dynamicLikelihood(instances) > 0;
}

function framePositions(instance: NaturalDataSet): number[][] {
  const groups = instance.PerFrameFunctionalGroupsSequence;
  return (Array.isArray(groups) ? groups : []).map(group => {
    const [plane] = [(group as NaturalDataSet).PlanePositionSequence].flat() as NaturalDataSet[];
    return numbersOf(plane ?? {}, 'ImagePositionPatient');
  });
}
