import { type DicomWebTarget, type StorableInstance, type StoreProgress, storeInstances } from '@voxelwise/dicom';
import { dicomWebOf, type Host, isUntouched, readerNameOf, reasonOf } from '@voxelwise/host';
import type { StoredResult } from './archive-results.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { basisOfResult } from './result-on-screen.ts';

/** What there is to say of the stored results of one series. */
interface Notices {
  /** When the stored result on screen was stored; null where the maps were computed here. */
  readonly restoredAt: Date | null;
  /** A stored result that was found after the reader had begun. */
  readonly offered: StoredResult | null;
  /** How the last storing, or looking for results, ended. */
  readonly message: { readonly kind: 'done' | 'problem'; readonly text: string } | null;
}

export interface StoredResultsState extends Notices {
  /** What the archive has of a result that is being stored; null while none is. */
  readonly storing: StoreProgress | null;
}

/** Stores the result in the archive, and brings it back when a study is reopened. */
export interface StoredResults {
  getState(): StoredResultsState;
  subscribe(listener: () => void): () => void;
  /** Maps, segmentation, report and PDF to the archive. Calling it again, after a failure or a cancellation, stores what is missing. */
  store(): Promise<void>;
  cancelStoring(): void;
  /** Takes over the result that is offered. */
  restoreOffered(): void;
  /** Drops what was decided, and computes the maps here. */
  startOver(): void;
  destroy(): void;
}

const NOTHING: Notices = { restoredAt: null, offered: null, message: null };

/** Whoever stores a result has signed it, but only a result that is on screen can be confirmed. */
const NOT_CONFIRMED = 'It was not confirmed, because another series is on the screen.';

/**
 * @param confirm confirms the result on screen, which is done once it has arrived in the archive as it is; null where results are not
 * logged
 */
export function createStoredResults(
  host: Host,
  session: PerfusionSession,
  confirm: () => (() => void) | null = () => null,
): StoredResults {
  const listeners = new Set<() => void>();
  let state: StoredResultsState = { ...NOTHING, storing: null };
  const set = (change: Partial<StoredResultsState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  // --- Reopening ------------------------------------------------------------------------------------------------------

  let series: PerfusionSeries | null = null;
  let looking = new AbortController();
  /** The series whose results were looked for. */
  let lookedFor: PerfusionSeries | null = null;

  const onSessionChange = () => {
    const current = session.currentSeries();
    const { survey } = session.getState();
    if (current !== series) {
      looking.abort();
      const before = series;
      series = current;
      // How storing the series before has ended is said while the next one is loaded, too, and stays.
      set({ ...NOTHING, message: before === null ? state.message : null });
    }
    if (series && survey && lookedFor !== series) {
      lookedFor = series;
      look(series);
    }
    const isOther = prepared?.series === series && !isSame(prepared.basis, basisOfResult(session.getState()));
    if (isOther && state.message?.kind === 'done') set({ message: null }); // what is stored is not what is on screen any more
    if (state.restoredAt && !session.getState().computed?.isStored) set({ restoredAt: null });
  };

  const look = async (of: PerfusionSeries) => {
    looking = new AbortController();
    const { signal } = looking;
    const target = targetOrNull(host);
    if (!target) return; // opened from elsewhere: there is no archive to look into
    try {
      const { newestInArchive } = await import('./archive-results.ts');
      const { newest, problem } = await newestInArchive(target, of, { signal });
      if (signal.aborted) return;
      if (problem) set({ message: { kind: 'problem', text: problem } });
      if (!newest) return;
      if (isUntouched(session.getState().history)) restore(newest);
      else set({ offered: newest });
    } catch (error) {
      if (signal.aborted) return;
      set({ message: { kind: 'problem', text: `Stored results were not looked for: ${reasonOf(error)}.` } });
    }
  };

  const restore = (stored: StoredResult) => {
    session.restore(stored);
    set({ offered: null, restoredAt: stored.savedAt });
  };

  // --- Storing --------------------------------------------------------------------------------------------------------

  let cancelling = new AbortController();
  /** What was sent last, so that sending it again is known to be the same. */
  let prepared: {
    readonly series: PerfusionSeries | null;
    readonly basis: readonly unknown[];
    /** Who had signed in: the objects name them. */
    readonly readerName: string;
    readonly instances: readonly StorableInstance[];
  } | null = null;
  /** The viewer does not list series that were stored since the study was opened. */
  const givenSeriesNumbers: number[] = [];

  const prepare = async (of: PerfusionSeries | null) => {
    const { resultObjects } = await import('./result-objects.ts');
    if (session.currentSeries() !== of) throw new Error('another series was chosen before its objects were made');
    const basis = basisOfResult(session.getState());
    const readerName = readerNameOf(host);
    const isKnown = prepared?.series === of && prepared.readerName === readerName && isSame(prepared.basis, basis);
    if (!prepared || !isKnown) {
      const instances = await resultObjects(session, host, new Date(), givenSeriesNumbers);
      givenSeriesNumbers.push(...instances.map(({ seriesNumber }) => seriesNumber));
      prepared = { series: of, basis, readerName, instances };
    }
    return prepared.instances;
  };

  const store = async () => {
    if (state.storing) return; // a second click before the button is drawn as disabled
    cancelling = new AbortController();
    const { signal } = cancelling;
    const of = session.currentSeries();
    const say = (kind: 'done' | 'problem', text: string) => {
      const isLeft = session.currentSeries() !== of;
      set({ message: { kind, text: isLeft ? `Of the series before: ${text}` : text } });
    };
    set({ message: null, storing: { doneInstances: 0, totalInstances: 0, doneBytes: 0, totalBytes: 0 } });
    try {
      const target = dicomWebOf(host);
      const instances = await prepare(of);
      const report = await storeInstances(instances, { ...target, signal, onProgress: storing => set({ storing }) });
      if (report.outcomes.some(({ isUidTaken }) => isUidTaken)) prepared = null;
      const isLeft = session.currentSeries() !== of;
      const isAsStored = !isLeft && prepared !== null && isSame(prepared.basis, basisOfResult(session.getState()));
      const sentences = [report.message];
      if (isLeft && report.allStored && confirm()) sentences.push(NOT_CONFIRMED);
      if (!isLeft && !isAsStored) sentences.push('What you have changed meanwhile is not stored.');
      say(report.allStored ? 'done' : 'problem', sentences.join(' '));
      if (report.allStored && isAsStored) confirm()?.();
    } catch (error) {
      say('problem', `The result was not stored: ${reasonOf(error)}.`);
    } finally {
      set({ storing: null });
    }
  };

  const unsubscribe = session.subscribe(onSessionChange);
  onSessionChange();

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    store,
    cancelStoring: () => cancelling.abort(),
    restoreOffered() {
      if (state.offered) restore(state.offered);
    },
    startOver() {
      set({ restoredAt: null });
      session.startOver();
    },
    destroy() {
      unsubscribe();
      looking.abort();
      cancelling.abort();
      listeners.clear();
    },
  };
}

function targetOrNull(host: Host): DicomWebTarget | null {
  try {
    return dicomWebOf(host);
  } catch {
    return null;
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
