import { createStore, type Host } from '@voxelwise/host';
// Loaded while there is no window: with one it takes itself to be in a browser.
import 'jspdf';
import { readPart10 } from '@voxelwise/dicom';
import type { Survey } from '../core/index.ts';
import { testImages, testResult } from '../results/perfusion-result.test-support.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { INITIAL_STATE, type PerfusionState } from './state.ts';
import { createStoredResults } from './stored-results.ts';
import type { ChosenVessels } from './vessels.ts';

const scope = globalThis as Record<string, unknown>;
const before = { window: scope.window, fetch: scope.fetch };
afterEach(() => Object.assign(scope, before));

function testSeries(): PerfusionSeries {
  const { dimensions, spacingMm, settings } = testResult();
  const images = testImages().map(files => files.map(file => readPart10(file).dataSet));
  const frames = images.flat().map(instance => ({ instance, frame: 1 }));
  const order = images.map((ofTime, time) => ofTime.map((_, slice) => time * dimensions[2] + slice));
  const volume = { dimensions, spacingMm, timePoints: settings.timePoints, intervalS: settings.intervalS };
  return {
    ...{ volume, notes: [], instances: images[0] },
    source: { frames, stack: { order, dimensions } },
  } as unknown as PerfusionSeries;
}

/** A reader with a result on the screen, and an archive that takes everything. @param onArrival its answer to a request to store */
function readerAndArchive(onArrival: () => Response | undefined) {
  Object.assign(scope, {
    window: new EventTarget(),
    fetch: async (_url: string, { body }: { body?: Blob }) => {
      if (!body) return new Response(null, { status: 204 });
      return onArrival() ?? new Response('{}', { headers: { 'Content-Type': 'application/dicom+json' } });
    },
  });
  const { maps, settings, stroke, run, display, software } = testResult();
  const { history } = INITIAL_STATE;
  const store = createStore<PerfusionState>(
    {
      ...{ ...INITIAL_STATE, phase: 'ready', display, stroke },
      survey: { aif: null, vof: null } as unknown as Survey,
      computed: {
        ...{ maps, volumeMaps: maps, settings, report: run, volumeReport: null, decisions: history.present },
        ...{ vessels: { warnings: [] } as unknown as ChosenVessels, software, isStored: false },
      },
    },
    () => null,
  );
  let series: PerfusionSeries | null = testSeries();
  const session = {
    getState: store.get,
    subscribe: store.subscribe,
    currentSeries: () => series,
  } as unknown as PerfusionSession;
  const host = {
    dataSource: () => ({ getConfig: () => ({ wadoRoot: 'http://archive' }) }),
    services: {
      displaySetService: { getActiveDisplaySets: () => [] },
      userAuthenticationService: { getUser: () => ({}), getAuthorizationHeader: () => ({}) },
    },
  } as unknown as Host;
  const confirmed: number[] = [];
  const stored = createStoredResults(host, session, () => () => confirmed.push(1));
  const choose = (next: PerfusionSeries | null) => {
    series = next;
    store.set(next ? {} : { computed: null, survey: null, stroke: null });
  };
  return { store, stored, confirmed, choose };
}

test('a result that has arrived as it is on the screen is confirmed', async () => {
  const { stored, confirmed } = readerAndArchive(() => undefined);
  await stored.store();
  expect(stored.getState().message).toEqual({ kind: 'done', text: 'All 8 objects are stored.' });
  expect(confirmed).toHaveLength(1);
  stored.destroy();
});

test('what arrives once another series has been chosen is said to be of the series before, and is not confirmed', async () => {
  const { stored, confirmed, choose } = readerAndArchive(() => {
    choose(null);
    return undefined;
  });
  await stored.store();
  choose(testSeries()); // it is loaded
  expect(stored.getState().message).toEqual({
    kind: 'done',
    text: 'Of the series before: All 8 objects are stored. It was not confirmed, because another series is on the screen.',
  });
  expect(confirmed).toEqual([]);
  choose(null);
  expect(stored.getState().message).toBeNull();
  stored.destroy();
});

test('so is what could not be stored', async () => {
  const { stored, choose } = readerAndArchive(() => {
    choose(null);
    return new Response('', { status: 403 });
  });
  await stored.store();
  expect(stored.getState().message).toMatchObject({ kind: 'problem' });
  expect(stored.getState().message?.text).toMatch(/^Of the series before: .*not /);
  expect(stored.getState().message?.text).not.toMatch(/changed meanwhile|confirmed/);
  stored.destroy();
});
