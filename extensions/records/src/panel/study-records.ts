import type { DataService } from '../client/data-service.ts';
import { ServiceError } from '../client/service-error.ts';
import type { Prediction, PredictionDetail, ProblemCode } from '../contract.ts';

export interface StudyRecordsState {
  readonly phase: 'loading' | 'ready' | 'problem';
  /** Newest first. Kept on screen while they are read anew. */
  readonly records: readonly Prediction[];
  /** There are more of them. */
  readonly hasMore: boolean;
  /** Reviews, of the records that were opened, by the record's id. */
  readonly details: Readonly<Record<string, PredictionDetail>>;
  /** Why nothing can be shown, or nothing more; otherwise ''. */
  readonly problem: string;
  readonly code: ProblemCode | null;
}

/** What the data service has of one study, page by page. */
export interface StudyRecords {
  getState(): StudyRecordsState;
  subscribe(listener: () => void): () => void;
  /** Reads anew what is on screen. */
  reload(): Promise<void>;
  loadMore(): Promise<void>;
  /** Reads a record with its reviews, and again with every reload from now on. */
  open(id: string): Promise<void>;
  close(id: string): void;
  stop(): void;
}

const PAGE = 20;
const NOTHING: StudyRecordsState = {
  phase: 'loading',
  records: [],
  hasMore: false,
  details: {},
  problem: '',
  code: null,
};

export function createStudyRecords(
  service: DataService,
  query: { readonly studyUid: string; readonly site?: string | undefined },
): StudyRecords {
  const listeners = new Set<() => void>();
  let state = NOTHING;
  let next: string | null = null;
  let reading = new AbortController();
  const opened = new Set<string>();

  const set = (change: Partial<StudyRecordsState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  /** Runs one reading; a newer one takes its place. */
  const read = async (work: (signal: AbortSignal) => Promise<void>) => {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ServiceError)) throw error;
      set({ phase: 'problem', problem: error.message, code: error.code });
    }
  };

  const pageAfter = (cursor: string | null, signal: AbortSignal) => {
    const { studyUid, site } = query;
    const asked = { studyUid, limit: PAGE, ...(site !== undefined && { site }), ...(cursor !== null && { cursor }) };
    return service.call('listPredictions', { query: asked }, { signal });
  };

  const detailOf = (id: string, signal: AbortSignal) =>
    service.call('readPrediction', { parameters: { id } }, { signal });

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reload: () =>
      read(async signal => {
        set({ phase: 'loading' });
        const wanted = Math.max(PAGE, state.records.length);
        const records: Prediction[] = [];
        do {
          const page = await pageAfter(records.length === 0 ? null : next, signal);
          records.push(...page.items);
          next = page.next;
        } while (next !== null && records.length < wanted);
        const shown = records.filter(({ id }) => opened.has(id));
        const details = await Promise.all(shown.map(({ id }) => detailOf(id, signal)));
        signal.throwIfAborted();
        set({
          phase: 'ready',
          records,
          hasMore: next !== null,
          details: Object.fromEntries(details.map(detail => [detail.prediction.id, detail])),
          problem: '',
          code: null,
        });
      }),
    loadMore: () =>
      read(async signal => {
        if (next === null) return;
        const page = await pageAfter(next, signal);
        const known = new Set(state.records.map(({ id }) => id));
        next = page.next;
        set({
          phase: 'ready',
          records: [...state.records, ...page.items.filter(({ id }) => !known.has(id))],
          hasMore: next !== null,
          problem: '',
          code: null,
        });
      }),
    async open(id) {
      opened.add(id);
      try {
        const detail = await detailOf(id, AbortSignal.any([reading.signal]));
        set({ details: { ...state.details, [id]: detail } });
      } catch (error) {
        if (error instanceof ServiceError) set({ problem: error.message, code: error.code });
      }
    },
    close: id => opened.delete(id),
    stop() {
      reading.abort();
      listeners.clear();
    },
  };
}
