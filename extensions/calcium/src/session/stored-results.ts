import { type StorableInstance, type StoreProgress, storeInstances } from '@voxelwise/dicom';
import { dicomWebOf, type Host, isUntouched, readerNameOf, reasonOf } from '@voxelwise/host';
import { createBrowserKeeping, isSameResult } from './browser-keeping.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { NOTHING_DECIDED } from './decisions.ts';
import { findSavedResults, type Keeper, type KeptResult } from './found-results.ts';
import { localResults } from './local-results.ts';
import { differenceInSums, type SavedResult, vesselSums } from './saved-result.ts';
import type { CalciumState } from './state.ts';

/** What there is to say of the saved results of one series. */
interface Notices {
  /** The saved result on screen, null where the reader began anew. */
  readonly restored: {
    readonly keeper: Keeper;
    readonly savedAt: Date;
    /** What is not as it was saved, in words; '' when everything is. */
    readonly difference: string;
  } | null;
  /** A saved result that was found after the reader had begun. */
  readonly offered: KeptResult | null;
  /** How the last storing, or looking for results, ended. */
  readonly message: { readonly kind: 'done' | 'problem'; readonly text: string } | null;
}

export interface StoredResultsState extends Notices {
  /** What the archive has of a result that is being stored; null while none is. */
  readonly storing: StoreProgress | null;
}

/** Stores the result in the archive, keeps it in the browser while it is made, and brings it back when a study is reopened. */
export interface StoredResults {
  getState(): StoredResultsState;
  subscribe(listener: () => void): () => void;
  /** Segmentation, reports and PDF to the archive. Calling it again, after a failure or a cancellation, stores what is missing. */
  store(): Promise<void>;
  cancelStoring(): void;
  /** Takes over the result that is offered. */
  restoreOffered(): void;
  /** Drops all decisions on the series; undo brings them back. */
  startOver(): void;
  destroy(): void;
}

const NOTHING: Notices = { restored: null, offered: null, message: null };

