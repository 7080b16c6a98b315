import { reasonOf } from '@voxelwise/host';
import { basisKey } from '../basis-key.ts';
import type { Conventions, PredictionInput } from '../contract.ts';
import type { Payload } from '../kinds.ts';
import { newId } from '../new-id.ts';
import type { Attachment } from '../outbox/entry.ts';
import { referenceOf } from '../outbox/reference.ts';
import type { Records } from '../records.ts';
import {
  type FiledResult,
  type FiledResults,
  filedResultsOf,
  type ImageUids,
  type ResultKind,
} from './filed-results.ts';

export interface ConfirmationState {
  /** Of the result on screen: never confirmed, confirmed as it is, or another one was confirmed before. */
  readonly status: 'none' | 'confirmed' | 'changed';
  /** When the last one was confirmed, in ms since 1970; null where none was. */
  readonly confirmedAt: number | null;
  readonly isConfirming: boolean;
  /** How the last confirmation ended, in a sentence. */
  readonly message: { readonly kind: 'done' | 'problem'; readonly text: string } | null;
}

/** The reader's word that a result is final. It is logged as a prediction, and a changed one as a review of that prediction. */
export interface Confirmation {
  /** What is confirmed, in one word: "score". */
  readonly noun: string;
  getState(): ConfirmationState;
  subscribe(listener: () => void): () => void;
  confirm(): Promise<void>;
  destroy(): void;
}

/** A result as the data service takes it. */
export interface ResultOnScreen<P extends Payload> {
  readonly payload: P;
  readonly conventions: Conventions;
}

/** The session whose results are confirmed. */
export interface ConfirmedSession<Series extends object, P extends Payload, Result extends ResultOnScreen<P>> {
  readonly of: ResultKind<P>;
  readonly noun: string;
  subscribe(listener: () => void): () => void;
  /** The series on screen, null while there is none. */
  series(): Series | null;
  imageUids(series: Series): ImageUids;
  /** Everything that a result on screen depends on: as long as all of it is the same, so is the result. */
  basisOfResult(): readonly unknown[];
  /** False while another result is being computed, or none is there. */
  isSettled(): boolean;
  /** @throws Error with a sentence for the reader where there is no result, or it is being computed */
  result(): Result;
  /** What computed the result: a stored one perhaps another version. */
  algorithmOf(result: Result): PredictionInput['algorithm'];
  /** How the result is called among what waits to be delivered: "Calcium score 12". */
  titleOf(result: Result): string;
  attachmentsOf(result: Result): Promise<Attachment[]>;
  predictionOf(result: Result, attachments: readonly Attachment[]): Promise<PredictionInput>;
}

const NOTHING: ConfirmationState = { status: 'none', confirmedAt: null, isConfirming: false, message: null };

export function createConfirmation<Series extends object, P extends Payload, Result extends ResultOnScreen<P>>(
  records: Records,
  session: ConfirmedSession<Series, P, Result>,
): Confirmation {
  const { noun, of: kind } = session;
  const listeners = new Set<() => void>();
  let state = NOTHING;
  let series: Series | null = null;
  let isEnded = false;
  /** What this reader has confirmed of the series that were looked at. */
  const filed = new WeakMap<Series, FiledResults>();
  const looking = new WeakMap<Series, Promise<void>>();
  /** What the status was told of. */
  let told: readonly unknown[] = [];
  /** Records that had arrived when it was looked for them. */
  let revision = -1;

  const set = (change: Partial<ConfirmationState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const basisOf = (result: Result) =>
    basisKey({ algorithm: session.algorithmOf(result), conventions: result.conventions });

  const tell = () => {
    const known = (series && filed.get(series)?.results) ?? [];
    const confirmedAt = known.at(-1)?.at ?? null;
    let status: ConfirmationState['status'] = known.length > 0 ? 'changed' : 'none';
    const result = known.length > 0 ? resultOnScreen() : null;
    if (result) {
      const same = newestOn(known, basisOf(result));
      if (same?.payload === kind.payloadKey(result.payload)) status = 'confirmed';
    }
    if (status === state.status && confirmedAt === state.confirmedAt) return;
    set({ status, confirmedAt, ...(status !== 'confirmed' && state.message?.kind === 'done' && { message: null }) });
  };

  /** Null where there is none, or it is being computed. */
  const resultOnScreen = () => {
    if (!session.isSettled()) return null; // many times a second while something is dragged
    try {
      return session.result();
    } catch {
      return null;
    }
  };

  /** Looks for what was confirmed; calls meanwhile join. */
  const look = (of: Series): Promise<void> => {
    const known = looking.get(of);
    if (known) return known;
    const startedAt = Date.now();
    const search = filedResultsOf(records, kind, session.imageUids(of))
      .then(({ results, isComplete }) => {
        // What was confirmed meanwhile stays known, and while the service is away everything of this visit.
        const before = (filed.get(of)?.results ?? []).filter(({ at }) => !isComplete || at >= startedAt);
        filed.set(of, { results: merged(results, before), isComplete });
        tell();
      })
      .finally(() => looking.delete(of));
    looking.set(of, search);
    return search;
  };

  const onChange = () => {
    if (isEnded) return;
    const current = session.series();
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
    const now = [series, ...session.basisOfResult()];
    if (now.every((part, index) => part === told[index]) && told.length > 0) return;
    told = now;
    tell();
  };

  /** @returns what the reader is told beside the status; '' where that says everything */
  const file = async (): Promise<string> => {
    const result = session.result();
    const of = session.series();
    if (!of) throw new Error('there is no series any more');
    await looking.get(of);
    if (!filed.get(of)?.isComplete) await look(of);
    const { results: known = [], isComplete = false } = filed.get(of) ?? {};
    const basis = basisOf(result);
    const payload = kind.payloadKey(result.payload);
    const before = newestOn(known, basis);
    if (before?.payload === payload) return `This ${noun} is confirmed already; nothing has changed since.`;
    const attachments = await session.attachmentsOf(result);
    const title = session.titleOf(result);
    const { studyUid } = session.imageUids(of);
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
          correction: { payload: result.payload, ...(objects.length > 0 && { objects }) },
        },
        { title: `${title}, changed`, studyUid, attachments },
      );
    } else {
      const prediction = await session.predictionOf(result, attachments);
      predictionId = prediction.id;
      await records.logPrediction(prediction, { title, studyUid, attachments });
    }
    const now: FiledResult = { predictionId, basis, payload, at: Date.now(), canBeChanged: true };
    filed.set(of, { results: merged(known, [now]), isComplete });
    return before?.canBeChanged ? `Logged as your review of the ${noun} that you confirmed first.` : '';
  };

  const stops = [session.subscribe(onChange), records.subscribe(onChange)];
  onChange();

  return {
    noun,
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
        set({ message: { kind: 'problem', text: `The ${noun} was not logged: ${reasonOf(error)}.` } });
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

/** The newest result that was confirmed and rests on the same. On something else, a result is another prediction. */
function newestOn(known: readonly FiledResult[], basis: string): FiledResult | undefined {
  return known.findLast(one => one.basis === basis);
}

/** Results by their predictions, the later ones instead of the earlier. Oldest first. */
function merged(before: readonly FiledResult[], later: readonly FiledResult[]): FiledResult[] {
  const results = new Map([...before, ...later].map(result => [result.predictionId, result]));
  return [...results.values()].sort((a, b) => a.at - b.at);
}
