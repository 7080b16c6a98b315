import type { Edit, HeartRegion } from '../core/index.ts';
import { type DrawnRois, NO_ROIS } from './calibration-rois.ts';

/** Everything that a reader has decided about a series by drawing and clicking. */
export interface Decisions {
  /** Oldest first. */
  readonly edits: readonly Edit[];
  /** Null looks for calcium everywhere. */
  readonly region: HeartRegion | null;
  /** Regions to calibrate the mass with. */
  readonly calibrationRois: DrawnRois;
}

/** Decisions with what came before them and what was taken back, so that every change can be undone and redone. */
export interface DecisionHistory {
  readonly past: readonly Decisions[];
  readonly present: Decisions;
  /** The next one to redo last. */
  readonly future: readonly Decisions[];
}

export const NOTHING_DECIDED: DecisionHistory = {
  past: [],
  present: { edits: [], region: null, calibrationRois: NO_ROIS },
  future: [],
};

/** One more decision; what had been undone cannot be redone after it. */
export function decide({ past, present }: DecisionHistory, change: Partial<Decisions>): DecisionHistory {
  return { past: [...past, present], present: { ...present, ...change }, future: [] };
}

export function undo(history: DecisionHistory): DecisionHistory {
  const { past, present, future } = history;
  const last = past.at(-1);
  return last ? { past: past.slice(0, -1), present: last, future: [...future, present] } : history;
}

export function redo(history: DecisionHistory): DecisionHistory {
  const { past, present, future } = history;
  const next = future.at(-1);
  return next ? { past: [...past, present], present: next, future: future.slice(0, -1) } : history;
}

/** True when nothing was ever decided, nor taken back. */
export function isUntouched({ past, future }: DecisionHistory): boolean {
  return past.length + future.length === 0;
}
