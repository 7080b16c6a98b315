import type { Transaction } from '../database/connection.ts';
import { type Prediction as PredictionRow, Prisma } from '../generated/prisma/client.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { destroyDataKey } from '../keys/data-keys.ts';

export type ShredReason = 'consent-withdrawn' | 'retention-ended' | 'requested' | 'error';

/**
 * Erases a record. Its data key is destroyed, so that notes, reasons and corrections are unreadable wherever copies of them are; what
 * stands in plain columns is emptied; objects that nothing else refers to lose their keys, and a job
 * removes their bytes. A tombstone
 * stays: id, site, kind, times, the reason, and the digest that the audit events name.
 * @throws ServiceProblem legal-hold
 */
export async function shred(
  transaction: Transaction,
  row: PredictionRow,
  reason: ShredReason,
  now: Date,
): Promise<void> {
  if (row.legalHold)
    throw new ServiceProblem('legal-hold', 'The record is under a legal hold, and is not erased while that lasts.');
  if (row.dataKeyId) await destroyDataKey(transaction, row.dataKeyId);
  await releaseObjects(transaction, row.id);
  await transaction.prediction.update({
    where: { id: row.id },
    data: {
      shreddedAt: now,
      shredReason: reason,
      producedAt: row.createdAt,
      patient: null,
      accession: null,
      sex: null,
      ageBand: null,
      studyUid: null,
      seriesUid: null,
      instances: Prisma.DbNull,
      modality: null,
      scannerManufacturer: null,
      scannerModel: null,
      algorithmDigest: null,
      confidence: null,
      payload: Prisma.DbNull,
      conventions: Prisma.DbNull,
      provenance: Prisma.DbNull,
      noteSealed: null,
      groundTruth: Prisma.DbNull,
      groundTruthLevel: null,
      agreement: null,
      quality: 0,
      qualityReasons: [],
      retentionUntil: null,
    },
  });
}

/** Objects that no other record needs are forgotten with their keys: the bytes that are left are unreadable, and are swept later. */
async function releaseObjects(transaction: Transaction, predictionId: string): Promise<void> {
  const references = await transaction.objectReference.findMany({ where: { predictionId }, include: { object: true } });
  await transaction.objectReference.deleteMany({ where: { predictionId } });
  for (const { site, sha256, object } of references) {
    const { count } = await transaction.storedObject.deleteMany({ where: { site, sha256, references: { none: {} } } });
    if (count > 0) await destroyDataKey(transaction, object.dataKeyId);
  }
}
