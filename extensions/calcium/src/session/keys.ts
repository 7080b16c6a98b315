import { VESSELS } from '../core/index.ts';
import type { CalciumSession } from './calcium-session.ts';

/**
 * Keyboard of the mode: 1 to 4 choose LM, LAD, LCX, RCA; 0 clears; Ctrl+Z and Ctrl+Shift+Z undo and redo. The host
 * binds digits to window presets, so the events are taken before they reach it; while typing into a field nothing is.
 * @returns a function that takes the keys back
 */
export function bindKeys(session: CalciumSession): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const action = isTyping(event) ? null : actionOf(event, session);
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action();
  };
  // The host listens to keypress as well; a digit that was handled must not reach it that way.
  const onKeyPress = (event: KeyboardEvent) => {
    if (!isTyping(event) && /^[0-4]$/.test(event.key)) event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  window.addEventListener('keypress', onKeyPress, { capture: true });
  return () => {
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    window.removeEventListener('keypress', onKeyPress, { capture: true });
  };
}

function actionOf(event: KeyboardEvent, session: CalciumSession): (() => void) | null {
  const { key, ctrlKey, metaKey, shiftKey, altKey, repeat } = event;
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'z') {
    const { assignments, undone } = session.getState();
    // With nothing of ours to take back, the host's own undo gets the keys.
    if (shiftKey) return undone.length > 0 ? session.redo : null;
    return assignments.length > 0 ? session.undo : null;
  }
  if (ctrlKey || metaKey || altKey) return null;
  // A key that is held has been handled: it must not clear a lesion and then arm clearing as well.
  if (key === '0') {
    return () => {
      if (!repeat) clearOrErase(session);
    };
  }
  const vessel = /^[1-4]$/.test(key) ? VESSELS[Number(key) - 1] : undefined;
  return vessel ? () => session.setActiveVessel(vessel) : null;
}

/** 0 clears the selected lesion when it has a vessel; otherwise the next clicks clear. */
function clearOrErase(session: CalciumSession): void {
  const { selectedLesion, vessels } = session.getState();
  if (vessels[selectedLesion]) session.clearSelected();
  else session.setActiveVessel(null);
}

function isTyping({ target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isTextField = target instanceof HTMLInputElement && !['range', 'checkbox', 'button'].includes(target.type);
  return isTextField || target instanceof HTMLTextAreaElement || target.isContentEditable;
}
