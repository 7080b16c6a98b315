import { type Host, reasonOf } from '@voxelwise/host';
import { basisKey, newId, type PredictionRecord, type Records, referenceOf } from '@voxelwise/records';
import { formatTotalAgatston } from '../results/format.ts';
import { payloadKey } from './calcium-payload.ts';
import {
  ALGORITHM,
  attachmentsOf,
  imageUidsOf,
  predictionOf,
  type ScoreOnScreen,
  scoreOnScreen,
} from './calcium-record.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { type FiledScore, type FiledScores, filedScoresOf } from './filed-scores.ts';
import { isSettled } from './state.ts';

export interface ConfirmationState {
  /** Of the score on screen: never confirmed, confirmed as it is, or another one was confirmed before. */
  readonly status: 'none' | 'confirmed' | 'changed';
  /** When the last one was confirmed, in ms since 1970; null where none was. */
  readonly confirmedAt: number | null;
  readonly isConfirming: boolean;
  /** How the last confirmation ended, in a sentence. */
  readonly message: { readonly kind: 'done' | 'problem'; readonly text: string } | null;
}

/** The reader's word that a score is final. It is logged as a prediction, and a changed one as a review of that prediction. */
export interface Confirmation {
  getState(): ConfirmationState;
  subscribe(listener: () => void): () => void;
  confirm(): Promise<void>;
  destroy(): void;
}

const NOTHING: ConfirmationState = { status: 'none', confirmedAt: null, isConfirming: false, message: null };

export function createConfirmation(host: Host, session: CalciumSession, records: Records): Confirmation {
  const listeners = new Set<() => void>();
  let state = NOTHING;
  let series: CtSeries | null = null;
  let isEnded = false;
  /** What this reader has confirmed of the series that were looked at. */
  const filed = new WeakMap<CtSeries, FiledScores>();
  const looking = new WeakMap<CtSeries, Promise<void>>();
  /** What the status was told of. */
  let told: unknown[] = [];
  /** Records that had arrived when it was looked for them. */
  let revision = -1;

  const set = (change: Partial<ConfirmationState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const tell = () => {
    const known = (series && filed.get(series)?.scores) ?? [];
    const confirmedAt = known.at(-1)?.at ?? null;
    let status: ConfirmationState['status'] = known.length > 0 ? 'changed' : 'none';
    const score = known.length > 0 ? resultOnScreen() : null;
    if (score) {
      const same = newestOn(known, basisOf(score));
      if (same?.payload === payloadKey(score.payload)) status = 'confirmed';
    }
    if (status === state.status && confirmedAt === state.confirmedAt) return;
    set({ status, confirmedAt, ...(status !== 'confirmed' && state.message?.kind === 'done' && { message: null }) });
  };

  /** Null where there is none, or it is being computed. */
  const resultOnScreen = () => {
    if (!isSettled(session.getState())) return null; // many times a second while the threshold is dragged
    try {
      return scoreOnScreen(session);
    } catch {
      return null;
    }
  };

  /** Looks for what was confirmed; calls meanwhile join. */
  const look = (of: CtSeries): Promise<void> => {
    const known = looking.get(of);
    if (known) return known;
    const startedAt = Date.now();
    const search = filedScoresOf(records, of)
      .then(({ scores, isComplete }) => {
        // What was confirmed meanwhile stays known, and while the service is away everything of this visit.
        const before = (filed.get(of)?.scores ?? []).filter(({ at }) => !isComplete || at >= startedAt);
        filed.set(of, { scores: merged(scores, before), isComplete });
        tell();
      })
      .finally(() => looking.delete(of));
    looking.set(of, search);
    return search;
  };

  const onChange = () => {
    if (isEnded) return;
    const current = session.currentSeries();
    const { presence, revision: newRevision } = records.getState();
    const isOther = current !== series;
    if (isOther) {
      series = current;
      told = [];
      set(NOTHING);
    }
    if (series && presence === 'present' && (isOther || newRevision !== revision || !filed.has(series))) {
      revision = newRevision;
      look(series);
    }
    const { labeled, calibration, zeroConfirmed, preview, scoring, scoredWith } = session.getState();
    const now = [series, labeled, calibration, zeroConfirmed, preview, scoring, scoredWith];
    if (now.every((part, index) => part === told[index]) && told.length > 0) return;
    told = now;
    tell();
  };

  /** @returns what the reader is told beside the status; '' where that says everything */
  const file = async (): Promise<string> => {
    const score = scoreOnScreen(session);
    await looking.get(score.series);
    if (!filed.get(score.series)?.isComplete) await look(score.series);
    const { scores: known = [], isComplete = false } = filed.get(score.series) ?? {};
    const basis = basisOf(score);
    const payload = payloadKey(score.payload);
    const before = newestOn(known, basis);
    if (before?.payload === payload) return 'This score is confirmed already; nothing has changed since.';
    const attachments = await attachmentsOf(score);
    const title = `Calcium score ${formatTotalAgatston(score.payload.agatston)}`;
    const { studyUid } = imageUidsOf(score.series);
    let predictionId: string;
    if (before?.canBeChanged) {
      predictionId = before.predictionId;
      const objects = attachments.map(referenceOf);
      await records.fileReview(
        predictionId,
        {
          id: newId(),
          action: 'edit',
          reasonCode: 'changed-by-reader',
          correction: { payload: score.payload, ...(objects.length > 0 && { objects }) },
        },
        { title: `${title}, changed`, studyUid, attachments },
      );
    } else {
      const prediction = await predictionOf(score, host, attachments);
      predictionId = prediction.id;
      await records.logPrediction(prediction, { title, studyUid, attachments });
    }
    const now: FiledScore = { predictionId, basis, payload, at: Date.now(), canBeChanged: true };
    filed.set(score.series, { scores: merged(known, [now]), isComplete });
    return before?.canBeChanged ? 'Logged as your review of the score that you confirmed first.' : '';
  };

  const stops = [session.subscribe(onChange), records.subscribe(onChange)];
  onChange();

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async confirm() {
      if (state.isConfirming || !isLogged(records)) return;
      set({ isConfirming: true, message: null });
      try {
        const text = await file();
        if (text) set({ message: { kind: 'done', text } });
      } catch (error) {
        set({ message: { kind: 'problem', text: `The score was not logged: ${reasonOf(error)}.` } });
      } finally {
        set({ isConfirming: false });
        tell();
      }
    },
    destroy() {
      isEnded = true;
      for (const stop of stops) stop();
      listeners.clear();
    },
  };
}

/** True where there is a data service, and the reader may log results. */
export function isLogged(records: Records): boolean {
  return records.getState().presence === 'present' && records.may('predictions:write');
}

function basisOf({ conventions }: ScoreOnScreen): string {
  return basisKey({ algorithm: ALGORITHM, conventions });
}

/** The newest score that was confirmed and rests on the same. On something else, a score is another prediction. */
function newestOn(known: readonly FiledScore[], basis: string): FiledScore | undefined {
  return known.findLast(one => one.basis === basis);
}

/** Scores by their predictions, the later ones instead of the earlier. Oldest first. */
function merged(before: readonly FiledScore[], later: readonly FiledScore[]): FiledScore[] {
  const scores = new Map([...before, ...later].map(score => [score.predictionId, score]));
  return [...scores.values()].sort((a, b) => a.at - b.at);
}

/** True for records of the series that is on the screen. */
export function isOfSeries({ image }: Pick<PredictionRecord, 'image'>, series: CtSeries): boolean {
  return image.seriesUid === imageUidsOf(series).seriesUid;
}
