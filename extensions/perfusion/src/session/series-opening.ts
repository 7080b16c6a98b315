import type { Engine } from '@voxelwise/compute';
import type { Host, SessionStore } from '@voxelwise/host';
import { isUntouched } from '@voxelwise/host';
import { type DecisionHistory, NOTHING_DECIDED } from './decisions.ts';
import {
  engineVolume,
  forgetLoaded,
  openPerfusionSeries,
  perfusionSeriesOf,
  type SeriesChoice,
} from './dynamic-series.ts';
import type { MapRun, OpenSeries } from './map-run.ts';
import { showSeries } from './show-series.ts';
import { INITIAL_STATE, type PerfusionState } from './state.ts';
import { peakTimePoint, surveySeries } from './survey.ts';

/** Which series is open; opens the likeliest one by itself until the reader has chosen. */
export interface SeriesOpening {
  /** Null while there is none. */
  current(): OpenSeries | null;
  select(seriesId: string): void;
  /** Gives up loading; choosing a series again loads it. */
  cancel(): void;
  /** Begins to look for series. */
  start(): void;
  destroy(): void;
}

export function createSeriesOpening(
  host: Host,
  engine: Engine,
  store: SessionStore<PerfusionState>,
  run: MapRun,
): SeriesOpening {
  const { displaySetService } = host.services;
  /** What was decided on series that were left. */
  const left = new Map<string, DecisionHistory>();
  let opening = new AbortController();
  let opened: OpenSeries | null = null;
  /** The reader has chosen a series; from then on it only changes by choosing again. */
  let isReadersChoice = false;

  const refresh = () => {
    const choices = perfusionSeriesOf(host);
    const { series, seriesId, history } = store.get();
    const isSame = choices.length === series.length && choices.every((one, i) => isSameChoice(one, series[i]));
    if (!isSame) store.set({ series: choices });
    const current = choices.find(({ id }) => id === seriesId);
    const [likeliest] = choices;
    if (!likeliest) return;
    if (!current) {
      if (!seriesId) open(likeliest);
      return;
    }
    // Series arrive one by one: until the reader has done something, a likelier one of the same study takes over.
    const isFree = !isReadersChoice && isUntouched(history);
    const isLikelier = likeliest.studyUid === current.studyUid && likeliest.likelihood > current.likelihood;
    if (isFree && isLikelier) open(likeliest);
  };

  const open = async (choice: SeriesChoice) => {
    opening.abort();
    opening = new AbortController();
    const { signal } = opening;
    if (opened) engine.unloadVolume(opened.series.volumeId).catch(() => undefined);
    const before = opened;
    opened = null;
    const state = store.get();
    if (before) left.set(before.series.choice.id, state.history);
    const { display, shownMaps, showsOutlines, series } = state;
    store.show({
      ...INITIAL_STATE,
      ...{ display, shownMaps, showsOutlines, series },
      history: left.get(choice.id) ?? NOTHING_DECIDED,
      phase: 'loading',
      seriesId: choice.id,
    });
    try {
      const loaded = await openPerfusionSeries(host, choice, {
        signal,
        onProgress: (done, total) => store.set({ progress: { loaded: done, total } }),
      });
      signal.throwIfAborted();
      opened = { series: loaded, signal };
      store.set({ phase: 'measuring', notes: loaded.notes });
      showSeries(host, loaded);
      await engine.loadVolume(loaded.volumeId, () => engineVolume(loaded), { signal });
      const survey = await surveySeries(loaded, engine, signal, computing => {
        if (!signal.aborted) store.set({ computing });
      });
      signal.throwIfAborted();
      store.show({ phase: 'ready', survey, computing: null, timePoint: peakTimePoint(survey) });
      run.request();
    } catch (error) {
      if (signal.aborted) return;
      run.refuse(error);
    }
  };

  const { DISPLAY_SETS_ADDED = '', DISPLAY_SETS_CHANGED = '' } = displaySetService.EVENTS;
  const subscriptions = [DISPLAY_SETS_ADDED, DISPLAY_SETS_CHANGED]
    .filter(event => event !== '')
    .map(event => displaySetService.subscribe(event, refresh));

  return {
    current: () => opened,
    select(seriesId) {
      const choice = store.get().series.find(({ id }) => id === seriesId);
      if (!choice) return;
      isReadersChoice = true;
      open(choice);
    },
    cancel() {
      if (store.get().phase !== 'loading') return;
      opening.abort();
      isReadersChoice = true;
      store.show({
        phase: 'refused',
        message: 'Loading was cancelled. Choose the series again to load it.',
      });
    },
    start: refresh,
    destroy() {
      opening.abort();
      forgetLoaded();
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

function isSameChoice(a: SeriesChoice, b: SeriesChoice | undefined): boolean {
  return a.id === b?.id && a.likelihood === b.likelihood && a.name === b.name;
}
