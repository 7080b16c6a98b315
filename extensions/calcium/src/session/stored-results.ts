import { type DicomWebTarget, type StorableInstance, type StoreProgress, storeInstances } from '@voxelwise/dicom';
import { dicomWebOf, type Host } from '@voxelwise/host';
import type { ArchivedResult } from './archive-results.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { isUntouched, NOTHING_DECIDED } from './decisions.ts';
import { type LocalResults, localResults } from './local-results.ts';
import { differenceInSums, type SavedResult, savedFromText, savedText, vesselSums } from './saved-result.ts';
import type { CalciumState } from './state.ts';

/** Where a result was kept. */
export type Keeper = 'archive' | 'browser';

export interface StoredResultsState {
  /** The saved result on screen, null where the reader began anew. */
  readonly restored: {
    readonly keeper: Keeper;
    readonly savedAt: Date;
    /** What is not as it was saved, in words; '' when everything is. */
    readonly difference: string;
  } | null;
  /** A saved result that was found after the reader had begun. */
  readonly offered: KeptResult | null;
  /** What the archive has of a result that is being stored; null while none is. */
  readonly storing: StoreProgress | null;
  /** How the last storing, or looking for results, ended. */
  readonly message: { readonly kind: 'done' | 'problem'; readonly text: string } | null;
}

export interface KeptResult extends SavedResult {
  readonly keeper: Keeper;
}

/** Stores the result in the archive, keeps it in the browser while it is made, and brings it back when a study is reopened. */
export interface StoredResults {
  getState(): StoredResultsState;
  subscribe(listener: () => void): () => void;
  /** Segmentation, report and PDF to the archive. Calling it again after a failure stores what is missing. */
  store(): Promise<void>;
  cancelStoring(): void;
  /** Takes over the result that is offered. */
  restoreOffered(): void;
  /** Drops all decisions on the series; undo brings them back. */
  startOver(): void;
  destroy(): void;
}

const NOTHING: StoredResultsState = { restored: null, offered: null, storing: null, message: null };
/** Edits come in bursts; the browser keeps the last one of a burst. */
const KEEPING_DELAY_MS = 400;

