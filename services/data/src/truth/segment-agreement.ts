import type { SegmentationPayload } from '@voxelwise/contract';
import { type Content, maskDigest } from './content.ts';
import { type Agreement, known, unknown } from './known-agreement.ts';

/** Dice of the masks of two digests; null where they were not compared. */
export type MaskDice = (one: string, other: string) => Agreement | null;

type Segment = SegmentationPayload['segments'][number];
export type SegmentationContent = Extract<Content, { kind: 'segmentation' }>;

/**
 * Mean Dice over the segments of either that have voxels; 1 where neither has any. Segments are the same by number and code. One
 * that the other lacks counts 0. Unknown where a mask of a shared segment is not there.
 */
export function agreementOfSegments(a: SegmentationContent, b: SegmentationContent, diceOf: MaskDice): Agreement {
  const pairs = segmentPairs(a, b);
  if (pairs.length === 0) return known(1);
  let sum = 0;
  for (const [one, other] of pairs) {
    if (!one || !other) continue;
    const dice = diceOfSegments(maskDigest(a, one.mask), maskDigest(b, other.mask), diceOf);
    if (dice.value === null) return dice;
    sum += dice.value;
  }
  return known(sum / pairs.length);
}

/** The masks that must be compared to know the agreement; those of equal content need not be. */
export function masksToCompare(a: SegmentationContent, b: SegmentationContent): [string, string][] {
  return segmentPairs(a, b).flatMap(([one, other]) => {
    const masks = [one && maskDigest(a, one.mask), other && maskDigest(b, other.mask)];
    return masks[0] && masks[1] && masks[0] !== masks[1] ? [masks as [string, string]] : [];
  });
}

function diceOfSegments(one: string | null, other: string | null, diceOf: MaskDice): Agreement {
  if (one === null || other === null) return unknown('masks-missing');
  return one === other ? known(1) : (diceOf(one, other) ?? unknown('masks-missing'));
}

/** In the order of the numbers, so that both ways around are the same sum. */
function segmentPairs(a: SegmentationContent, b: SegmentationContent): [Segment | undefined, Segment | undefined][] {
  const ofA = segmentsWithVoxels(a);
  const ofB = segmentsWithVoxels(b);
  const keys = [...new Set([...ofA.keys(), ...ofB.keys()])].sort();
  return keys.map(key => [ofA.get(key), ofB.get(key)]);
}

function segmentsWithVoxels({ payload }: SegmentationContent): Map<string, Segment> {
  const segments = payload.segments.filter(({ voxels }) => voxels > 0);
  return new Map(
    segments.map(segment => [JSON.stringify([segment.number, segment.code.scheme, segment.code.value]), segment]),
  );
}
