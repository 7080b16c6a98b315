import type { SessionStore } from '@voxelwise/host';
import type { PerfusionState } from './state.ts';

/** Time points per second while the series plays. */
const RATE = 10;

/** Moves through the time points, by hand or by itself. */
export interface Playback {
  /** Shows a time point; one before the first or after the last is the nearest there is. Stops playing. */
  go(timePoint: number): void;
  toggle(): void;
  stop(): void;
}

export function createPlayback(store: SessionStore<PerfusionState>, timePoints: () => number): Playback {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    if (store.get().isPlaying) store.set({ isPlaying: false });
  };
  const show = (timePoint: number) => {
    if (timePoint !== store.get().timePoint) store.showTint({ timePoint });
  };
  const step = () => {
    // Another series has been chosen, which does not play, or has no time points yet.
    if (!store.get().isPlaying || timePoints() < 2) return stop();
    show((store.get().timePoint + 1) % timePoints());
  };
  return {
    go(timePoint) {
      stop();
      show(Math.max(0, Math.min(timePoints() - 1, timePoint)));
    },
    toggle() {
      if (store.get().isPlaying) return stop();
      if (timePoints() < 2) return;
      stop();
      store.set({ isPlaying: true });
      timer = setInterval(step, 1000 / RATE);
    },
    stop,
  };
}