export function createStoredResults(host: Host, session: CalciumSession): StoredResults {
  const local = localResults();
  const listeners = new Set<() => void>();
  let state = NOTHING;
  const set = (change: Partial<StoredResultsState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  // --- Reopening ----------------------------------------------------------------------------------------------------

  const wasLookedFor = new Set<string>();
  let series: CtSeries | null = null;
  let looking = new AbortController();
  let isRestoring = false;

  const onSessionChange = () => {
    const current = session.currentSeries();
    if (current !== series) {
      looking.abort();
      keepPending();
      series = current;
      kept = null;
      set({ ...NOTHING, storing: state.storing });
    }
    const sessionState = session.getState();
    if (!series || sessionState.phase !== 'ready' || isRestoring) return;
    const uid = sessionState.displaySetUid ?? '';
    if (!wasLookedFor.has(uid)) {
      wasLookedFor.add(uid);
      look(series);
    }
    keep(series, sessionState);
  };

  const look = async (opened: CtSeries) => {
    looking = new AbortController();
    const { signal } = looking;
    const { results, problem } = await savedResults(host, local, opened, signal);
    if (signal.aborted || opened !== series) return;
    if (problem) set({ message: { kind: 'problem', text: problem } });
    const [newest, older = null] = results;
    if (!newest) return;
    const { history, zeroConfirmed } = session.getState();
    const isFree = isUntouched(history) && !zeroConfirmed;
    if (isEmpty(newest)) set({ offered: older });
    else if (isFree) await restore(newest);
    else set({ offered: newest });
  };

  const restore = async ({ keeper, savedAt, sums, ...saved }: KeptResult) => {
    set({ offered: null });
    isRestoring = true;
    try {
      await session.restore(saved);
    } finally {
      isRestoring = false;
    }
    const sessionState = session.getState();
    const { labeled, history } = sessionState;
    if (!labeled || history.present.edits !== saved.decisions.edits) return onSessionChange(); // the reader has gone on
    kept = sessionState;
    set({ restored: { keeper, savedAt, difference: differenceInSums(sums, vesselSums(labeled)) } });
  };

  // --- Keeping in the browser ----------------------------------------------------------------------------------------

  /** What is kept of the series already; null when that is nothing. Only what the reader changes makes a result newer. */
  let kept: CalciumState | null = null;
  let pending: { readonly opened: CtSeries; readonly timer: ReturnType<typeof setTimeout> } | null = null;

  const keep = (opened: CtSeries, sessionState: CalciumState) => {
    const isNothing = isUntouched(sessionState.history) && !sessionState.zeroConfirmed;
    if (kept ? isSameResult(sessionState, kept) : isNothing) return;
    kept = sessionState;
    if (state.message?.kind === 'done') set({ message: null }); // what is stored is not what is on screen any more
    if (pending) clearTimeout(pending.timer);
    pending = { opened, timer: setTimeout(keepPending, KEEPING_DELAY_MS) };
  };

  const keepPending = async () => {
    if (!pending || !kept?.labeled) return;
    const { opened, timer } = pending;
    clearTimeout(timer);
    pending = null;
    try {
      await local.write(...uidsOf(opened), savedText(kept, kept.labeled, opened, new Date()));
    } catch (error) {
      const text = `This browser does not keep the result (${reason(error)}): store it before you close the study.`;
      set({ message: { kind: 'problem', text } });
    }
  };
  window.addEventListener('pagehide', keepPending);

  // --- Storing --------------------------------------------------------------------------------------------------------

  let cancelling = new AbortController();
  /** What was sent last, so that sending it again is known to be the same. */
  let prepared: { readonly of: CalciumState; readonly instances: readonly StorableInstance[] } | null = null;

  const prepare = async () => {
    const sessionState = session.getState();
    if (!prepared || !isSameResult(prepared.of, sessionState)) {
      const { resultObjects } = await import('./result-objects.ts');
      prepared = { of: sessionState, instances: await resultObjects(session, host, new Date()) };
    }
    return prepared.instances;
  };

  const store = async () => {
    if (state.storing) return; // a second click before the button is drawn as disabled
    cancelling = new AbortController();
    set({ storing: { doneInstances: 0, totalInstances: 0, doneBytes: 0, totalBytes: 0 }, message: null });
    try {
      const { signal } = cancelling;
      const target = dicomWebOf(host);
      const instances = await prepare();
      signal.throwIfAborted();
      const report = await storeInstances(instances, { ...target, signal, onProgress: storing => set({ storing }) });
      set({ message: { kind: report.allStored ? 'done' : 'problem', text: report.message } });
    } catch (error) {
      const text = cancelling.signal.aborted
        ? 'Storing was cancelled.'
        : `The result was not stored: ${reason(error)}.`;
      set({ message: { kind: 'problem', text } });
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
      const { convention, thresholds, calibration } = session.getState();
      session.restore({
        decisions: NOTHING_DECIDED.present,
        convention,
        thresholds,
        calibration,
        zeroConfirmed: false,
      });
      set({ restored: null });
    },
    destroy() {
      unsubscribe();
      keepPending();
      window.removeEventListener('pagehide', keepPending);
      looking.abort();
      cancelling.abort();
      listeners.clear();
    },
  };
}

/** True when both would be kept as the same result. */
function isSameResult(a: CalciumState, b: CalciumState): boolean {
  return (
    a.labeled?.set === b.labeled?.set &&
    a.history.present === b.history.present &&
    a.zeroConfirmed === b.zeroConfirmed &&
    a.calibration === b.calibration &&
    a.thresholds === b.thresholds &&
    JSON.stringify(a.convention) === JSON.stringify(b.convention)
  );
}

/** A reader has started over and gone on no further. */
function isEmpty({ decisions, zeroConfirmed }: SavedResult): boolean {
  return decisions.edits.length === 0 && decisions.region === null && !zeroConfirmed;
}

/** What archive and browser have, the newest first. A problem with one of them is no reason to go without the other. */
async function savedResults(
  host: Host,
  local: LocalResults,
  series: CtSeries,
  signal: AbortSignal,
): Promise<{ results: KeptResult[]; problem: string }> {
  const [inArchive, inBrowser] = await Promise.allSettled([
    inArchiveOf(host, series, signal),
    local.read(...uidsOf(series)).then(text => text && savedFromText(text, series)),
  ]);
  const results: KeptResult[] = [];
  const archived = inArchive.status === 'fulfilled' ? inArchive.value : NOTHING_ARCHIVED;
  if (archived.newest) results.push({ ...archived.newest, keeper: 'archive' });
  if (inBrowser.status === 'fulfilled' && inBrowser.value) results.push({ ...inBrowser.value, keeper: 'browser' });
  const problems = [
    inArchive.status === 'rejected' && `The result in the archive was not reopened: ${reason(inArchive.reason)}.`,
    archived.problem && `The archive has a calcium result that cannot be read. ${archived.problem}`,
    inBrowser.status === 'rejected' && `The result in this browser was not reopened: ${reason(inBrowser.reason)}.`,
  ];
  results.sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
  return { results, problem: problems.filter(Boolean).join(' ') };
}

const NOTHING_ARCHIVED: ArchivedResult = { newest: null, problem: '' };

async function inArchiveOf(host: Host, series: CtSeries, signal: AbortSignal): Promise<ArchivedResult> {
  let target: DicomWebTarget;
  try {
    target = dicomWebOf(host);
  } catch {
    return NOTHING_ARCHIVED; // opened from elsewhere: there is no archive to look into
  }
  const { newestInArchive } = await import('./archive-results.ts');
  return newestInArchive(target, series, { signal });
}

function uidsOf({ loaded }: CtSeries): [studyUid: string, seriesUid: string] {
  const [{ StudyInstanceUID, SeriesInstanceUID } = {}] = loaded.instances;
  return [String(StudyInstanceUID), String(SeriesInstanceUID)];
}

/** What went wrong, without the full stop that some messages have. */
function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
