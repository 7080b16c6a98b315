import type { Records } from '@voxelwise/records';
import { useSyncExternalStore } from 'react';
import type { Confirmation } from '../session/confirmation.ts';

interface Props {
  readonly confirmation: Confirmation;
  readonly records: Records;
}

/** Whether the score on screen is the one that was confirmed, beside the score; nothing where scores are not logged. */
export function ConfirmedNotice({ confirmation, records }: Props) {
  const { status, confirmedAt, message } = useSyncExternalStore(confirmation.subscribe, confirmation.getState);
  const { presence } = useSyncExternalStore(records.subscribe, records.getState);
  if (presence !== 'present') return null;
  return (
    <>
      {confirmedAt !== null && (
        <p className="vw-confirmed" role="status" data-status={status} data-testid="calcium-confirmed">
          {status === 'confirmed'
            ? `✓ Confirmed on ${timeOf(confirmedAt)}`
            : `Another score was confirmed on ${timeOf(confirmedAt)}; this one is not`}
        </p>
      )}
      {message && (
        <p
          className={message.kind === 'done' ? 'vw-notice' : 'vw-notice vw-stored-problem'}
          role={message.kind === 'done' ? 'status' : 'alert'}
          data-testid="calcium-confirm-message"
          data-kind={message.kind}
        >
          {message.text}
        </p>
      )}
    </>
  );
}

/** Confirms the score: it is logged. Not there where scores are not logged. */
export function ConfirmButton({ confirmation, records, hasResult }: Props & { readonly hasResult: boolean }) {
  const { isConfirming } = useSyncExternalStore(confirmation.subscribe, confirmation.getState);
  const { presence } = useSyncExternalStore(records.subscribe, records.getState);
  if (presence !== 'present') return null;
  const mayLog = records.may('predictions:write');
  return (
    <button
      type="button"
      className="vw-button vw-primary"
      data-testid="calcium-confirm"
      disabled={!hasResult || isConfirming || !mayLog}
      title={hintOf(hasResult, mayLog)}
      onClick={confirmation.confirm}
    >
      {isConfirming ? 'Confirming …' : 'Confirm score'}
    </button>
  );
}

function hintOf(hasResult: boolean, mayLog: boolean): string {
  if (!mayLog) return 'Your role may not log results';
  return hasResult
    ? 'Logs this score with its provenance; a changed one as your review of it (Ctrl+Enter)'
    : 'Assign a lesion, or confirm that there is no coronary calcium, first';
}

function timeOf(moment: number): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
