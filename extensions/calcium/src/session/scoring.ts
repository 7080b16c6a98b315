import { type Engine, latestOnly, producerNotice } from '@voxelwise/compute';
import { type ComputePreference, decide, type SessionStore } from '@voxelwise/host';
import {
  applyEdits,
  type Convention,
  conventionFor,
  scoringWarnings,
  type ThresholdChoice,
  voxelOfPart,
} from '../core/index.ts';
import { lesionsKernel } from '../kernels/index.ts';
import type { CtSeries } from './ct-series.ts';
import { type CalciumState, partAtVoxel, type ScoredWith } from './state.ts';
import { thresholdPreviews } from './threshold-preview.ts';

/** The series that is open, and what ends everything that is done for it. */
export interface OpenSeries {
  readonly series: CtSeries;
  readonly signal: AbortSignal;
}

export interface ScoringParts {
  readonly store: SessionStore<CalciumState>;
  readonly engine: Pick<Engine, 'run'>;
  readonly preference: ComputePreference;
  readonly opened: () => OpenSeries | null;
}

/** Searches the open series for calcium, and keeps result, convention and heart region together. */
export interface Scoring {
  /** Searches anew. What changes while it runs is covered by one more search. Rejects when it fails or is cancelled. */
  score(): Promise<void>;
  /** Searches anew; tells the reader when that fails, and goes back when it is cancelled. */
  rescore(): Promise<void>;
  setConvention(change: Partial<Convention>): void;
  chooseThresholds(thresholds: ThresholdChoice): void;
  /** Scores and tint follow at once, the search when no further threshold comes. */
  dragThreshold(thresholdHu: number): void;
  /** Ends the search under way, and goes back to what the result on screen was computed with. */
  cancel(): void;
  /** Forgets a search that is due. */
  stop(): void;
  refuse(error: unknown): void;
}

/** The slider rests when it has not moved for so long. */
const REST_MS = 150;

export function createScoring({ store, engine, preference, opened }: ScoringParts): Scoring {
  let running = new AbortController();
  let previews: { readonly of: CtSeries; readonly preview: ReturnType<typeof thresholdPreviews> } | null = null;
  /** The slider has moved, and the whole volume is searched when it rests. */
  let restDue: ReturnType<typeof setTimeout> | undefined;
  let wasDragged = false;

  const score = latestOnly(async () => {
    const open = opened();
    const { facts, convention, thresholds, history, report: last } = store.get();
    if (!open || !facts) return;
    const { series, signal } = open;
    const { region } = history.present;
    const scoredWith: ScoredWith = { convention, thresholds, region };
    // In the middle of a drag is no time to find out whether another producer has become faster.
    const prefer = preference.prefer ?? (wasDragged ? last?.producer : null);
    wasDragged = false;
    running = new AbortController();
    store.set({ scoring: 0 });
    const { output, report } = await engine.run(
      lesionsKernel,
      series.loaded.volumeId,
      { spacingMm: series.spacingMm, convention, ...(region && { region }) },
      {
        ...(prefer && { prefer }),
        signal: AbortSignal.any([signal, running.signal]),
        onProgress: part => {
          if (!signal.aborted) store.set({ scoring: part });
        },
      },
    );
    if (signal.aborted) return;
    const state = store.get();
    if (state.preview && convention !== state.convention) return store.set({ scoring: null }); // one more is due
    const labeled = applyEdits(output, state.history.present.edits);
    store.show({
      phase: 'ready',
      labeled,
      scoredWith,
      preview: null,
      report,
      computeNotice: preference.problem || producerNotice(report, preference.prefer),
      scoring: null,
      selectedPart: partAtVoxel(labeled, voxelOfPart(state.labeled, state.selectedPart)),
      warnings: scoringWarnings(facts, convention),
    });
  });

  const rescore = () => {
    const signal = opened()?.signal;
    clearTimeout(restDue);
    return score().catch(error => {
      if (!signal || signal.aborted) return; // another series is open meanwhile
      if (running.signal.aborted) takeBack();
      else refuse(error);
    });
  };

  const takeBack = () => {
    const { scoredWith, history } = store.get();
    if (!scoredWith) return;
    const { region, ...chosen } = scoredWith;
    store.show({
      ...chosen,
      history: history.present.region === region ? history : decide(history, { region }),
      preview: null,
      scoring: null,
      zeroConfirmed: false, // of what was restored, and not of this
      hint: 'The computation was cancelled; the result is the one before it.',
    });
  };

  const refuse = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    store.set({ phase: 'refused', message, scoring: null, preview: null });
  };

  const setConvention = (change: Partial<Convention>, thresholds = store.get().thresholds) => {
    store.set({ convention: { ...store.get().convention, ...change }, thresholds, zeroConfirmed: false, hint: '' });
    rescore();
  };

  const previewOf = (series: CtSeries) => {
    if (previews?.of !== series) previews = { of: series, preview: thresholdPreviews(series) };
    return previews.preview;
  };

  return {
    score,
    rescore,
    refuse,
    setConvention: change => setConvention(change),
    chooseThresholds(thresholds) {
      const { facts, convention } = store.get();
      if (facts) setConvention(conventionFor(facts, thresholds, convention).convention, thresholds);
    },
    dragThreshold(thresholdHu) {
      const { labeled, selectedPart, history, preview: before, convention: last } = store.get();
      const open = opened();
      const convention = { ...last, thresholdHu };
      const selected = before ? voxelOfPart(before.touched, before.selectedPart) : voxelOfPart(labeled, selectedPart);
      const preview = (open && labeled && previewOf(open.series)(convention, history.present, selected)) ?? null;
      wasDragged = true;
      if (!preview) {
        store.set({ preview: null });
        return setConvention({ thresholdHu });
      }
      store.showTint({ convention, preview, zeroConfirmed: false, hint: '' });
      clearTimeout(restDue);
      restDue = setTimeout(rescore, REST_MS);
    },
    cancel: () => running.abort(),
    stop: () => clearTimeout(restDue),
  };
}
