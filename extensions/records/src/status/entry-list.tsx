import { timeText } from '@voxelwise/host';
import { useState } from 'react';
import { type Entry, withDependants } from '../outbox/entry.ts';
import { isUnclaimed } from '../outbox/owner.ts';
import type { Records, RecordsState } from '../records.ts';
import { entrySentence } from './status-text.ts';

interface Props {
  readonly records: Records;
  readonly state: RecordsState;
  readonly entries: readonly Entry[];
}

/** Records that have not arrived, each with what can be done about it. */
export function EntryList({ records, state, entries }: Props) {
  return (
    <ul className="vw-records-entries" data-testid="records-entries">
      {entries.map(entry => (
        <li key={entry.id} data-state={entry.state} data-testid="records-entry">
          <strong>{entry.title}</strong> <span className="vw-records-muted">{timeText(entry.madeAt)}</span>
          <p>{entrySentence(entry, state.owner, state.outbox.sending, state.outbox.pause?.problem ?? '')}</p>
          <EntryActions records={records} state={state} entry={entry} />
        </li>
      ))}
    </ul>
  );
}

function EntryActions({ records: { outbox }, state, entry }: Omit<Props, 'entries'> & { readonly entry: Entry }) {
  const [isAsking, setAsking] = useState(false);
  const isMine = entry.owner === state.owner;
  const gone = withDependants(entry, state.outbox.entries).length;
  if (isAsking) {
    return (
      <fieldset className="vw-records-actions" aria-label="Discard this record?">
        <span>{gone === 1 ? 'It is lost then.' : `It and ${gone - 1} more that depend on it are lost then.`}</span>
        <button type="button" className="vw-records-button vw-records-danger" onClick={() => outbox.discard(entry)}>
          Discard for good
        </button>
        <button type="button" className="vw-records-button" onClick={() => setAsking(false)}>
          Keep
        </button>
      </fieldset>
    );
  }
  return (
    <div className="vw-records-actions">
      {isMine && (
        <button type="button" className="vw-records-button" onClick={() => outbox.retry(entry)}>
          Try again
        </button>
      )}
      {!isMine && isUnclaimed(entry.owner) && (
        <button type="button" className="vw-records-button" onClick={() => outbox.claim(entry)}>
          It is mine
        </button>
      )}
      <button type="button" className="vw-records-button" onClick={() => setAsking(true)}>
        Discard …
      </button>
    </div>
  );
}
