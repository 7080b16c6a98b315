import { survey } from '../core/index.ts';
import { strokePhantom } from '../core/phantoms/index.ts';
import { testResult } from '../results/perfusion-result.test-support.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { resultOnScreen } from './result-on-screen.ts';
import { type ComputedMaps, INITIAL_STATE } from './state.ts';
import { chosenVessels } from './vessels.ts';

const { volume } = strokePhantom({ dimensions: [32, 32, 2], sliceIncrementMm: 40, timePoints: 24, intervalS: 2 });
const series = { volume, notes: [] } as unknown as PerfusionSeries;
const found = survey(volume);

function sessionWith(change: Partial<ComputedMaps>): PerfusionSession {
  const { maps, settings, run } = testResult();
  const decisions = INITIAL_STATE.history.present;
  const vessels = chosenVessels(series, found, decisions);
  const computed: ComputedMaps = {
    ...{ maps, volumeMaps: null, settings, vessels, decisions, report: run, volumeReport: null },
    ...{ software: { name: 'Voxelwise perfusion', version: '0.0.1' }, isStored: true },
    ...change,
  };
  const state = { ...INITIAL_STATE, survey: found, computed };
  return { getState: () => state, currentSeries: () => series } as unknown as PerfusionSession;
}

test('a stored result is that of the version which computed it', () => {
  expect(resultOnScreen(sessionWith({})).result.software).toEqual({ name: 'Voxelwise perfusion', version: '0.0.1' });
});

test('a stored result by other thresholds than its own is no result', () => {
  const { present } = INITIAL_STATE.history;
  const decisions = { ...present, rules: { ...present.rules, hypoperfusionTmaxS: 5 } };
  expect(() => resultOnScreen(sessionWith({ decisions }))).toThrow('still being computed');
  expect(resultOnScreen(sessionWith({ decisions, volumeMaps: testResult().maps })).result.regions).toEqual([]);
});
