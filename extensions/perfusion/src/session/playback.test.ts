import { createStore } from '@voxelwise/host';
import { createPlayback } from './playback.ts';
import { INITIAL_STATE } from './state.ts';

function playbackOf(timePoints: number) {
  const drawn = { all: 0, source: 0 };
  const views = { redraw: () => drawn.all++, redrawTint: () => drawn.source++ };
  const store = createStore(INITIAL_STATE, () => views);
  return { store, drawn, playback: createPlayback(store, () => timePoints) };
}

test('a time point outside the series is the nearest there is, and a step draws the source alone', () => {
  const { store, drawn, playback } = playbackOf(5);
  playback.go(3);
  playback.go(3);
  expect([store.get().timePoint, drawn]).toEqual([3, { all: 0, source: 1 }]);
  playback.go(Number.POSITIVE_INFINITY);
  expect(store.get().timePoint).toBe(4);
  playback.go(-1);
  expect(store.get().timePoint).toBe(0);
});

test('it plays around, and stops by a second call or by going somewhere', () => {
  jest.useFakeTimers();
  try {
    const { store, playback } = playbackOf(3);
    playback.toggle();
    expect(store.get().isPlaying).toBe(true);
    jest.advanceTimersByTime(250);
    expect(store.get().timePoint).toBe(2);
    jest.advanceTimersByTime(100);
    expect(store.get().timePoint).toBe(0);
    playback.toggle();
    jest.advanceTimersByTime(500);
    expect(store.get()).toMatchObject({ timePoint: 0, isPlaying: false });
    playback.toggle();
    playback.go(1);
    jest.advanceTimersByTime(500);
    expect(store.get()).toMatchObject({ timePoint: 1, isPlaying: false });
  } finally {
    jest.useRealTimers();
  }
});

test('a single time point does not play', () => {
  const { store, playback } = playbackOf(1);
  playback.toggle();
  expect(store.get().isPlaying).toBe(false);
});

test('another series ends playing: no time point is shown while it has none', () => {
  jest.useFakeTimers();
  try {
    let timePoints = 3;
    const store = createStore(INITIAL_STATE, () => null);
    const playback = createPlayback(store, () => timePoints);
    playback.toggle();
    timePoints = 0;
    store.set({ isPlaying: false, timePoint: 0 }); // as opening a series does
    jest.advanceTimersByTime(150);
    expect(store.get().timePoint).toBe(0);
    timePoints = 5;
    jest.advanceTimersByTime(500);
    expect(store.get()).toMatchObject({ timePoint: 0, isPlaying: false });
    playback.toggle();
    jest.advanceTimersByTime(150);
    expect(store.get()).toMatchObject({ timePoint: 1, isPlaying: true });
    timePoints = 0;
    playback.go(3);
    expect(store.get()).toMatchObject({ timePoint: 0, isPlaying: false });
  } finally {
    jest.useRealTimers();
  }
});
