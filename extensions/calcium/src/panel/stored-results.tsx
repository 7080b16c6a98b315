import { timeText } from '@voxelwise/host';
import { OfferedResult, StoreButton, StoreMessage } from '@voxelwise/host/panel';
import { useSyncExternalStore } from 'react';
import type { Keeper } from '../session/found-results.ts';
import type { StoredResults } from '../session/stored-results.ts';

const KEPT_IN: Record<Keeper, string> = { archive: 'stored in the archive', browser: 'kept in this browser' };

/** Which saved result is on screen, which one could be, and how storing ended. */
export function StoredNotice({ stored }: { stored: StoredResults }) {
  const { restored, offered, message } = useSyncExternalStore(stored.subscribe, stored.getState);
  return (
    <>
      {restored && (
        <div className="vw-notice vw-stored" role="status" data-testid="calcium-restored" data-keeper={restored.keeper}>
          <p>
            Restored: the result {KEPT_IN[restored.keeper]} on {timeText(restored.savedAt)}.
          </p>
          {restored.difference && (
            <p className="vw-stored-problem" data-testid="calcium-restored-difference">
              It is not as it was: {restored.difference}. The slices, or this program, have changed since; check the
              result before you use it.
            </p>
          )}
          <button type="button" className="vw-button" data-testid="calcium-start-over" onClick={stored.startOver}>
            Start over
          </button>
        </div>
      )}
      {offered && (
        <OfferedResult
          keptIn={KEPT_IN[offered.keeper]}
          savedAt={offered.savedAt}
          testId="calcium"
          onRestore={stored.restoreOffered}
        />
      )}
      {message && <StoreMessage message={message} testId="calcium" />}
    </>
  );
}

/** Stores segmentation, reports and PDF in the archive; cancels while that is under way. */
export function StoreScoreButton({
  stored,
  hasResult,
  confirms,
}: {
  stored: StoredResults;
  hasResult: boolean;
  /** Storing also confirms the score. */
  confirms: boolean;
}) {
  const { storing } = useSyncExternalStore(stored.subscribe, stored.getState);
  return (
    <StoreButton
      storing={storing}
      hasResult={hasResult}
      hint={
        hasResult
          ? `Segmentation, reports and PDF, stored in the archive that the study came from${confirms ? '. Confirms the score, too' : ''}`
          : 'Assign a lesion, or confirm that there is no coronary calcium, first'
      }
      testId="calcium"
      onStore={stored.store}
      onCancel={stored.cancelStoring}
    />
  );
}
