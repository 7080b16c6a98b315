import type { FunctionComponent } from 'react';
import type { Kind, PredictionRecord } from './contract.ts';
import type { Attachment } from './outbox/entry.ts';

export type Payload = PredictionRecord['payload'];

/** What a prediction should have been. */
export interface Correction<P = Payload> {
  readonly payload: P;
  readonly attachments: readonly Attachment[];
}

/** How the records of one kind are shown and corrected. A clinical extension registers its own. */
export interface KindView<P = Payload> {
  readonly kind: Kind;
  /** As a heading: "Calcium score". */
  readonly name: string;
  /** The result in a few words. */
  headline(payload: P): string;
  /** The result in full, beside what it should have been where somebody has said so. */
  readonly Comparison: FunctionComponent<{ readonly payload: P; readonly correction: P | null }>;
  /** A form with the values of the payload. Gives null while something in it is no value. */
  readonly CorrectionForm: FunctionComponent<{
    readonly payload: P;
    readonly onChange: (payload: P | null) => void;
  }>;
  /**
   * What is on the screen now, as the correction of a record.
   * @throws Error with a sentence for the reader where it is none of this record
   */
  fromScreen?(record: PredictionRecord): Promise<Correction<P>>;
}

const views = new Map<Kind, KindView>();

/** @returns a function that takes the registration back */
export function registerKind<P extends Payload>(view: KindView<P>): () => void {
  const registered = view as unknown as KindView;
  views.set(view.kind, registered);
  return () => {
    if (views.get(view.kind) === registered) views.delete(view.kind);
  };
}

/** How a kind is shown; undefined where its extension is not loaded in this mode. */
export function viewOfKind(kind: Kind): KindView | undefined {
  return views.get(kind);
}
