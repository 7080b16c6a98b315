import { type CalciumPayload, type Entry, type Records, ServiceError } from '@voxelwise/records';
import { conventionsKey, payloadKey } from './calcium-payload.ts';
import { imageUidsOf } from './calcium-record.ts';
import type { CtSeries } from './ct-series.ts';

/** A score that this reader has confirmed. */
export interface FiledScore {
  readonly predictionId: string;
  /** As conventionsKey and payloadKey write them. */
  readonly conventions: string;
  readonly payload: string;
  /** In ms since 1970. */
  readonly at: number;
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
    return await Promise.all(
      own.map(async (record): Promise<FiledScore> => {
        const corrected = record.review.count > 0 ? await ownCorrection(records, record.id) : null;
        return {
          predictionId: record.id,
          conventions: conventionsKey(record.conventions),
          payload: payloadKey(corrected?.payload ?? (record.payload as CalciumPayload)),
          at: corrected?.at ?? Date.parse(record.createdAt),
        };
      }),
    );
  } catch (error) {
    if (error instanceof ServiceError) return null;
    throw error;
  }
}

/** What the reader's own last review says that a prediction should be; null where it says nothing. */
async function ownCorrection(records: Records, id: string): Promise<{ payload: CalciumPayload; at: number } | null> {
  const { reviews } = await records.service.call('readPrediction', { parameters: { id } }, { timeoutMs: PATIENCE_MS });
  const last = reviews.findLast(({ isMine }) => isMine);
  if (!last?.correction) return null;
  return { payload: last.correction.payload as CalciumPayload, at: Date.parse(last.createdAt) };
}

/** What was filed, with what has not arrived yet. */
export function withWaiting(filed: readonly FiledScore[], waiting: readonly Entry[], seriesUid: string): FiledScore[] {
  const scores = new Map(filed.map(score => [score.predictionId, score]));
  for (const { content, predictionId, madeAt } of waiting) {
    if (content.kind === 'prediction') {
      const { kind, image, payload, conventions } = content.body;
      if (kind !== 'calcium' || image.seriesUid !== seriesUid || scores.has(predictionId)) continue;
      scores.set(predictionId, {
        predictionId,
        conventions: conventionsKey(conventions),
        payload: payloadKey(payload),
        at: madeAt,
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
