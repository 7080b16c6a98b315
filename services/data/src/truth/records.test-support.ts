import { createHash, randomUUID } from 'node:crypto';
import type { Correction } from '@voxelwise/contract';
import type { Database } from '../database/connection.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { newDataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { pseudonym } from '../keys/pseudonyms.ts';
import type { Content } from './content.ts';
import { derivedColumns } from './derived-columns.ts';
import { foldReviews, type ReviewEvent } from './fold.ts';
import type { PredictionRow } from './folded-predictions.ts';
import { sealCorrection } from './sealed-corrections.ts';
import type { MaskDice } from './segment-agreement.ts';

/** A review for a test: its reader is a name, stored as a pseudonym. */
export interface TestReview extends ReviewEvent {
  readonly at: Date;
}

/** A prediction for a test, with its reviews in order. */
export interface TestRecord {
  readonly content: Content;
  readonly reviews: readonly TestReview[];
  /** Columns that are to be other than the usual. */
  readonly columns: Partial<Prisma.PredictionCreateManyInput>;
}

export const TEST_SITE = 'north';
export const STORED_AT = new Date('2026-01-01T08:00:00.000Z');

const CHUNK = 1000;

/** Stores records as the service does: corrections sealed, derived columns folded. Answers with their ids, in order. */
export async function storeRecords(
  database: Database,
  ring: KeyRing,
  records: readonly TestRecord[],
  diceOf?: MaskDice,
): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < records.length; at += CHUNK) {
    const rows = records.slice(at, at + CHUNK).map(record => rowsOf(ring, record, diceOf));
    await database.transaction(async transaction => {
      await transaction.dataKey.createMany({ data: rows.map(({ dataKey }) => dataKey) });
      await transaction.prediction.createMany({ data: rows.map(({ prediction }) => prediction) });
      await transaction.storedObject.createMany({ data: rows.flatMap(({ objects }) => objects), skipDuplicates: true });
      await transaction.objectReference.createMany({ data: rows.flatMap(({ references }) => references) });
      await transaction.review.createMany({ data: rows.flatMap(({ reviews }) => reviews) });
    });
    ids.push(...rows.map(({ prediction }) => prediction.id));
  }
  return ids;
}

function rowsOf(ring: KeyRing, { content, reviews, columns }: TestRecord, diceOf?: MaskDice) {
  const { dataKey, row: dataKeyRow } = newDataKey(ring);
  const person = (name: string) => pseudonym(ring, 'person', name);
  const prediction = {
    id: randomUUID() as string,
    site: TEST_SITE,
    kind: content.kind,
    createdAt: STORED_AT,
    producedAt: STORED_AT,
    createdBy: person('sender'),
    recordSha256: createHash('sha256').update(JSON.stringify(content)).digest(),
    studyUid: '1.2.826.0.1.3680043.8.498.1',
    instances: [],
    algorithmName: 'test-algorithm',
    algorithmVersion: '1.0.0',
    payload: content.payload as Prisma.InputJsonValue,
    conventions: {},
    provenance: {},
    dataKeyId: dataKey.id,
    qualityReasons: [] as string[],
    ...columns,
  };
  const row = {
    algorithmDigest: null,
    seriesUid: null,
    scannerManufacturer: null,
    scannerModel: null,
    confidence: null,
    ...prediction,
  } as unknown as PredictionRow;
  const derived = derivedColumns({ row, fold: foldReviews(content, reviews, diceOf) });
  const object = (sha256: string, mediaType: string) => ({
    site: prediction.site,
    sha256,
    sizeBytes: 8n,
    mediaType,
    storageKey: `objects/${randomUUID()}`,
    dataKeyId: dataKey.id,
    createdBy: prediction.createdBy,
  });
  const reviewRows = reviews.map(review => ({ id: randomUUID() as string, review }));
  const corrections = reviewRows.flatMap(({ id, review }) =>
    review.correction ? [{ id, content: review.correction }] : [],
  );
  return {
    dataKey: dataKeyRow,
    prediction: { ...prediction, ...derived },
    objects: [content, ...corrections.map(one => one.content)].flatMap(({ objects }) =>
      objects.map(({ sha256, mediaType }) => object(sha256, mediaType)),
    ),
    references: content.objects.map(({ name, sha256 }) => ({
      predictionId: prediction.id,
      name,
      site: prediction.site,
      sha256,
    })),
    reviews: reviewRows.map(({ id, review: { reader, part, action, correction, at } }) => ({
      id,
      predictionId: prediction.id,
      site: prediction.site,
      createdAt: at,
      reader: person(reader),
      part,
      action,
      correctionSealed: correction && sealCorrection(id, dataKey, correctionOf(correction)),
      contentDigest: createHash('sha256').update(id).digest('base64url'),
    })),
  };
}

function correctionOf({ payload, objects }: Content): Correction {
  return { payload, objects: objects.map(object => ({ ...object, sizeBytes: 8 })) };
}
