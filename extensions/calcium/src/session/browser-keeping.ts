import { isUntouched, reasonOf } from '@voxelwise/host';
import type { CtSeries } from './ct-series.ts';
import { uidsOf } from './found-results.ts';
import type { LocalResults } from './local-results.ts';
import { savedText } from './saved-result.ts';
import { type CalciumState, isSettled } from './state.ts';

/** Keeps the results that a reader makes in the browser, as they are made. */
export interface BrowserKeeping {
  /** Keeps a result, soon, unless it is none or is kept already. @returns true when it is another one than before */
  keep(series: CtSeries, state: CalciumState): boolean;
  /** Takes what is on screen for kept: it has just been brought back. */
  markKept(series: CtSeries, state: CalciumState): void;
  /** Writes what is to be kept now. */
  flush(): Promise<void>;
  destroy(): void;
}

/** Edits come in bursts; the browser keeps the last one of a burst. */
const DELAY_MS = 400;

/** What a result is made of, as far as it is kept. */
type Kept = Pick<CalciumState, 'history' | 'calibration' | 'zeroConfirmed' | 'scoredWith'>;

/** True when both would be kept as the same result. */
export function isSameResult(a: Kept, b: Kept): boolean {
  return (
    a.history.present === b.history.present &&
    a.calibration === b.calibration &&
    a.zeroConfirmed === b.zeroConfirmed &&
    a.scoredWith?.thresholds === b.scoredWith?.thresholds &&
    JSON.stringify(a.scoredWith?.convention) === JSON.stringify(b.scoredWith?.convention)
  );
}

export function createBrowserKeeping(local: LocalResults, onProblem: (text: string) => void): BrowserKeeping {
  /** What is kept of a series already. Only what the reader changes makes a result newer, not looking at it again. */
  const kept = new Map<string, Kept>();
  let pending: { readonly series: CtSeries; readonly state: CalciumState } | null = null;
  let due: ReturnType<typeof setTimeout> | undefined;

  const markKept = (series: CtSeries, { history, calibration, zeroConfirmed, scoredWith }: CalciumState) => {
    kept.set(uidsOf(series).join(' '), { history, calibration, zeroConfirmed, scoredWith });
  };

  const flush = async () => {
    clearTimeout(due);
    if (!pending?.state.labeled) return;
    const { series, state } = pending;
    const { labeled } = pending.state;
    pending = null;
    try {
      await local.write(...uidsOf(series), savedText(state, labeled, series, new Date()));
    } catch (error) {
      onProblem(`This browser does not keep the result (${reasonOf(error)}): store it before you close the study.`);
    }
  };
  window.addEventListener('pagehide', flush);

  return {
    keep(series, state) {
      if (!isSettled(state)) return false; // the numbers of one convention would be kept under another
      const before = kept.get(uidsOf(series).join(' '));
      const isNothing = isUntouched(state.history) && !state.zeroConfirmed && !state.calibration;
      if (before ? isSameResult(state, before) : isNothing) return false;
      markKept(series, state);
      pending = { series, state };
      clearTimeout(due);
      due = setTimeout(flush, DELAY_MS);
      return true;
    },
    markKept,
    flush,
    destroy() {
      flush();
      window.removeEventListener('pagehide', flush);
    },
  };
}
