import { decide } from '@voxelwise/host';
import { DEFAULT_CONVENTION } from '../core/index.ts';
import { LEFT_HALF, scoringOf } from './scoring.test-support.ts';
import { isSettled } from './state.ts';

test('a result keeps the heart region that it was searched in while another one is searched', async () => {
  const { store, scoring } = await scoringOf();
  expect(isSettled(store.get())).toBe(true);
  const whole = store.get().labeled!.set.lesions.count;
  store.set({ history: decide(store.get().history, { region: LEFT_HALF }) });
  const scored = scoring.rescore();
  // The old numbers are on screen still: they are those of the whole scan, and nothing that could be printed.
  expect(store.get().labeled?.set.lesions.count).toBe(whole);
  expect(store.get().scoredWith?.region).toBeNull();
  expect(isSettled(store.get())).toBe(false);
  await scored;
  expect(store.get().labeled!.set.lesions.count).toBeLessThan(whole);
  expect(store.get().scoredWith?.region).toBe(LEFT_HALF);
  expect(isSettled(store.get())).toBe(true);
});

test('nor is there a result under another convention until it is computed', async () => {
  const { store, scoring } = await scoringOf();
  scoring.setConvention({ connectivity: 4 });
  expect(isSettled(store.get())).toBe(false);
  await scoring.rescore();
  expect(isSettled(store.get())).toBe(true);
  expect(store.get().scoredWith?.convention.connectivity).toBe(4);
  scoring.dragThreshold(131);
  expect(store.get().preview).not.toBeNull();
  expect(isSettled(store.get())).toBe(false);
  scoring.stop();
});

test('cancelling goes back to the convention, the choice of thresholds and the heart region of the result', async () => {
  const { store, scoring } = await scoringOf();
  scoring.chooseThresholds('by-kvp');
  store.set({ history: decide(store.get().history, { region: LEFT_HALF }) });
  expect(store.get()).toMatchObject({ thresholds: 'by-kvp', convention: { thresholdHu: 145 } });
  const rescored = scoring.rescore();
  scoring.cancel();
  await rescored;
  const state = store.get();
  if (state.scoredWith?.thresholds !== 'standard-130')
    throw new Error('The computation was over before it was cancelled.');
  expect(state).toMatchObject({ thresholds: 'standard-130', convention: DEFAULT_CONVENTION, scoring: null });
  expect(state.history.present.region).toBeNull();
  expect(state.hint).toMatch(/cancelled/);
  expect(isSettled(state)).toBe(true);
});

test('a confirmed zero that is restored does not hold for the result before it, to which cancelling goes back', async () => {
  const { store, scoring } = await scoringOf();
  store.set({ convention: { ...DEFAULT_CONVENTION, thresholdHu: 200 }, zeroConfirmed: true });
  const rescored = scoring.rescore();
  scoring.cancel();
  await rescored;
  expect(store.get()).toMatchObject({ convention: DEFAULT_CONVENTION, zeroConfirmed: false });
});
