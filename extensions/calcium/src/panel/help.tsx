import { useEffect, useRef } from 'react';
import { KEY_HELP } from '../session/keys.ts';

/** A button that opens the list of keys. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    return () => element?.close();
  }, []);
  return (
    <>
      <button
        type="button"
        className="vw-button vw-help-button"
        aria-label="Keys and tools"
        title="Keys and tools"
        data-testid="calcium-help"
        onClick={() => dialog.current?.showModal()}
      >
        ?
      </button>
      <dialog
        ref={dialog}
        className="vw-help"
        data-testid="calcium-help-dialog"
        aria-label="Keys and tools"
        // The host has uses for Escape of its own, and would keep it from closing the dialog.
        onKeyDown={event => event.stopPropagation()}
      >
        <h2>Keys and tools</h2>
        <dl>
          {KEY_HELP.map(([keys, action]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{action}</dd>
            </div>
          ))}
        </dl>
        <p>
          The other mouse buttons and the wheel stay the viewer's: zoom, pan, scroll. Window and slab are under
          <em> View</em>.
        </p>
        <form method="dialog">
          <button type="submit" className="vw-button">
            Close
          </button>
        </form>
      </dialog>
    </>
  );
}