/** @param onStored told when the result on screen has arrived in the archive as it is */
export function createStoredResults(host: Host, session: CalciumSession, onStored = () => {}): StoredResults {
  const local = localResults();
  const listeners = new Set<() => void>();
  /** By display set, so that looking at another series in between takes no notice away. */
  const notices = new Map<string, Notices>();
  let state: StoredResultsState = { ...NOTHING, storing: null };
  /** The display set whose notices are shown. */
  let shown = '';
  const set = (change: Partial<StoredResultsState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const notify = (displaySetUid: string, change: Partial<Notices>) => {
    notices.set(displaySetUid, { ...(notices.get(displaySetUid) ?? NOTHING), ...change });
    if (displaySetUid === shown) set(change);
  };

  // --- Reopening and keeping ------------------------------------------------------------------------------------------

  const wasLookedFor = new Set<string>();
  let series: CtSeries | null = null;
  /** The search for saved results that is under way. */
  let looking: { readonly displaySetUid: string; readonly abort: AbortController } | null = null;
  let isRestoring = false;
  const keeping = createBrowserKeeping(local, text => notify(shown, { message: { kind: 'problem', text } }));

  const onSessionChange = () => {
    const current = session.currentSeries();
    const sessionState = session.getState();
    if (current !== series) {
      stopLooking();
      keeping.flush();
      series = current;
      shown = sessionState.displaySetUid ?? '';
      set({ ...NOTHING, ...notices.get(shown) });
    }
    if (!series || sessionState.phase !== 'ready' || isRestoring) return;
    if (!wasLookedFor.has(shown)) {
      wasLookedFor.add(shown);
      look(series, shown);
    }
    const isNew = keeping.keep(series, sessionState);
    const isOther = prepared?.series === series && !isSameReport(prepared.of, sessionState);
    // What is stored is not what is on screen any more.
    if ((isNew || isOther) && state.message?.kind === 'done') notify(shown, { message: null });
  };

  /** When the series is looked at again, its results are looked for again. */
  const stopLooking = () => {
    looking?.abort.abort();
    if (looking) wasLookedFor.delete(looking.displaySetUid);
    looking = null;
  };

  const look = async (opened: CtSeries, displaySetUid: string) => {
    const abort = new AbortController();
    looking = { displaySetUid, abort };
    const { results, problem } = await findSavedResults(host, local, opened, abort.signal);
    if (abort.signal.aborted) return;
    looking = null;
    if (problem) notify(displaySetUid, { message: { kind: 'problem', text: problem } });
    const [newest, older = null] = results;
    if (!newest) return;
    const { history, zeroConfirmed, calibration } = session.getState();
    const isFree = isUntouched(history) && !zeroConfirmed && !calibration;
    const isResult = !isEmpty(newest);
    // A calibration alone comes back, too, but is no reason to keep the result before it from the reader.
    if (isFree && (isResult || newest.calibration)) await restore(newest);
    if (!isResult) notify(displaySetUid, { offered: older });
    else if (!isFree) notify(displaySetUid, { offered: newest });
  };

  const restore = async ({ keeper, savedAt, sums, ...saved }: KeptResult) => {
    const restoring = series;
    notify(shown, { offered: null });
    isRestoring = true;
    try {
      await session.restore(saved);
    } finally {
      isRestoring = false;
    }
    const sessionState = session.getState();
    const { labeled, history } = sessionState;
    const isAsRestored =
      history.present.edits === saved.decisions.edits && sessionState.convention === saved.convention;
    // The reader has gone on, or has cancelled the computation.
    if (!labeled || !restoring || restoring !== series || !isAsRestored) return onSessionChange();
    keeping.markKept(restoring, sessionState);
    notify(shown, { restored: { keeper, savedAt, difference: differenceInSums(sums, vesselSums(labeled)) } });
  };

  // --- Storing --------------------------------------------------------------------------------------------------------

  let cancelling = new AbortController();
  /** What was sent last, so that sending it again is known to be the same. */
  let prepared: {
    readonly of: CalciumState;
    readonly series: CtSeries | null;
    /** Who had signed in: the objects name them. */
    readonly readerName: string;
    readonly instances: readonly StorableInstance[];
  } | null = null;
  /** The viewer does not list series that were stored since the study was opened. */
  const givenSeriesNumbers: number[] = [];

  const prepare = async () => {
    const { resultObjects } = await import('./result-objects.ts');
    const of = session.getState();
    const ofSeries = session.currentSeries();
    const readerName = readerNameOf(host);
    const isSame = prepared?.series === ofSeries && prepared.readerName === readerName && isSameReport(prepared.of, of);
    if (!prepared || !isSame) {
      const instances = await resultObjects(session, host, new Date(), givenSeriesNumbers);
      givenSeriesNumbers.push(...instances.map(({ seriesNumber }) => seriesNumber));
      prepared = { of, series: ofSeries, readerName, instances };
    }
    return prepared.instances;
  };

  const store = async () => {
    if (state.storing) return; // a second click before the button is drawn as disabled
    cancelling = new AbortController();
    const stored = shown;
    const say = (kind: 'done' | 'problem', text: string) => notify(stored, { message: { kind, text } });
    notify(stored, { message: null });
    set({ storing: { doneInstances: 0, totalInstances: 0, doneBytes: 0, totalBytes: 0 } });
    try {
      const { signal } = cancelling;
      const target = dicomWebOf(host);
      const instances = await prepare();
      const report = await storeInstances(instances, { ...target, signal, onProgress: storing => set({ storing }) });
      const isAsStored = session.currentSeries() !== prepared?.series || isSameReport(session.getState(), prepared.of);
      if (report.outcomes.some(({ isUidTaken }) => isUidTaken)) prepared = null;
      const change = report.isCancelled
        ? 'What you have changed meanwhile makes it another result, with new objects.'
        : 'What you have changed meanwhile is not.';
      say(report.allStored ? 'done' : 'problem', isAsStored ? report.message : `${report.message} ${change}`);
      if (report.allStored && isAsStored && session.currentSeries() === prepared?.series) onStored();
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
      const { convention, thresholds, calibration, history } = session.getState();
      session.restore({
        // The calibration stays, and with it the regions that it was measured on.
        decisions: { ...NOTHING_DECIDED.present, calibrationRois: history.present.calibrationRois },
        convention,
        thresholds,
        calibration,
        zeroConfirmed: false,
      });
      notify(shown, { restored: null });
    },
    destroy() {
      unsubscribe();
      keeping.destroy();
      stopLooking();
      cancelling.abort();
      listeners.clear();
    },
  };
}

/** True when both make the same objects. The browser keeps nothing of the person, but the report says what the score means for one. */
function isSameReport(a: CalciumState, b: CalciumState): boolean {
  return isSameResult(a, b) && a.percentiles === b.percentiles && JSON.stringify(a.person) === JSON.stringify(b.person);
}

/** A reader has started over and gone on no further than to a calibration. */
function isEmpty({ decisions, zeroConfirmed }: SavedResult): boolean {
  return decisions.edits.length === 0 && decisions.region === null && !zeroConfirmed;
}
