import type { CalciumPayload, PerfusionPayload } from '@voxelwise/contract';
import type { Content } from './content.ts';
import { agreementOfFindings } from './finding-agreement.ts';
import { type Agreement, known, unknown } from './known-agreement.ts';
import { agreementOfSegments, type MaskDice } from './segment-agreement.ts';

/**
 * How well two contents of one kind agree, 0 to 1. Symmetric; 1 for the same content.
 *
 * - calcium: Agatston scores, Σ min / Σ max over the vessels, or of the totals where one names no vessels; 1 where both are zero.
 * - perfusion: the same over the volumes of core and hypoperfusion. A volume that neither has is left out; unknown where one
 *   alone has it, or where neither has any.
 * - mammography: F1 of the marks, times the share of equal density and BI-RADS category (see agreementOfFindings).
 * - segmentation: mean Dice of the segments (see agreementOfSegments).
 *
 * @param diceOf compares the masks of two digests; without it segmentations with masks are unknown
 */
export function agreementOf(a: Content, b: Content, diceOf: MaskDice = () => null): Agreement {
  if (a.kind === 'calcium' && b.kind === 'calcium') return known(agreementOfCalcium(a.payload, b.payload));
  if (a.kind === 'perfusion' && b.kind === 'perfusion') return agreementOfPerfusion(a.payload, b.payload);
  if (a.kind === 'mammography' && b.kind === 'mammography') return known(agreementOfFindings(a.payload, b.payload));
  if (a.kind === 'segmentation' && b.kind === 'segmentation') return agreementOfSegments(a, b, diceOf);
  throw new Error(`A prediction of the kind ${a.kind} cannot be compared with one of the kind ${b.kind}.`);
}

function agreementOfCalcium(a: CalciumPayload, b: CalciumPayload): number {
  if (a.vessels.length === 0 || b.vessels.length === 0) return overlapOfAmounts([[a.agatston, b.agatston]]);
  const scores = new Map<string, [number, number]>();
  for (const { vessel, agatston } of a.vessels) scores.set(vessel, [agatston, 0]);
  for (const { vessel, agatston } of b.vessels) scores.set(vessel, [scores.get(vessel)?.[0] ?? 0, agatston]);
  // In the order of the names, so that both ways around are the same sum.
  return overlapOfAmounts([...scores].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, pair]) => pair));
}

function agreementOfPerfusion(a: PerfusionPayload, b: PerfusionPayload): Agreement {
  const volumesMl = [
    [a.coreVolumeMl, b.coreVolumeMl],
    [a.hypoperfusedVolumeMl, b.hypoperfusedVolumeMl],
  ].filter(([one, other]) => one !== null || other !== null);
  if (volumesMl.length === 0) return unknown('nothing-measured');
  if (volumesMl.some(([one, other]) => one === null || other === null)) return unknown('measured-by-one');
  return known(overlapOfAmounts(volumesMl as [number, number][]));
}

/** Σ min / Σ max of pairs of amounts that are not negative (weighted Jaccard, Ruzicka); 1 where all are zero. */
function overlapOfAmounts(pairs: readonly (readonly [number, number])[]): number {
  const largest = Math.max(...pairs.flat());
  if (largest === 0) return 1;
  let smaller = 0;
  let larger = 0;
  for (const [one, other] of pairs) {
    // Divided first: sums of very large amounts would be infinite.
    smaller += Math.min(one, other) / largest;
    larger += Math.max(one, other) / largest;
  }
  return smaller / larger;
}
