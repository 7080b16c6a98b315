/** What a mode does with the keyboard. */
export interface Keyboard {
  /** What a key does; null leaves it to the host. */
  actionOf(event: KeyboardEvent): (() => void) | null;
  /** Keys, without a modifier, whose keypress must not reach the host either. */
  readonly handled: RegExp;
}

/**
 * Takes keys before they reach the host, which binds digits and letters to tools of its own; while typing into a field nothing is
 * taken.
 * @returns a function that takes the keyboard back
 */
export function bindKeyboard({ actionOf, handled }: Keyboard): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    const action = isTyping(event) ? null : actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action();
  };
  // The host listens to keypress as well; a key that was handled must not reach it that way.
  const onKeyPress = (event: KeyboardEvent) => {
    if (!isTyping(event) && !hasModifier(event) && handled.test(event.key)) event.stopImmediatePropagation();
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  window.addEventListener('keypress', onKeyPress, { capture: true });
  return () => {
    window.removeEventListener('keydown', onKeyDown, { capture: true });
    window.removeEventListener('keypress', onKeyPress, { capture: true });
  };
}

/** What a mode undoes, redoes and confirms. */
export interface HistoryKeys {
  readonly history: { readonly past: readonly unknown[]; readonly future: readonly unknown[] };
  undo(): void;
  redo(): void;
  /** Null where nothing can be confirmed. */
  readonly confirm: (() => void) | null;
}

/** Ctrl+Z, Ctrl+Shift+Z, Ctrl+Y and Ctrl+Enter, with the command key on a Mac; undefined for all other keys. */
export function historyAction(event: KeyboardEvent, keys: HistoryKeys): (() => void) | null | undefined {
  const { shiftKey, altKey, repeat } = event;
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || altKey) return undefined;
  if (key === 'z' || key === 'y') {
    const { past, future } = keys.history;
    // With nothing of ours to take back, the host's own undo gets the keys.
    if (shiftKey || key === 'y') return future.length > 0 ? keys.redo : null;
    return past.length > 0 ? keys.undo : null;
  }
  if (key === 'enter' && !shiftKey) return repeat ? () => {} : keys.confirm;
  return undefined;
}

export function hasModifier({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey;
}

/** True where keys belong to what has the focus: text fields, dialogs, which Escape closes, and letters lists of choices. */
function isTyping(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog')) return true;
  if (target instanceof HTMLSelectElement && /^[a-z]$/i.test(key) && !hasModifier(event)) return true;
  const isTextField = target instanceof HTMLInputElement && !['range', 'checkbox', 'button'].includes(target.type);
  return isTextField || target instanceof HTMLTextAreaElement || target.isContentEditable;
}
