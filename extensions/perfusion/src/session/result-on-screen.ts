import type { PerfusionResult } from '../results/index.ts';
import { shownCurves } from './curves.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { regionStatistics } from './region-statistics.ts';
import { isSettled, type PerfusionState } from './state.ts';
import { allWarnings } from './warnings.ts';

/** A finished result, with the series that it is of. */
export interface ResultOnScreen {
  readonly series: PerfusionSeries;
  readonly state: PerfusionState;
  readonly result: PerfusionResult;
}

/**
 * What is on the screen, as everything that is exported is made of it.
 * @throws Error with a clause for the reader where there is no result, or it is being computed
 */
export function resultOnScreen(session: PerfusionSession): ResultOnScreen {
  const state = session.getState();
  const series = session.currentSeries();
  const { computed, survey, stroke, history, display, pointed } = state;
  if (!series || !computed || !survey) throw new Error('there are no maps yet');
  if (!isSettled(state)) throw new Error('the maps are still being computed; wait until they are there');
  const { dimensions, spacingMm } = series.volume;
  const { present } = history;
  const region = present.regions[state.selectedRegion] ?? present.regions[0] ?? null;
  const { timesS, curves } = shownCurves(series, survey, present, { pointed: region ? null : pointed, region });
  const { volumeReport } = computed;
  return {
    series,
    state,
    result: {
      maps: computed.maps,
      dimensions,
      spacingMm,
      settings: computed.settings,
      display,
      curves: { timesS, curves },
      stroke,
      regions: present.regions.map(one => regionStatistics(one, computed, survey, series)),
      run: computed.report,
      ...(volumeReport && { timingsMs: { volumes: volumeReport.milliseconds } }),
      warnings: allWarnings(computed),
      notes: series.notes,
      software: computed.software,
    },
  };
}

/** Everything that the result on screen depends on: as long as all of it is the same, so is the result. */
export function basisOfResult({ computed, stroke, history, computing, display }: PerfusionState): readonly unknown[] {
  return [computed, stroke, history.present.regions, computing, display];
}
