import { timeText } from '../time-text.ts';

/** There is a stored result, which the reader can take over. */
export function OfferedResult({
  keptIn,
  savedAt,
  testId,
  onRestore,
}: {
  /** "stored in the archive". */
  readonly keptIn: string;
  readonly savedAt: Date;
  /** How the test id begins: "calcium". */
  readonly testId: string;
  readonly onRestore: () => void;
}) {
  return (
    <div className="vw-notice vw-stored" role="status" data-testid={`${testId}-offered`}>
      <p>
        There is a result {keptIn} on {timeText(savedAt)}.
      </p>
      <button type="button" className="vw-button" onClick={onRestore}>
        Restore it
      </button>
    </div>
  );
}

/** How the last storing, or looking for results, ended. */
export function StoreMessage({
  message: { kind, text },
  testId,
}: {
  readonly message: { readonly kind: 'done' | 'problem'; readonly text: string };
  /** How the test id begins: "calcium". */
  readonly testId: string;
}) {
  return (
    <p
      className={kind === 'done' ? 'vw-notice' : 'vw-notice vw-stored-problem'}
      role={kind === 'done' ? 'status' : 'alert'}
      data-testid={`${testId}-store-message`}
      data-kind={kind}
    >
      {text}
    </p>
  );
}
