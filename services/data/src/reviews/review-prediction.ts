import type { ReviewPart } from '@voxelwise/contract';
import { databaseNow, type Transaction } from '../database/connection.ts';
import { Prisma, type Review as ReviewRow } from '../generated/prisma/client.ts';
import type { Call, Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { createDataKey, type DataKey, openDataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { findRecord } from '../predictions/find-record.ts';
import { requireObjects } from '../predictions/object-references.ts';
import { VIEWED, type ViewedRow } from '../predictions/view.ts';
import type { Services } from '../services.ts';
import { foldRecord } from './fold-record.ts';
import { maskComparison } from './mask-comparison.ts';
import { assertOfKind, contentDigest, isSameContent, sealReview } from './review-content.ts';
import { standingOf } from './standing.ts';

/** POST /predictions/{id}/reviews: an event is added, and what follows from all of them is written beside the prediction. */
export function reviewPrediction(services: Services): Handler<'reviewPrediction'> {
  return async call => {
    const { row: found, access } = await findRecord(services, call, call.parameters.id);
    if (found.shreddedAt) throw new ServiceProblem('shredded');
    assertOfKind(found.kind, call.body);
    const keys = services.keys.keys();
    // Masks are compared before the transaction: reading them may take long.
    const diceOf = await maskComparison(services, found, call.body);

    const stored = await call.audited(async (transaction, audit) => {
      const row = await lock(transaction, found.id);
      Object.assign(audit, {
        site: row.site,
        studyUid: row.studyUid ?? undefined,
        entities: [
          { kind: 'prediction', id: row.id },
          { kind: 'review', id: call.body.id },
        ],
        detail: { action: call.body.action },
      });
      if (access.emergencyAccessId) audit.emergencyAccessId = access.emergencyAccessId;

      const reviews = await transaction.review.findMany({ where: { predictionId: row.id }, orderBy: { seq: 'asc' } });
      const repeated = await repeatedPart(transaction, keys, call, reviews);
      if (repeated) return { part: repeated, outcome: 'repeated' as const };

      const part = partFor(call, row);
      const dataKey = await dataKeyOf(transaction, keys, row);
      const review = await insert(transaction, keys, call, row, part, dataKey);
      const derived = foldRecord(row, [...reviews, review], dataKey, keys, diceOf);
      await transaction.prediction.update({ where: { id: row.id }, data: { ...derived, dataKeyId: dataKey.id } });
      return { part, outcome: 'created' as const };
    });
    if (stored.outcome === 'created') services.metrics.reviews.inc({ action: call.body.action });
    return { status: stored.outcome === 'created' ? 201 : 200, json: { id: call.body.id, ...stored } };
  };
}

type ReviewCall = Call<'reviewPrediction'>;

/** The prediction, locked: reviews of one prediction come one after the other. */
async function lock(transaction: Transaction, id: string): Promise<ViewedRow> {
  await transaction.$queryRaw`SELECT 1 FROM "prediction" WHERE "id" = ${id}::uuid FOR UPDATE`;
  const row = await transaction.prediction.findUniqueOrThrow({ where: { id }, include: VIEWED });
  if (row.shreddedAt) throw new ServiceProblem('shredded');
  return row;
}

/** The part of a review that was delivered before; null for a new one. */
async function repeatedPart(
  transaction: Transaction,
  keys: KeyRing,
  { body, parameters }: ReviewCall,
  reviews: readonly ReviewRow[],
): Promise<ReviewPart | null> {
  const existing =
    reviews.find(({ id }) => id === body.id) ?? (await transaction.review.findUnique({ where: { id: body.id } }));
  if (!existing) return null;
  if (existing.predictionId === parameters.id && isSameContent(keys, parameters.id, body, existing.contentDigest))
    return existing.part as ReviewPart;
  throw new ServiceProblem('id-taken', 'A review with this id is there already, and it is not the same.');
}

function partFor({ principal, body }: ReviewCall, row: ViewedRow): ReviewPart {
  const { next, ownPart } = standingOf(principal, row, row.reviews);
  if (body.adjudicates) {
    if (next.includes('adjudication') || ownPart === 'adjudication') return 'adjudication';
    if (ownPart !== null) throw new ServiceProblem('own-read');
    if (row.status === 'disputed') throw new ServiceProblem('forbidden', 'Adjudicating needs the role reviewer.');
    throw new ServiceProblem('not-disputed');
  }
  if (next.includes('revise') && ownPart !== 'adjudication') return ownPart!;
  if (next.includes('first')) return 'first';
  if (next.includes('second')) return 'second';
  const hasBothReads = row.reviews.some(({ part }) => part === 'second');
  if (hasBothReads)
    throw new ServiceProblem(
      'already-read',
      'This prediction has both of its reads. A disputed one can be adjudicated by a third person.',
    );
  throw new ServiceProblem(
    'forbidden',
    'Readers review what they have sent themselves; others need the role reviewer.',
  );
}

async function dataKeyOf(transaction: Transaction, keys: KeyRing, { dataKeyId }: ViewedRow): Promise<DataKey> {
  return dataKeyId ? openDataKey(transaction, keys, dataKeyId) : createDataKey(transaction, keys);
}

async function insert(
  transaction: Transaction,
  keys: KeyRing,
  { body, principal }: ReviewCall,
  row: ViewedRow,
  part: ReviewPart,
  dataKey: DataKey,
): Promise<ReviewRow> {
  try {
    const review = await transaction.review.create({
      data: {
        id: body.id,
        predictionId: row.id,
        site: row.site,
        // Of the database's clock: exports and metrics as of a moment go by it.
        createdAt: await databaseNow(transaction),
        reader: principal.person,
        part,
        action: body.action,
        reasonCode: body.reasonCode ?? null,
        ...sealReview(body.id, body, dataKey),
        contentDigest: contentDigest(keys, row.id, body),
        durationMs: body.durationMs ?? null,
      },
    });
    const objects = body.action === 'edit' ? (body.correction.objects ?? []) : [];
    await requireObjects(transaction, [{ predictionId: row.id, site: row.site, objects, reviewId: body.id }]);
    return review;
  } catch (error) {
    // The same id came for another prediction at the same time.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
      throw new ServiceProblem('id-taken');
    throw error;
  }
}
