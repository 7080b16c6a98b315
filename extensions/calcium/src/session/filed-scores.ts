import {
  basisKey,
  type CalciumPayload,
  type Entry,
  type PredictionRecord,
  type Records,
  type Review,
  ServiceError,
} from '@voxelwise/records';
import { payloadKey } from './calcium-payload.ts';
import { imageUidsOf } from './calcium-record.ts';
import type { CtSeries } from './ct-series.ts';

/** A score that this reader has confirmed. */
export interface FiledScore {
  readonly predictionId: string;
  /** As basisKey and payloadKey write them. */
  readonly basis: string;
  readonly payload: string;
  /** In ms since 1970. */
  readonly at: number;
  /** This reader may still say what it should be; once two have read it, it stands. */
  readonly canBeChanged: boolean;
}

/** Records that are looked through for the reader's own, newest first. */
const MOST_RECORDS = 50;
/** A service that is slow must not keep the reader from confirming. */
const PATIENCE_MS = 8_000;

/** What is known of the scores that this reader has confirmed. */
export interface FiledScores {
  /** Oldest first. */
  readonly scores: readonly FiledScore[];
  /** False while the service cannot be asked: then these are those alone that wait in this browser. */
  readonly isComplete: boolean;
}

/** What this reader has confirmed of a series, now or at an earlier visit, delivered or not. */
export async function filedScoresOf(records: Records, series: CtSeries): Promise<FiledScores> {
  const { studyUid, seriesUid } = imageUidsOf(series);
  // First, so that what arrives meanwhile is in one of the two.
  const { outbox, owner } = records.getState();
  const waiting = outbox.entries.filter(entry => entry.owner === owner && entry.studyUid === studyUid);
  const ofService = await deliveredScores(records, studyUid, seriesUid);
  const scores = withWaiting(ofService ?? [], waiting, seriesUid).sort((a, b) => a.at - b.at);
  return { scores, isComplete: ofService !== null };
}

/** @returns null where the service cannot be asked */
async function deliveredScores(records: Records, studyUid: string, seriesUid: string): Promise<FiledScore[] | null> {
  try {
    const { items } = await records.service.call(
      'listPredictions',
      { query: { studyUid, seriesUid, kind: 'calcium', limit: MOST_RECORDS } },
      { timeoutMs: PATIENCE_MS },
    );
    const own = items.flatMap(item => ('shredded' in item || !item.createdByMe ? [] : [item]));
    return (await Promise.all(own.map(record => scoreOf(records, record)))).flatMap(score => score ?? []);
  } catch (error) {
    if (error instanceof ServiceError) return null;
    throw error;
  }
}

/** A record as its maker last saw it; null for one that the maker has rejected. */
async function scoreOf(records: Records, record: PredictionRecord): Promise<FiledScore | null> {
  const { id, review, createdAt } = record;
  const last = review.count > 0 ? await ownReview(records, id) : undefined;
  if (last?.action === 'reject') return null;
  const payload = (last?.correction?.payload ?? record.payload) as CalciumPayload;
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
export function withWaiting(filed: readonly FiledScore[], waiting: readonly Entry[], seriesUid: string): FiledScore[] {
  const scores = new Map(filed.map(score => [score.predictionId, score]));
  for (const { content, predictionId, madeAt } of waiting) {
    if (content.kind === 'prediction') {
      const { kind, image, payload } = content.body;
      if (kind !== 'calcium' || image.seriesUid !== seriesUid || scores.has(predictionId)) continue;
      scores.set(predictionId, {
        predictionId,
        basis: basisKey(content.body),
        payload: payloadKey(payload),
        at: madeAt,
        canBeChanged: true,
      });
      continue;
    }
    const before = scores.get(predictionId);
    if (!before || content.body.action !== 'edit') continue;
    const payload = payloadKey(content.body.correction.payload as CalciumPayload);
    scores.set(predictionId, { ...before, payload, at: madeAt });
  }
  return [...scores.values()];
}
