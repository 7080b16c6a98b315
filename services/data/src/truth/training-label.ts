import { AGREEMENT_THRESHOLD, type Split } from '@voxelwise/contract';
import type { Content } from './content.ts';
import type { ReviewFold } from './fold.ts';

/** What a record teaches: the prediction as it is, what a reader made of it, that it is wrong, or nothing. */
export type TrainingDecision = 'as-predicted' | 'corrected' | 'rejected' | 'none';

export interface TrainingLabel {
  readonly decision: TrainingDecision;
  /** Null for a rejected prediction, and where there is no ground truth. */
  readonly payload: Content['payload'] | null;
}

/**
 * The label that a record carries into training.
 *
 * More than AGREEMENT_THRESHOLD of agreement with the ground truth: the prediction as it is. Less, or not known: the ground truth,
 * which is a reader's correction. A rejected prediction has no content to learn.
 */
export function trainingLabel(
  predicted: Content['payload'],
  fold: Pick<ReviewFold, 'groundTruth' | 'groundTruthLevel' | 'agreement'>,
): TrainingLabel {
  if (fold.groundTruthLevel === null) return { decision: 'none', payload: null };
  if (fold.groundTruth === null) return { decision: 'rejected', payload: null };
  const isAccurate = fold.agreement !== null && fold.agreement > AGREEMENT_THRESHOLD;
  return isAccurate
    ? { decision: 'as-predicted', payload: predicted }
    : { decision: 'corrected', payload: fold.groundTruth };
}

/** Whether a record of this quality stays in its split. A test split is never filtered: it must stay like the patients who come. */
export function isGoodEnough(split: Split, quality: number, minimumQuality: number | undefined): boolean {
  return split === 'test' || minimumQuality === undefined || quality >= minimumQuality;
}
