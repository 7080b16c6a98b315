import type { PredictionInput, ReviewInput } from '../contract.ts';

/** A mask or another large payload that a record refers to. */
export interface Attachment {
  readonly name: string;
  readonly sha256: string;
  readonly mediaType: string;
  readonly content: Blob;
}

/** What is delivered: a prediction, or a review of one. */
export type Content =
  | { readonly kind: 'prediction'; readonly body: PredictionInput }
  | { readonly kind: 'review'; readonly body: ReviewInput };

/** A record that is to reach the data service. */
export interface NewEntry {
  /** Of the record, chosen here: a repeated delivery is recognized by it. */
  readonly id: string;
  /** The prediction that it is, or is about. */
  readonly predictionId: string;
  readonly content: Content;
  /** Uploaded before the record. */
  readonly attachments: readonly Attachment[];
  /** The site that it belongs to; undefined where the reader has one alone. */
  readonly site?: string;
  /** Who made it: nobody else delivers it. */
  readonly owner: string;
  /** What it is, for the reader; nothing that says who the patient is. */
  readonly title: string;
  readonly studyUid: string;
  readonly madeAt: number;
}

export interface Entry extends NewEntry {
  /** Grows with every entry of this browser: the order of delivery. */
  readonly sequence: number;
  /** Refused entries stay until the reader tries again or discards them. */
  readonly state: 'waiting' | 'refused';
  /** The attachments have arrived. */
  readonly isUploaded: boolean;
  /** Deliveries of this entry that failed by a mistake of the service's own. */
  readonly failures: number;
  /** Not delivered before, in ms since 1970. */
  readonly notBefore: number;
  /** What became of the last delivery, in a sentence; otherwise ''. */
  readonly problem: string;
}

/** Why nothing is delivered for a while, for all entries and all tabs. */
export interface Pause {
  /** In ms since 1970. */
  readonly until: number;
  /** How often in a row the service could not be had. */
  readonly failures: number;
  /** The service has asked for it: it is kept, whatever happens. */
  readonly isAsked: boolean;
  /** In a sentence. */
  readonly problem: string;
}

/** Entries are delivered in order, and what concerns one prediction never overtakes what is before it. */
export function isBlocked(entry: Entry, entries: readonly Entry[]): boolean {
  return entries.some(({ predictionId, sequence }) => predictionId === entry.predictionId && sequence < entry.sequence);
}

/** The entry to deliver next, of those that are this person's; undefined where none is due. @param now in ms since 1970 */
export function nextEntry(entries: readonly Entry[], owner: string, now: number): Entry | undefined {
  return inOrder(entries).find(
    entry => entry.owner === owner && entry.state === 'waiting' && entry.notBefore <= now && !isBlocked(entry, entries),
  );
}

/** When the next of this person's entries is due that waits for its time; null where none does. In ms since 1970. */
export function nextDue(entries: readonly Entry[], owner: string, now: number): number | null {
  const times = entries
    .filter(entry => entry.owner === owner && entry.state === 'waiting' && !isBlocked(entry, entries))
    .map(({ notBefore }) => Math.max(now, notBefore));
  return times.length > 0 ? Math.min(...times) : null;
}

/** An entry with everything that cannot be delivered without it: later entries of a prediction that would never arrive. */
export function withDependants(entry: Entry, entries: readonly Entry[]): Entry[] {
  const dependants =
    entry.content.kind === 'prediction'
      ? entries.filter(({ predictionId, sequence }) => predictionId === entry.predictionId && sequence > entry.sequence)
      : [];
  return [entry, ...dependants];
}

function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => a.sequence - b.sequence);
}
