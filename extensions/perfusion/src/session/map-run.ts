import { type Engine, isAbortError, latestOnly, producerNotice } from '@voxelwise/compute';
import { type ComputePreference, decide, reasonOf, type SessionStore } from '@voxelwise/host';
import {
  type PerfusionMaps,
  STROKE_METHOD,
  type Survey,
  smoothingWeights,
  type TissueConstants,
} from '../core/index.ts';
import { type MapsParameters, mapsKernel } from '../kernels/index.ts';
import { ALGORITHM } from '../results/prediction/index.ts';
import { type Decisions, isSameMaps, isSameVolumes } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { type ComputedMaps, isMadeWith, type PerfusionState } from './state.ts';
import { measureStroke } from './stroke.ts';
import { type ChosenVessel, type ChosenVessels, chosenVessels, NoArteryError } from './vessels.ts';

/** The series that is open, and what ends everything that is done for it. */
export interface OpenSeries {
  readonly series: PerfusionSeries;
  readonly signal: AbortSignal;
}

export interface MapRunParts {
  readonly store: SessionStore<PerfusionState>;
  readonly engine: Pick<Engine, 'run'>;
  readonly preference: ComputePreference;
  readonly opened: () => OpenSeries | null;
}

/** Computes the maps of the decisions as they stand: the newest ones alone, and what is under way for older ones is ended. */
export interface MapRun {
  /** Computes anew, where the maps on screen are not those of the present decisions. */
  request(): void;
  /** Ends the computation, and goes back to the decisions that the maps on screen were made with. */
  cancel(): void;
  /** Ends the computation: there are other maps now. */
  stop(): void;
  refuse(error: unknown): void;
}

export function createMapRun({ store, engine, preference, opened }: MapRunParts): MapRun {
  let running = new AbortController();

  const compute = latestOnly(async () => {
    const open = opened();
    const { survey, history, computed } = store.get();
    const decisions = history.present;
    if (!open || !survey || open.signal.aborted) return;
    if (computed?.volumeMaps && isSameMaps(computed.decisions, decisions)) return store.set({ computing: null });
    running = new AbortController();
    const signal = AbortSignal.any([open.signal, running.signal]);
    store.set({ computing: 0, hint: '' });
    try {
      const made = await computeMaps(open.series, survey, decisions, signal);
      if (open.signal.aborted) return;
      const stroke = measureStroke(made.volumeMaps, survey, store.get().history.present.rules, open.series);
      const notice = preference.problem || producerNotice(made.report, preference.prefer);
      store.show({ phase: 'ready', computed: made, stroke, computing: null, computeNotice: notice });
    } catch (error) {
      if (open.signal.aborted || isAbortError(error)) return;
      failed(error);
    }
  });

  const computeMaps = async (
    series: PerfusionSeries,
    survey: Survey,
    decisions: Decisions,
    signal: AbortSignal,
  ): Promise<ComputedMaps & { readonly volumeMaps: PerfusionMaps }> => {
    const { volume, volumeId } = series;
    const { settings } = decisions;
    const vessels = chosenVessels(series, survey, decisions);
    const run = (method: typeof settings.method, mask: Uint8Array, from: number, to: number) =>
      engine.run(
        mapsKernel,
        volumeId,
        { ...parametersFor(series, survey, vessels, settings), method, mask },
        {
          ...(preference.prefer && { prefer: preference.prefer }),
          signal,
          onProgress: part => store.set({ computing: from + part * (to - from) }),
        },
      );
    const { computed } = store.get();
    const known = computed?.volumeMaps && isSameVolumes(computed.decisions, decisions) ? computed : null;
    const shown = await run(settings.method, survey.brainMask, 0, known ? 1 : 0.8);
    // Smoothing stays within the mask: volumes are measured on maps into which no vessel was mixed.
    const ofVolumes = known ? null : await run(STROKE_METHOD, survey.tissueMask, 0.8, 1);
    const volumeMaps = ofVolumes?.output ?? known?.volumeMaps;
    if (!volumeMaps) throw new Error('There are no maps to measure volumes on.');
    return {
      maps: shown.output,
      volumeMaps,
      isStored: false,
      software: ALGORITHM,
      settings: {
        signal: volume.signal,
        timePoints: volume.timePoints,
        intervalS: volume.intervalS,
        isResampled: series.isResampled,
        baseline: survey.baseline,
        smoothing: settings.smoothing,
        method: settings.method,
        constants: settings.constants,
        aif: { ...choiceOf(vessels.aif), scale: vessels.input.factor },
        vof: vessels.vof && choiceOf(vessels.vof),
        maskVoxels: countOf(survey.brainMask),
      },
      vessels,
      decisions,
      report: shown.report,
      volumeReport: ofVolumes?.report ?? known?.volumeReport ?? null,
    };
  };

  /** Maps stay as they were, and so do the decisions; without maps there is nothing to go back to. */
  const failed = (error: unknown) => {
    // The reader can still choose an artery; until then there are no maps, those of an artery that was dropped neither.
    if (error instanceof NoArteryError) {
      return store.show({ computed: null, stroke: null, computing: null, hint: error.message });
    }
    if (!store.get().computed) return refuse(error);
    goBack(`${reasonOf(error)}. The maps are those before the change.`);
  };

  const goBack = (hint: string) => {
    const { computed, history } = store.get();
    if (!computed) return store.set({ computing: null });
    const { aif, vof, settings, rules } = computed.decisions;
    // Rules that were changed since stay where the volumes can follow them.
    const before = { aif, vof, settings, ...(computed.volumeMaps === null && { rules }) };
    store.show({
      history: isMadeWith(computed, history.present) ? history : decide(history, before),
      computing: null,
      hint,
    });
  };

  const refuse = (error: unknown) => {
    store.show({ phase: 'refused', message: error instanceof Error ? error.message : String(error), computing: null });
  };

  return {
    request() {
      running.abort();
      compute();
    },
    cancel() {
      running.abort();
      goBack('The computation was cancelled; the maps are those before it.');
    },
    stop: () => running.abort(),
    refuse,
  };
}

function parametersFor(
  { volume }: PerfusionSeries,
  { baseline }: Survey,
  { input }: ChosenVessels,
  { smoothing, constants }: Pick<Decisions['settings'], 'smoothing'> & { constants: TissueConstants },
): Omit<MapsParameters, 'method' | 'mask'> {
  const { timePoints, intervalS, spacingMm, signal } = volume;
  return {
    timePoints,
    intervalS,
    signal,
    baseline,
    smoothing: smoothingWeights(smoothing, intervalS, spacingMm),
    aif: input.curve,
    constants,
  };
}

function choiceOf({ voxels, chosenBy }: ChosenVessel) {
  return { voxels: Array.from(voxels), chosenBy };
}

function countOf(mask: Uint8Array): number {
  let count = 0;
  for (const inside of mask) if (inside !== 0) count++;
  return count;
}
