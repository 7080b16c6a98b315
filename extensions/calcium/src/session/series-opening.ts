import type { Engine } from '@voxelwise/compute';
import { imagedPersonOf } from '@voxelwise/dicom';
import { type DisplaySet, type Host, isUntouched, type SessionStore } from '@voxelwise/host';
import { conventionFor, type Person } from '../core/index.ts';
import { factsOf } from './acquisition.ts';
import { calciumLikelihood } from './calcium-likelihood.ts';
import { ctSeriesOf, openCtSeries } from './ct-series.ts';
import type { OpenSeries, Scoring } from './scoring.ts';
import { createSeriesMemory } from './series-memory.ts';
import { showSeries } from './show-series.ts';
import { type CalciumState, INITIAL_STATE } from './state.ts';

/** Which series is open; opens the likeliest one by itself until the reader has chosen. */
export interface SeriesOpening {
  /** The checked series, null while there is none. */
  current(): OpenSeries | null;
  select(displaySetUid: string): void;
  /** What was entered of the person, for all series of the study. */
  enterPerson(change: Person): void;
  /** Begins to look for series. */
  start(): void;
  destroy(): void;
}

export function createSeriesOpening(
  host: Host,
  engine: Engine,
  store: SessionStore<CalciumState>,
  scoring: Scoring,
): SeriesOpening {
  const { displaySetService } = host.services;
  const memory = createSeriesMemory();
  let opening = new AbortController();
  let opened: OpenSeries | null = null;
  let studyUid = '';
  /** The reader has chosen a series; from then on it only changes by choosing again. */
  let isReadersChoice = false;

  const refresh = () => {
    const choices = ctSeriesOf(host);
    const { series, displaySetUid, history, zeroConfirmed, calibration } = store.get();
    const isSame =
      choices.length === series.length &&
      choices.every(({ displaySetInstanceUID }, i) => displaySetInstanceUID === series[i]?.displaySetInstanceUID);
    if (!isSame) store.set({ series: choices });
    const current = choices.find(({ displaySetInstanceUID }) => displaySetInstanceUID === displaySetUid);
    if (!current) {
      if (choices[0] && !displaySetUid) open(choices[0]);
      return;
    }
    // Series arrive one by one: until the reader has done something, a likelier one of the same study takes over.
    const isFree = !isReadersChoice && isUntouched(history) && !zeroConfirmed && !calibration;
    const [likeliest] = choices.filter(({ StudyInstanceUID }) => StudyInstanceUID === current.StudyInstanceUID);
    if (isFree && likeliest && calciumLikelihood(likeliest) > calciumLikelihood(current)) open(likeliest);
  };

  const open = async (displaySet: DisplaySet) => {
    opening.abort();
    opening = new AbortController();
    const { signal } = opening;
    scoring.stop();
    if (opened) engine.unloadVolume(opened.series.loaded.volumeId).catch(() => undefined);
    opened = null;
    const uid = displaySet.displaySetInstanceUID;
    studyUid = displaySet.StudyInstanceUID;
    const state = store.get();
    if (state.displaySetUid && state.facts) memory.leave(state.displaySetUid, state);
    const isNew = !memory.hasSeen(uid);
    const { activeLabel, tool, brush, percentiles, series } = state;
    store.show({
      ...INITIAL_STATE,
      ...{ activeLabel, tool, brush, percentiles, series },
      ...memory.choicesFor(uid, state),
      phase: 'loading',
      displaySetUid: uid,
    });
    try {
      const loaded = await openCtSeries(host, displaySet, {
        signal,
        onProgress: (done, total) => store.set({ progress: { loaded: done, total } }),
      });
      signal.throwIfAborted();
      await engine.loadVolume(loaded.loaded.volumeId, () => loaded.readVolume(), { signal });
      signal.throwIfAborted();
      opened = { series: loaded, signal };
      const facts = factsOf(loaded);
      const imagedPerson = imagedPersonOf(loaded.loaded.instances[0] ?? {});
      const { convention, thresholds } = store.get();
      store.set({
        phase: 'computing',
        facts,
        imagedPerson,
        person: { ...imagedPerson, ...memory.enteredPerson(studyUid) },
        // Thresholds by tube voltage are this series' own; once it was open, a reader may have changed them by hand.
        convention:
          isNew && thresholds === 'by-kvp' ? conventionFor(facts, thresholds, convention).convention : convention,
      });
      await scoring.score();
    } catch (error) {
      if (!signal.aborted) scoring.refuse(error);
    }
  };

  const { DISPLAY_SETS_ADDED = '', DISPLAY_SETS_CHANGED = '' } = displaySetService.EVENTS;
  const subscriptions = [DISPLAY_SETS_ADDED, DISPLAY_SETS_CHANGED]
    .filter(event => event !== '')
    .map(event => displaySetService.subscribe(event, refresh));

  return {
    current: () => opened,
    select(displaySetUid) {
      const displaySet = store.get().series.find(choice => choice.displaySetInstanceUID === displaySetUid);
      if (!displaySet) return;
      isReadersChoice = true;
      showSeries(host, displaySet);
      open(displaySet);
    },
    enterPerson(change) {
      memory.enterPerson(studyUid, change);
      store.set({ person: { ...store.get().person, ...change } });
    },
    start: refresh,
    destroy() {
      opening.abort();
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
