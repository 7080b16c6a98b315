/** What a reader has decided, with what came before and what was taken back, so that every change can be undone and redone. */
export interface DecisionHistory<Decisions> {
  readonly past: readonly Decisions[];
  readonly present: Decisions;
  /** The next one to redo last. */
  readonly future: readonly Decisions[];
}

/** One more decision; what had been undone cannot be redone after it. */
export function decide<Decisions>(
  { past, present }: DecisionHistory<Decisions>,
  change: Partial<Decisions>,
): DecisionHistory<Decisions> {
  return { past: [...past, present], present: { ...present, ...change }, future: [] };
}

export function undo<Decisions>(history: DecisionHistory<Decisions>): DecisionHistory<Decisions> {
  const { past, present, future } = history;
  const last = past.at(-1);
  return last ? { past: past.slice(0, -1), present: last, future: [...future, present] } : history;
}

export function redo<Decisions>(history: DecisionHistory<Decisions>): DecisionHistory<Decisions> {
  const { past, present, future } = history;
  const next = future.at(-1);
  return next ? { past: [...past, present], present: next, future: future.slice(0, -1) } : history;
}

/** True when nothing was ever decided, nor taken back. */
export function isUntouched<Decisions>({ past, future }: DecisionHistory<Decisions>): boolean {
  return past.length + future.length === 0;
}
