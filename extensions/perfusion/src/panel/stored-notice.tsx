import { useSyncExternalStore } from 'react';
import type { StoredResults } from '../session/stored-results.ts';

/** Which stored result is on screen, which one could be, and how storing ended. */
export function StoredNotice({ stored }: { readonly stored: StoredResults }) {
  const { restoredAt, offered, message } = useSyncExternalStore(stored.subscribe, stored.getState);
  return (
    <>
      {restoredAt && (
        <div className="vw-notice vw-stored" role="status" data-testid="perfusion-restored">
          <p>Restored: the result stored in the archive on {timeOf(restoredAt)}, as it was.</p>
          <button type="button" className="vw-button" data-testid="perfusion-start-over" onClick={stored.startOver}>
            Compute anew
          </button>
        </div>
      )}
      {offered && (
        <div className="vw-notice vw-stored" role="status" data-testid="perfusion-offered">
          <p>There is a result stored in the archive on {timeOf(offered.savedAt)}.</p>
          <button type="button" className="vw-button" onClick={stored.restoreOffered}>
            Restore it
          </button>
        </div>
      )}
      {message && (
        <p
          className={message.kind === 'done' ? 'vw-notice' : 'vw-notice vw-stored-problem'}
          role={message.kind === 'done' ? 'status' : 'alert'}
          data-testid="perfusion-store-message"
          data-kind={message.kind}
        >
          {message.text}
        </p>
      )}
    </>
  );
}

function timeOf(moment: Date): string {
  return moment.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
