import { type KeyboardEvent, useRef, useSyncExternalStore } from 'react';
import type { Records } from '../records.ts';
import { EntryList } from './entry-list.tsx';
import { statusOf } from './status-text.ts';

/**
 * How the records stand, small enough for the footer of a panel, which is a wrapping flex box; opens a list of what has not arrived,
 * above its nearest positioned ancestor. Nothing where there is no data service.
 */
export function RecordsStatus({ records }: { readonly records: Records }) {
  const state = useSyncExternalStore(records.subscribe, records.getState);
  const details = useRef<HTMLDetailsElement>(null);
  const status = statusOf(state);
  if (!status) return null;
  const { entries } = state.outbox;
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    event.stopPropagation();
    details.current.open = false;
    details.current.querySelector('summary')?.focus();
  };
  return (
    <>
      <details
        ref={details}
        className="vw-records-status"
        data-level={status.level}
        data-testid="records-status"
        onKeyDown={closeOnEscape}
      >
        <summary title="What the data service has of your records">
          <i aria-hidden="true" />
          <span role="status">{status.text}</span>
        </summary>
        <section className="vw-records-popup" aria-label="Records on their way">
          {status.sentence && <p>{status.sentence}</p>}
          {entries.length === 0 ? (
            <p className="vw-records-muted">Nothing waits in this browser.</p>
          ) : (
            <EntryList records={records} state={state} entries={entries} />
          )}
        </section>
      </details>
      {state.session?.isLocal && (
        <span className="vw-records-local" data-testid="records-local">
          Local single-user mode: nobody has signed in
        </span>
      )}
    </>
  );
}
