import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  /** Keys, and what each does. */
  readonly keys: readonly (readonly [keys: string, action: string])[];
  /** `${testId}-dialog` names the dialog. */
  readonly testId: string;
  /** What is to be said beside the keys. */
  readonly children?: ReactNode;
}

/** A button that opens the list of keys. */
export function Help({ keys, testId, children }: Props) {
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
        data-testid={testId}
        onClick={() => dialog.current?.showModal()}
      >
        ?
      </button>
      <dialog
        ref={dialog}
        className="vw-help"
        data-testid={`${testId}-dialog`}
        aria-label="Keys and tools"
        // The host has uses for Escape of its own, and would keep it from closing the dialog.
        onKeyDown={event => event.stopPropagation()}
      >
        <h2>Keys and tools</h2>
        <dl>
          {keys.map(([names, action]) => (
            <div key={names}>
              <dt>
                <kbd>{names}</kbd>
              </dt>
              <dd>{action}</dd>
            </div>
          ))}
        </dl>
        {children}
        <form method="dialog">
          <button type="submit" className="vw-button">
            Close
          </button>
        </form>
      </dialog>
    </>
  );
}
