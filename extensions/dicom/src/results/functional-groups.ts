import { itemOf, itemsOf, type NaturalDataSet, numberOf } from './natural.ts';

/** Attributes of all functional groups of a frame side by side: no two groups share one. */
export function flatGroups(groups: NaturalDataSet): NaturalDataSet {
  const items = Object.values(groups).map(group => (Array.isArray(group) ? group[0] : group));
  return Object.assign({}, ...items.filter(item => typeof item === 'object' && item !== null));
}

/** Whether an image has several frames, which say where they lie in their functional groups. */
export function isMultiFrame(image: NaturalDataSet): boolean {
  return numberOf(image, 'NumberOfFrames') > 1;
}

/**
 * A frame of a multi-frame image as if it were an image of its own.
 * @param frame from 1
 */
export function frameDataSet(image: NaturalDataSet, frame: number): NaturalDataSet {
  const { PerFrameFunctionalGroupsSequence: _, SharedFunctionalGroupsSequence: __, ...common } = image;
  const own = itemsOf(image, 'PerFrameFunctionalGroupsSequence')[frame - 1] ?? {};
  return { ...common, ...flatGroups(itemOf(image, 'SharedFunctionalGroupsSequence')), ...flatGroups(own) };
}
