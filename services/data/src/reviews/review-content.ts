import { type Kind, PAYLOADS, type Review, type ReviewInput } from '@voxelwise/contract';
import canonicalize from 'canonicalize';
import type { Review as ReviewRow } from '../generated/prisma/client.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import type { Principal } from '../identity/principal.ts';
import type { DataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { pseudonym, pseudonyms } from '../keys/pseudonyms.ts';
import { open, seal, sealedField } from '../keys/sealed-fields.ts';
import { openCorrection, sealCorrection } from '../truth/sealed-corrections.ts';

/** Free text and corrections of a review, sealed with the data key of its prediction. */
export function sealReview(id: string, input: ReviewInput, dataKey: DataKey) {
  return {
    reasonSealed:
      input.reason === undefined ? null : seal(sealedField('review', 'reason_sealed', id, dataKey), input.reason),
    correctionSealed: input.action === 'edit' ? sealCorrection(id, dataKey, input.correction) : null,
  };
}

/** A keyed digest of what was sent, so that a repeated delivery is recognized although its text is sealed. */
export function contentDigest(keys: KeyRing, predictionId: string, input: ReviewInput): string {
  return pseudonym(keys, 'content', contentOf(predictionId, input));
}

export function isSameContent(keys: KeyRing, predictionId: string, input: ReviewInput, stored: string): boolean {
  return pseudonyms(keys, 'content', contentOf(predictionId, input)).includes(stored);
}

function contentOf(predictionId: string, input: ReviewInput): string {
  return canonicalize({ predictionId, ...input }) as string;
}

/** @throws ServiceProblem where the correction is not of the kind of the prediction */
export function assertOfKind(kind: string, input: ReviewInput): void {
  if (input.action !== 'edit') return;
  if (!PAYLOADS[kind as Kind].safeParse(input.correction.payload).success) {
    throw new ServiceProblem('correction-mismatch', `The correction is not a payload of the kind ${kind}.`);
  }
}

/** A review as one person may see it; null for a data key that was destroyed, or free text that is not for the person. */
export function reviewView(
  row: ReviewRow,
  principal: Principal,
  dataKey: DataKey | null,
  showsFreeText: boolean,
): Review {
  return {
    id: row.id,
    part: row.part as Review['part'],
    createdAt: row.createdAt.toISOString(),
    reader: row.reader,
    isMine: principal.persons.includes(row.reader),
    action: row.action as Review['action'],
    reasonCode: row.reasonCode as Review['reasonCode'],
    reason:
      dataKey && showsFreeText && row.reasonSealed !== null
        ? open(sealedField('review', 'reason_sealed', row.id, dataKey), row.reasonSealed)
        : null,
    correction: dataKey && row.correctionSealed !== null ? openCorrection(row.id, dataKey, row.correctionSealed) : null,
  };
}
