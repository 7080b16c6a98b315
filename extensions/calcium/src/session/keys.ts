import { bindKeyboard, hasModifier, historyAction } from '@voxelwise/host';
import { VESSELS } from '../core/index.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { Tool } from './state.ts';

/** Keys of tools; a second press goes back to assigning. */
const TOOL_KEYS: Readonly<Record<string, Tool>> = {
  s: 'split',
  b: 'brush',
  h: 'heart-ellipse',
  f: 'heart-freehand',
  i: 'calibration-insert',
  w: 'calibration-water',
};

/** The keyboard of the mode in words, for the help. */
export const KEY_HELP: readonly (readonly [keys: string, action: string])[] = [
  ['1 – 4', 'Click assigns to LM, LAD, LCX, RCA'],
  ['E', 'Click excludes: not coronary'],
  ['0 or 5', 'Clears the selected lesion; else the next clicks clear'],
  ['S', 'Split: draw a straight line across a lesion'],
  ['B', 'Brush: paint part of a lesion'],
  ['[ and ]', 'Smaller and larger brush'],
  ['H', 'Heart region: drag an ellipse'],
  ['F', 'Heart region: draw around it free-hand'],
  ['I and W', 'Calibration of the mass: drag an ellipse in the insert, in water'],
  ['Esc', 'Drops what is being drawn; else back to clicking'],
  ['Ctrl+Enter', 'Confirm score'],
  ['Ctrl+Z', 'Undo'],
  ['Ctrl+Shift+Z or Ctrl+Y', 'Redo'],
];

const BRUSH_STEP_MM = 0.5;
/** Sizes of the brush in mm. */
export const BRUSH_RADII_MM = [0.5, 10] as const;

/** Keys whose keypress must not reach the host either. */
const HANDLED = /^[0-5esbhfiw[\]]$/i;

/**
 * Keyboard of the mode, as KEY_HELP lists it.
 * @param confirm confirms the score; null where scores are not logged
 * @returns a function that takes the keys back
 */
export function bindKeys(session: CalciumSession, confirm: () => (() => void) | null = () => null): () => void {
  return bindKeyboard({ actionOf: event => actionOf(event, session, confirm), handled: HANDLED });
}

function actionOf(
  event: KeyboardEvent,
  session: CalciumSession,
  confirm: () => (() => void) | null,
): (() => void) | null {
  const { repeat } = event;
  const key = event.key.toLowerCase();
  const { history } = session.getState();
  const ofHistory = historyAction(event, { history, undo: session.undo, redo: session.redo, confirm: confirm() });
  if (ofHistory !== undefined) return ofHistory;
  if (hasModifier(event)) return null;
  if (key === 'escape') return isIdle(session) ? null : () => session.cancel();
  // A key that is held has been handled: it must not clear a lesion and then arm clearing as well.
  const once = (action: () => void) => (repeat ? () => {} : action);
  if (key === '0' || key === '5') return once(() => clearOrErase(session));
  if (key === 'e') return () => session.setActiveLabel('excluded');
  const tool = Object.hasOwn(TOOL_KEYS, key) ? TOOL_KEYS[key] : undefined;
  if (tool) return once(() => session.chooseTool(tool));
  if (key === '[' || key === ']') return () => resizeBrush(session, key === ']' ? BRUSH_STEP_MM : -BRUSH_STEP_MM);
  const vessel = /^[1-4]$/.test(key) ? VESSELS[Number(key) - 1] : undefined;
  return vessel ? () => session.setActiveLabel(vessel) : null;
}

/** 0 clears the selected part when it has a label; otherwise the next clicks clear. */
function clearOrErase(session: CalciumSession): void {
  const { selectedPart, labeled } = session.getState();
  if (labeled?.parts.label[selectedPart]) session.clearSelected();
  else session.setActiveLabel(null);
}

function resizeBrush(session: CalciumSession, stepMm: number): void {
  const [smallest, largest] = BRUSH_RADII_MM;
  const { radiusMm } = session.getState().brush;
  session.setBrush({ radiusMm: Math.min(largest, Math.max(smallest, radiusMm + stepMm)) });
}

/** With no tool of ours, Escape is the host's. */
function isIdle(session: CalciumSession): boolean {
  return session.getState().tool === 'assign';
}
