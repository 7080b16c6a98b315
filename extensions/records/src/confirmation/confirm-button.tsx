import { timeText } from '@voxelwise/host';
import { useSyncExternalStore } from 'react';
import type { Records } from '../records.ts';
import type { Confirmation } from './confirmation.ts';

interface Props {
  readonly confirmation: Confirmation;
  readonly records: Records;
  /** How the test ids begin: "calcium". */
  readonly testId: string;
}

/** Whether the result on screen is the one that was confirmed, beside the result; nothing where results are not logged. */
export function ConfirmedNotice({ confirmation, records, testId }: Props) {
  const { status, confirmedAt, message } = useSyncExternalStore(confirmation.subscribe, confirmation.getState);
  const { presence } = useSyncExternalStore(records.subscribe, records.getState);
  if (presence !== 'present') return null;
  return (
    <>
      {confirmedAt !== null && (
        <p className="vw-confirmed" role="status" data-status={status} data-testid={`${testId}-confirmed`}>
          {status === 'confirmed'
            ? `✓ Confirmed on ${timeText(confirmedAt)}`
            : `Another ${confirmation.noun} was confirmed on ${timeText(confirmedAt)}; this one is not`}
        </p>
      )}
      {message && (
        <p
          className={message.kind === 'done' ? 'vw-notice' : 'vw-notice vw-stored-problem'}
          role={message.kind === 'done' ? 'status' : 'alert'}
          data-testid={`${testId}-confirm-message`}
          data-kind={message.kind}
        >
          {message.text}
        </p>
      )}
    </>
  );
}

interface ButtonProps extends Props {
  readonly hasResult: boolean;
  /** What is to be done first, where there is no result. */
  readonly missing: string;
}

/** Confirms the result: it is logged. Not there where results are not logged. */
export function ConfirmButton({ confirmation, records, testId, hasResult, missing }: ButtonProps) {
  const { isConfirming } = useSyncExternalStore(confirmation.subscribe, confirmation.getState);
  const { presence } = useSyncExternalStore(records.subscribe, records.getState);
  if (presence !== 'present') return null;
  const mayLog = records.may('predictions:write');
  const { noun } = confirmation;
  const hint = hasResult
    ? `Logs this ${noun} with its provenance; a changed one as your review of it (Ctrl+Enter)`
    : missing;
  return (
    <button
      type="button"
      className="vw-button vw-primary"
      data-testid={`${testId}-confirm`}
      disabled={!hasResult || isConfirming || !mayLog}
      title={mayLog ? hint : 'Your role may not log results'}
      onClick={confirmation.confirm}
    >
      {isConfirming ? 'Confirming …' : `Confirm ${noun}`}
    </button>
  );
}
