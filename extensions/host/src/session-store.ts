/** The state of a session, and who is told of its changes. */
export interface SessionStore<State> {
  get(): State;
  /** A change that only the panel shows. */
  set(change: Partial<State>): void;
  /** A change that the views show. They come first: once the panel has changed, measuring them lays the page out anew. */
  show(change: Partial<State>): void;
  /** A change of the tint alone; the rest of the views follows with the next change that they show. */
  showTint(change: Partial<State>): void;
  subscribe(listener: () => void): () => void;
  /** Tells nobody any more. */
  destroy(): void;
}

export function createStore<State extends object>(
  initial: State,
  views: () => { redraw(): void; redrawTint(): void } | null,
): SessionStore<State> {
  const listeners = new Set<() => void>();
  let state = initial;
  const change = (part: Partial<State>, redraw?: () => void) => {
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
