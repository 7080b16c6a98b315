import { timeText } from '@voxelwise/host';
import { OfferedResult, StoreMessage } from '@voxelwise/host/panel';
import { useSyncExternalStore } from 'react';
import type { StoredResults } from '../session/stored-results.ts';

/** Which stored result is on screen, which one could be, and how storing ended. */
export function StoredNotice({ stored }: { readonly stored: StoredResults }) {
  const { restoredAt, offered, message } = useSyncExternalStore(stored.subscribe, stored.getState);
  return (
    <>
      {restoredAt && (
        <div className="vw-notice vw-stored" role="status" data-testid="perfusion-restored">
          <p>Restored: the result stored in the archive on {timeText(restoredAt)}, as it was.</p>
          <button type="button" className="vw-button" data-testid="perfusion-start-over" onClick={stored.startOver}>
            Compute anew
          </button>
        </div>
      )}
      {offered && (
        <OfferedResult
          keptIn="stored in the archive"
          savedAt={offered.savedAt}
          testId="perfusion"
          onRestore={stored.restoreOffered}
        />
      )}
      {message && <StoreMessage message={message} testId="perfusion" />}
    </>
  );
}
