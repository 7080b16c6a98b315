import { bindKeyboard, hasModifier, historyAction } from '@voxelwise/host';
import type { PerfusionSession } from './perfusion-session.ts';
import type { Tool } from './state.ts';

/** Keys of tools; a second press goes back to pointing. */
const TOOL_KEYS: Readonly<Record<string, Tool>> = { a: 'aif', v: 'vof', e: 'ellipse', f: 'polygon' };

/** The keyboard of the mode in words, for the help. */
export const KEY_HELP: readonly (readonly [keys: string, action: string])[] = [
  ['← and →', 'Previous and next time point'],
  ['Home and End', 'First and last time point'],
  ['Space', 'Play through the time points, and stop'],
  ['Click', 'Curve and values of the voxel'],
  ['A', 'Arterial input: click its voxel'],
  ['V', 'Venous output: click its voxel'],
  ['E', 'Region: drag an ellipse'],
  ['F', 'Region: draw around it free-hand'],
  ['O', 'Outlines of core and hypoperfusion on and off'],
  ['Esc', 'Drops what is being drawn; else back to pointing'],
  ['Ctrl+Enter', 'Confirm result'],
  ['Ctrl+Z', 'Undo'],
  ['Ctrl+Shift+Z or Ctrl+Y', 'Redo'],
];

/** Keys whose keypress must not reach the host either. */
const HANDLED = /^[avefo ]$/i;

/**
 * Keyboard of the mode, as KEY_HELP lists it.
 * @param confirm confirms the result; null where results are not logged
 * @returns a function that takes the keys back
 */
export function bindKeys(session: PerfusionSession, confirm: () => (() => void) | null): () => void {
  return bindKeyboard({ actionOf: event => actionOf(event, session, confirm), handled: HANDLED });
}

function actionOf(
  event: KeyboardEvent,
  session: PerfusionSession,
  confirm: () => (() => void) | null,
): (() => void) | null {
  const state = session.getState();
  const { history, timePoint, tool, showsOutlines } = state;
  const ofHistory = historyAction(event, { history, undo: session.undo, redo: session.redo, confirm: confirm() });
  if (ofHistory !== undefined) return ofHistory;
  if (hasModifier(event) || session.currentSeries() === null) return null;
  const once = (action: () => void) => (event.repeat ? () => {} : action);
  const toolOfKey = TOOL_KEYS[event.key.toLowerCase()];
  if (toolOfKey) return once(() => session.chooseTool(toolOfKey));
  // On a control of the panel these keys are the control's own.
  const isOnControl = event.target instanceof HTMLElement && event.target.closest('button, input, select, summary');
  switch (event.key) {
    case 'ArrowLeft':
      return isOnControl ? null : () => session.goToTimePoint(timePoint - 1);
    case 'ArrowRight':
      return isOnControl ? null : () => session.goToTimePoint(timePoint + 1);
    case 'Home':
      return isOnControl ? null : () => session.goToTimePoint(0);
    case 'End':
      return isOnControl ? null : () => session.goToTimePoint(Number.POSITIVE_INFINITY);
    case ' ':
      return isOnControl ? null : once(session.togglePlaying);
    case 'o':
    case 'O':
      return once(() => session.showOutlines(!showsOutlines));
    case 'Escape':
      // With no tool of ours, Escape is the host's.
      return tool === 'curve' ? null : () => session.cancelTool();
    default:
      return null;
  }
}
