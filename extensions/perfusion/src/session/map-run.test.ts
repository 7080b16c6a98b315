import { createLocalEngine, type Engine } from '@voxelwise/compute';
import { createStore, decide } from '@voxelwise/host';
import { survey } from '../core/index.ts';
import { strokePhantom } from '../core/phantoms/index.ts';
import { ALGORITHM } from '../results/prediction/index.ts';
import { engineVolume, type PerfusionSeries } from './dynamic-series.ts';
import { createMapRun } from './map-run.ts';
import { INITIAL_STATE, isSettled } from './state.ts';

const phantom = strokePhantom({ dimensions: [32, 32, 2], sliceIncrementMm: 40, timePoints: 24, intervalS: 2 });
const series = { volumeId: 'v', volume: phantom.volume, isResampled: false } as PerfusionSeries;
const found = survey(phantom.volume);

/** A session whose runs the test can hold back. */
async function session() {
  const engine = createLocalEngine();
  await engine.loadVolume('v', () => engineVolume(series));
  let held: Promise<void> = Promise.resolve();
  const runs: string[] = [];
  const watched: Pick<Engine, 'run'> = {
    async run(kernel, volumeId, parameters, options) {
      runs.push((parameters as { method: { name: string } }).method.name);
      await held;
      options?.signal?.throwIfAborted();
      return engine.run(kernel, volumeId, parameters, options);
    },
  };
  const store = createStore({ ...INITIAL_STATE, survey: found }, () => null);
  const open = { series, signal: new AbortController().signal };
  const preference = { prefer: null, problem: '' };
  const run = createMapRun({ store, engine: watched, preference, opened: () => open });
  const settled = async () => {
    while (!isSettled(store.get())) await new Promise(resolve => setTimeout(resolve, 5));
  };
  const change = (part: object) => {
    const { history } = store.get();
    store.set({ history: decide(history, { settings: { ...history.present.settings, ...part } }) });
    run.request();
  };
  return {
    store,
    run,
    runs,
    settled,
    change,
    hold() {
      let release = () => {};
      held = new Promise(resolve => {
        release = resolve;
      });
      return release;
    },
  };
}

test('maps of the chosen method, and volumes on maps of the block-circulant SVD', async () => {
  const { store, run, runs, settled, change } = await session();
  run.request();
  await settled();
  const { computed, stroke } = store.get();
  expect(runs).toEqual(['lr', 'csvd']);
  expect(computed?.settings.method.name).toBe('lr');
  expect(computed?.software).toEqual(ALGORITHM);
  expect(stroke?.rules.method.name).toBe('csvd');
  expect(stroke?.rules.leastMl).toBe(1);
  expect(stroke?.hypoperfusedMl).toBeGreaterThan(0);

  change({ method: { name: 'osvd', oscillationTarget: 0.1 } });
  await settled();
  expect(runs).toEqual(['lr', 'csvd', 'osvd']); // the volumes do not depend on the method on show
  expect(store.get().stroke?.coreMl).toBe(stroke?.coreMl);

  change({ smoothing: { spatialSigmaMm: 4, temporalSigmaS: 0 } });
  await settled();
  expect(runs).toEqual(['lr', 'csvd', 'osvd', 'osvd', 'csvd']);
});

test('of changes that come one upon another only the newest is computed to its end', async () => {
  const { store, run, runs, settled, change, hold } = await session();
  run.request();
  await settled();
  const release = hold();
  for (const truncation of [0.11, 0.12, 0.13, 0.14]) change({ method: { name: 'ssvd', truncation } });
  expect(isSettled(store.get())).toBe(false);
  release();
  await settled();
  expect(store.get().computed?.settings.method).toEqual({ name: 'ssvd', truncation: 0.14 });
  expect(runs.length).toBeLessThanOrEqual(6);
});

test('a computation that is cancelled goes back to the maps before it, and to what they were made with', async () => {
  const { store, run, settled, change, hold } = await session();
  run.request();
  await settled();
  const before = store.get().computed;
  const release = hold();
  change({ method: { name: 'tikhonov', truncation: 0.1 } });
  run.cancel();
  release();
  await settled();
  expect(store.get().computed).toBe(before);
  expect(store.get().history.present.settings.method.name).toBe('lr');
  expect(store.get().hint).toContain('cancelled');
});

test('a stored result whose thresholds were changed goes back to its own by a cancellation: its volumes cannot follow', async () => {
  const { store, run, settled, hold } = await session();
  run.request();
  await settled();
  const { computed } = store.get();
  const stored = { ...computed!, volumeMaps: null, isStored: true };
  store.set({ computed: stored });
  const release = hold();
  const { history } = store.get();
  const { rules } = history.present;
  store.set({ history: decide(history, { rules: { ...rules, hypoperfusionTmaxS: 5 } }) });
  expect(isSettled(store.get())).toBe(false);
  run.request();
  run.cancel();
  release();
  await settled();
  expect(store.get().computed).toBe(stored);
  expect(store.get().history.present.rules).toBe(rules);

  store.set({ computed });
  store.set({ history: decide(store.get().history, { rules: { ...rules, hypoperfusionTmaxS: 5 } }) });
  run.cancel();
  expect(store.get().history.present.rules.hypoperfusionTmaxS).toBe(5); // those computed here have followed already
});

test('without an artery there are no maps, and a sentence that asks for one', async () => {
  const { store, run } = await session();
  store.set({ survey: { ...found, aif: null } });
  run.request();
  while (store.get().hint === '' && store.get().phase !== 'refused')
    await new Promise(resolve => setTimeout(resolve, 5));
  expect(store.get().computed).toBeNull();
  expect(store.get().hint || store.get().message).toContain('Choose the tool AIF');
});

test('maps of an artery that is given back to a program which has found none go', async () => {
  const { store, run, settled } = await session();
  const { history } = store.get();
  store.set({
    survey: { ...found, aif: null },
    history: decide(history, { aif: Array.from(found.aif!.voxels) }),
  });
  run.request();
  await settled();
  expect(store.get().stroke).not.toBeNull();
  store.set({ history: decide(store.get().history, { aif: null }) });
  run.request();
  while (store.get().hint === '') await new Promise(resolve => setTimeout(resolve, 5));
  expect(store.get()).toMatchObject({ computed: null, stroke: null, computing: null, phase: 'ready' });
});
