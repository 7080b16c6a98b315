import type { CalciumState } from './state.ts';

/** The state of a session, and who is told of its changes. */
export interface SessionStore {
  get(): CalciumState;
  /** A change that only the panel shows. */
  set(change: Partial<CalciumState>): void;
  /** A change that the views show. They come first: once the panel has changed, measuring them lays the page out anew. */
  show(change: Partial<CalciumState>): void;
  /** A change of the tint alone; the rest of the views follows with the next change that they show. */
  showTint(change: Partial<CalciumState>): void;
  subscribe(listener: () => void): () => void;
  /** Tells nobody any more. */
  destroy(): void;
}

export function createStore(
  initial: CalciumState,
  views: () => { redraw(): void; redrawTint(): void } | null,
): SessionStore {
  const listeners = new Set<() => void>();
  let state = initial;
  const change = (part: Partial<CalciumState>, redraw?: () => void) => {
    state = { ...state, ...part };
    redraw?.();
    for (const listener of listeners) listener();
  };
  return {
    get: () => state,
    set: part => change(part),
    show: part => change(part, () => views()?.redraw()),
    showTint: part => change(part, () => views()?.redrawTint()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy: () => listeners.clear(),
  };
}
