interface Props {
  /** How far storing is; null while nothing is stored. */
  readonly storing: { readonly doneInstances: number; readonly totalInstances: number } | null;
  readonly hasResult: boolean;
  /** What a click does, or what is to be done first. */
  readonly hint: string;
  /** How the test ids begin: "calcium". */
  readonly testId: string;
  readonly onStore: () => void;
  readonly onCancel: () => void;
}

/** Stores a result in the archive; cancels while that is under way. */
export function StoreButton({ storing, hasResult, hint, testId, onStore, onCancel }: Props) {
  if (storing) {
    const { doneInstances, totalInstances } = storing;
    return (
      <span className="vw-storing">
        <progress max={Math.max(1, totalInstances)} value={doneInstances} aria-label="Storing" />
        <button type="button" className="vw-button" data-testid={`${testId}-store-cancel`} onClick={onCancel}>
          Cancel
        </button>
      </span>
    );
  }
  return (
    <button
      type="button"
      className="vw-button"
      data-testid={`${testId}-store`}
      disabled={!hasResult}
      title={hint}
      onClick={onStore}
    >
      Store results
    </button>
  );
}
