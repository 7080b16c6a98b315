import {
  AGREEMENT_THRESHOLD,
  type ReviewAction,
  type ReviewPart,
  type ReviewStatus,
  type TruthLevel,
} from '@voxelwise/contract';
import canonicalize from 'canonicalize';
import { agreementOf } from './agreement.ts';
import type { Content } from './content.ts';
import { type Agreement, known } from './known-agreement.ts';
import type { MaskDice } from './segment-agreement.ts';

/** A review, as far as the truth depends on it. */
export interface ReviewEvent {
  /** Opaque: all versions of a person's pseudonym must be one id. */
  readonly reader: string;
  readonly part: ReviewPart;
  readonly action: ReviewAction;
  /** The corrected content (correctedContent) of an edit; null otherwise. */
  readonly correction: Content | null;
}

/** What the reviews of a prediction come to. */
export interface ReviewFold {
  readonly status: ReviewStatus;
  /** Reads that stand, 0 to 3. A revision replaces the read before it. */
  readonly count: number;
  /** Null where there is no ground truth, and for a rejected prediction. */
  readonly groundTruth: Content['payload'] | null;
  /** Null where there is no ground truth. */
  readonly groundTruthLevel: TruthLevel | null;
  /** Of the prediction with the ground truth. Null where either is not known. */
  readonly agreement: number | null;
  /** Who read. */
  readonly parts: Readonly<Record<ReviewPart, string | null>>;
  /** What the first reader did, last revision; what the rates of the metrics count. */
  readonly firstAction: ReviewAction | null;
}

export type PartRefusal = 'already-read' | 'not-disputed' | 'own-read';

/**
 * The part that a reader's next review takes, or why it takes none.
 *
 * Anybody may read first, and somebody else second. Whoever has read may revise the own read until the prediction is adjudicated.
 * A third person adjudicates two reads that disagree, and may revise that decision.
 */
export function partOfReview(
  state: Pick<ReviewFold, 'status' | 'parts'>,
  reader: string,
  adjudicates: boolean,
): ReviewPart | PartRefusal {
  const { status, parts } = state;
  if (adjudicates) {
    if (parts.first === reader || parts.second === reader) return 'own-read';
    if (status === 'disputed' || parts.adjudication === reader) return 'adjudication';
    return 'not-disputed';
  }
  if (status === 'adjudicated') return 'already-read';
  if (parts.first === null || parts.first === reader) return 'first';
  if (parts.second === null || parts.second === reader) return 'second';
  return 'already-read';
}

/**
 * Folds the reviews of a prediction, in the order of their events, to where they stand. Total: an event that the rules of
 * {@link partOfReview} did not allow at its time changes nothing.
 *
 * The ground truth is that of the adjudication; or of two reads that agree ({@link truthOfReads}); or of the only read. Two reads
 * that disagree leave none.
 *
 * @param diceOf the masks compared before (compareMasks); without it edited segmentations stay unknown
 */
export function foldReviews(
  prediction: Content,
  reviews: readonly ReviewEvent[],
  diceOf: MaskDice = () => null,
): ReviewFold {
  const standing: Partial<Record<ReviewPart, ReviewEvent>> = {};
  let state = stateOf(prediction, standing, diceOf);
  for (const review of reviews) {
    if (partOfReview(state, review.reader, review.part === 'adjudication') !== review.part) continue;
    standing[review.part] = review;
    state = stateOf(prediction, standing, diceOf);
  }
  return state;
}

function stateOf(
  prediction: Content,
  { first, second, adjudication }: Partial<Record<ReviewPart, ReviewEvent>>,
  diceOf: MaskDice,
): ReviewFold {
  const parts = {
    first: first?.reader ?? null,
    second: second?.reader ?? null,
    adjudication: adjudication?.reader ?? null,
  };
  const base = {
    count: Object.values(parts).filter(reader => reader !== null).length,
    parts,
    firstAction: first?.action ?? null,
  };
  const withTruth = (status: ReviewStatus, groundTruthLevel: TruthLevel, { content, agreement }: Truth) => ({
    ...base,
    status,
    groundTruthLevel,
    groundTruth: content?.payload ?? null,
    agreement: agreement.value,
  });
  const truthOf = (review: ReviewEvent) => truthOfRead(prediction, review, diceOf);

  if (adjudication) return withTruth('adjudicated', 'adjudicated', truthOf(adjudication));
  if (first && second) {
    const truth = truthOfReads(truthOf(first), truthOf(second), diceOf);
    if (truth) return withTruth('agreed', 'double', truth);
  }
  if (first && !second) return withTruth('single-read', 'single', truthOf(first));
  const status = first ? 'disputed' : 'unreviewed';
  return { ...base, status, groundTruthLevel: null, groundTruth: null, agreement: null };
}

/** What one read says to be true. */
interface Truth {
  /** Null: rejected, there is nothing to be found. */
  readonly content: Content | null;
  /** Of the prediction with it. */
  readonly agreement: Agreement;
  readonly isEdited: boolean;
}

function truthOfRead(prediction: Content, { action, correction }: ReviewEvent, diceOf: MaskDice): Truth {
  if (action === 'reject') return { content: null, agreement: known(0), isEdited: false };
  if (action === 'accept') return { content: prediction, agreement: known(1), isEdited: false };
  if (!correction) throw new Error('A review that edits has no correction.');
  return { content: correction, agreement: agreementOf(prediction, correction, diceOf), isEdited: true };
}

/**
 * The truth of two reads, or null where they disagree. They agree where both reject, where both accept, or where what they say
 * agrees by more than AGREEMENT_THRESHOLD.
 *
 * Of two reads that agree without being the same, the one that agrees less with the prediction is the truth, so that an algorithm
 * is not flattered by a reader who let pass what another corrected. Where that does not decide, an edit goes before an accepted
 * prediction, and then the order of the canonical JSON decides. Who was first never does.
 */
function truthOfReads(one: Truth, other: Truth, diceOf: MaskDice): Truth | null {
  if (!one.content || !other.content) return one.content || other.content ? null : one;
  if (!one.isEdited && !other.isEdited) return one;
  const agreement = agreementOf(one.content, other.content, diceOf);
  if (agreement.value === null || agreement.value <= AGREEMENT_THRESHOLD) return null;
  return compareTruths(one, other) <= 0 ? one : other;
}

function compareTruths(one: Truth, other: Truth): number {
  const byAgreement = (one.agreement.value ?? -1) - (other.agreement.value ?? -1);
  if (byAgreement !== 0) return byAgreement;
  if (one.isEdited !== other.isEdited) return one.isEdited ? -1 : 1;
  const [jsonOfOne, jsonOfOther] = [one, other].map(({ content }) => canonicalize(content) ?? '');
  if (jsonOfOne === jsonOfOther) return 0;
  return jsonOfOne! < jsonOfOther! ? -1 : 1;
}
