import { type Score, scoreLesions } from '../score.ts';
import type { Label } from './edit.ts';
import type { LabeledLesions } from './labeled-lesions.ts';

/**
 * Score of the parts for which include is true. Agatston score, volume and mass of disjoint parts add up to those of the
 * whole. Counts are of different lesions and components: one that two vessels share counts for both, but once in all.
 */
export function scoreParts(labeled: LabeledLesions, include: (part: number) => boolean = () => true): Score {
  const { set, parts, fragments } = labeled;
  const lesions = new Uint8Array(set.lesions.count);
  const components = new Uint8Array(set.components.count);
  for (let part = 0; part < parts.count; part++) if (include(part)) lesions[parts.lesion[part]!] = 1;
  for (let fragment = 0; fragment < fragments.count; fragment++) {
    if (include(fragments.part[fragment]!)) components[fragments.component[fragment]!] = 1;
  }
  const score = scoreLesions({ ...set, lesions: parts }, include);
  return { ...score, lesions: countOnes(lesions), lesionSlices: countOnes(components) };
}

/** Score of everything that carries a label; null scores what has none. */
export function scoreLabel(labeled: LabeledLesions, label: Label | null): Score {
  return scoreParts(labeled, part => labeled.parts.label[part] === label);
}

function countOnes(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count;
}
