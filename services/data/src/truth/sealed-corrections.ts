import type { Correction } from '@voxelwise/contract';
import canonicalize from 'canonicalize';
import type { DataKey } from '../keys/data-keys.ts';
import { open, seal, sealedField } from '../keys/sealed-fields.ts';

/** Encrypts the correction of a review with the data key of its prediction. */
export function sealCorrection(reviewId: string, dataKey: DataKey, correction: Correction): string {
  return seal(sealedField('review', 'correction_sealed', reviewId, dataKey), canonicalize(correction)!);
}

/**
 * Decrypts the correction of a review.
 * @throws SealError where it was changed, or moved from another review
 */
export function openCorrection(reviewId: string, dataKey: DataKey, sealed: string): Correction {
  return JSON.parse(open(sealedField('review', 'correction_sealed', reviewId, dataKey), sealed)) as Correction;
}
