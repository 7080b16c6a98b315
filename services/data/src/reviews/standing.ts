import type { ReviewPart, ReviewState, ReviewStatus } from '@voxelwise/contract';
import type { Principal } from '../identity/principal.ts';

/** What is needed of a review to know whose turn it is. */
export interface FiledRead {
  readonly part: string;
  /** Pseudonym, of whatever key version. */
  readonly reader: string;
}

export interface Reviewable {
  readonly createdBy: string;
  readonly status: string;
}

/** How one person stands to a prediction and its reviews. */
export interface Standing {
  /** The read that the person has filed. */
  readonly ownPart: ReviewPart | null;
  /**
   * True for whoever may still file a read: until then, what others said is withheld, so that the second read is one of its own
   * and not a comment on the first.
   */
  readonly isBlinded: boolean;
  readonly next: ReviewState['next'];
}

/**
 * Whose turn it is. The first two readers are independent of each other; where they disagree, a third person decides. A read may be
 * revised until the second one is filed: from then on both are known.
 */
export function standingOf(
  { roles, persons }: Pick<Principal, 'roles' | 'persons'>,
  prediction: Reviewable,
  reads: readonly FiledRead[],
): Standing {
  const isReviewer = roles.includes('reviewer');
  const mayReview = isReviewer || (roles.includes('reader') && persons.includes(prediction.createdBy));
  const ownPart = (reads.find(({ reader }) => persons.includes(reader))?.part ?? null) as ReviewPart | null;
  const hasFirst = reads.some(({ part }) => part === 'first');
  const hasSecond = reads.some(({ part }) => part === 'second');
  const status = prediction.status as ReviewStatus;

  const next: ReviewState['next'] = [];
  if (mayReview) {
    if (ownPart === null && !hasFirst) next.push('first');
    else if (ownPart === null && !hasSecond) next.push('second');
    else if (ownPart === null && status === 'disputed' && isReviewer) next.push('adjudication');
    else if ((ownPart === 'first' && !hasSecond) || (ownPart === 'adjudication' && isReviewer)) next.push('revise');
  }
  return { ownPart, isBlinded: next.includes('second'), next };
}
