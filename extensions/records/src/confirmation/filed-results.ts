import { basisKey } from '../basis-key.ts';
import { ServiceError } from '../client/service-error.ts';
import type { Kind, PredictionRecord, Review } from '../contract.ts';
import type { Payload } from '../kinds.ts';
import type { Entry } from '../outbox/entry.ts';
import type { Records } from '../records.ts';

/** A result that this reader has confirmed. */
export interface FiledResult {
  readonly predictionId: string;
  /** As basisKey writes it, and the kind's payloadKey. */
  readonly basis: string;
  readonly payload: string;
  /** In ms since 1970. */
  readonly at: number;
  /** This reader may still say what it should be; once two have read it, it stands. */
  readonly canBeChanged: boolean;
}

/** Results of one kind. */
export interface ResultKind<P extends Payload = Payload> {
  readonly kind: Kind;
  /** The same text for equal results, whatever the order in which a database gives their parts. */
  payloadKey(payload: P): string;
}

/** UIDs of a study, and of the series in it that a result is of. */
export interface ImageUids {
  readonly studyUid: string;
  readonly seriesUid: string;
}

/** Records that are looked through for the reader's own, newest first. */
const MOST_RECORDS = 50;
/** A service that is slow must not keep the reader from confirming. */
const PATIENCE_MS = 8_000;

/** What is known of the results that this reader has confirmed. */
export interface FiledResults {
  /** Oldest first. */
  readonly results: readonly FiledResult[];
  /** False while the service cannot be asked: then these are those alone that wait in this browser. */
  readonly isComplete: boolean;
}

/** What this reader has confirmed of a series, now or at an earlier visit, delivered or not. */
export async function filedResultsOf<P extends Payload>(
  records: Records,
  of: ResultKind<P>,
  uids: ImageUids,
): Promise<FiledResults> {
  // First, so that what arrives meanwhile is in one of the two.
  const { outbox, owner } = records.getState();
  const waiting = outbox.entries.filter(entry => entry.owner === owner && entry.studyUid === uids.studyUid);
  const ofService = await deliveredResults(records, of, uids);
  const results = withWaiting(ofService ?? [], waiting, uids.seriesUid, of).sort((a, b) => a.at - b.at);
  return { results, isComplete: ofService !== null };
}

/** @returns null where the service cannot be asked */
async function deliveredResults<P extends Payload>(
  records: Records,
  of: ResultKind<P>,
  { studyUid, seriesUid }: ImageUids,
): Promise<FiledResult[] | null> {
  try {
    const { items } = await records.service.call(
      'listPredictions',
      { query: { studyUid, seriesUid, kind: of.kind, limit: MOST_RECORDS } },
      { timeoutMs: PATIENCE_MS },
    );
    const own = items.flatMap(item => ('shredded' in item || !item.createdByMe ? [] : [item]));
    return (await Promise.all(own.map(record => resultOf(records, record, of)))).flatMap(result => result ?? []);
  } catch (error) {
    if (error instanceof ServiceError) return null;
    throw error;
  }
}

/** A record as its maker last saw it; null for one that the maker has rejected. */
async function resultOf<P extends Payload>(
  records: Records,
  record: PredictionRecord,
  { payloadKey }: ResultKind<P>,
): Promise<FiledResult | null> {
  const { id, review, createdAt } = record;
  const last = review.count > 0 ? await ownReview(records, id) : undefined;
  if (last?.action === 'reject') return null;
  const payload = (last?.correction?.payload ?? record.payload) as P;
  return {
    predictionId: id,
    basis: basisKey(record),
    payload: payloadKey(payload),
    at: Date.parse(last?.createdAt ?? createdAt),
    canBeChanged: review.next.some(next => next !== 'adjudication'),
  };
}

async function ownReview(records: Records, id: string): Promise<Review | undefined> {
  const input = { parameters: { id } };
  const { reviews } = await records.service.call('readPrediction', input, { timeoutMs: PATIENCE_MS });
  return reviews.findLast(({ isMine }) => isMine);
}

/** What was filed, with what has not arrived yet. */
export function withWaiting<P extends Payload>(
  filed: readonly FiledResult[],
  waiting: readonly Entry[],
  seriesUid: string,
  { kind: wanted, payloadKey }: ResultKind<P>,
): FiledResult[] {
  const results = new Map(filed.map(result => [result.predictionId, result]));
  for (const { content, predictionId, madeAt } of waiting) {
    if (content.kind === 'prediction') {
      const { kind, image, payload } = content.body;
      if (kind !== wanted || image.seriesUid !== seriesUid || results.has(predictionId)) continue;
      results.set(predictionId, {
        predictionId,
        basis: basisKey(content.body),
        payload: payloadKey(payload as P),
        at: madeAt,
        canBeChanged: true,
      });
      continue;
    }
    const before = results.get(predictionId);
    if (!before || content.body.action !== 'edit') continue;
    const payload = payloadKey(content.body.correction.payload as P);
    results.set(predictionId, { ...before, payload, at: madeAt });
  }
  return [...results.values()];
}
