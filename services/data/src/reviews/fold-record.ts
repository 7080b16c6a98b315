import type { Kind, ReviewAction, ReviewPart } from '@voxelwise/contract';
import { Prisma, type Review as ReviewRow } from '../generated/prisma/client.ts';
import type { DataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { advance } from '../keys/pseudonyms.ts';
import { qualityFacts } from '../predictions/quality-facts.ts';
import type { ViewedRow } from '../predictions/view.ts';
import { type Content, correctedContent } from '../truth/content.ts';
import { foldReviews, type ReviewEvent, type ReviewFold } from '../truth/fold.ts';
import { qualityOf } from '../truth/quality.ts';
import { openCorrection } from '../truth/sealed-corrections.ts';
import type { MaskDice } from '../truth/segment-agreement.ts';

/** What a prediction's row says it to be. */
export function contentOfRow(row: Pick<ViewedRow, 'kind' | 'payload' | 'objects'>): Content {
  const objects = row.objects.map(({ name, sha256, object }) => ({ name, sha256, mediaType: object.mediaType }));
  // The columns hold what the contract let in.
  return { kind: row.kind as Kind, payload: row.payload, objects } as unknown as Content;
}

/** The reviews of a prediction as events of the fold. Pseudonyms of all key versions become one. */
export function eventsOfRows(
  prediction: Content,
  reviews: readonly ReviewRow[],
  dataKey: DataKey,
  keys: KeyRing,
): ReviewEvent[] {
  return reviews.map(review => {
    const correction =
      review.correctionSealed === null ? null : openCorrection(review.id, dataKey, review.correctionSealed);
    return {
      reader: advance(keys, 'person', review.reader),
      part: review.part as ReviewPart,
      action: review.action as ReviewAction,
      correction: correction && correctedContent(prediction, correction),
    };
  });
}

/** The columns that follow from the reviews. */
export function foldRecord(
  row: ViewedRow,
  reviews: readonly ReviewRow[],
  dataKey: DataKey,
  keys: KeyRing,
  diceOf: MaskDice,
) {
  const content = contentOfRow(row);
  const fold = foldReviews(content, eventsOfRows(content, reviews, dataKey, keys), diceOf);
  const quality = qualityOf(qualityFacts(row, fold));
  return { ...derivedColumns(fold), quality: quality.score, qualityReasons: [...quality.reasons] };
}

function derivedColumns({ status, count, groundTruth, groundTruthLevel, agreement }: ReviewFold) {
  return {
    status,
    reviewCount: count,
    groundTruth: groundTruth === null ? Prisma.DbNull : (groundTruth as Prisma.InputJsonValue),
    groundTruthLevel,
    agreement,
  };
}
