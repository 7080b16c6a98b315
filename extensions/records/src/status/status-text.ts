import type { Entry } from '../outbox/entry.ts';
import type { RecordsState } from '../records.ts';

/** How the records stand, for the indicator. */
export interface StatusText {
  readonly level: 'synced' | 'waiting' | 'refused' | 'problem';
  /** A few words: "Records: waiting 3". */
  readonly text: string;
  /** One sentence more; '' where there is none. */
  readonly sentence: string;
}

/** Null where there is nothing to say: no data service, and nothing that waits for one. */
export function statusOf({ presence, trouble, outbox, owner }: RecordsState): StatusText | null {
  const { isKnown, entries, pause, problem } = outbox;
  if (presence !== 'present' && entries.length === 0) {
    return trouble ? { level: 'problem', text: 'Records: off', sentence: trouble } : null;
  }
  if (problem) return { level: 'problem', text: 'Records: not kept', sentence: problem };
  if (!isKnown) return null;
  const mine = entries.filter(entry => entry.owner === owner);
  const refused = mine.filter(({ state }) => state === 'refused').length;
  const others = entries.length - mine.length;
  const sentence = [
    presence === 'off' && 'The data service is switched off here.',
    pause?.problem ?? trouble,
    others > 0 && othersSentence(others),
  ]
    .filter(Boolean)
    .join(' ');
  if (refused > 0) return { level: 'refused', text: `Records: refused ${refused}`, sentence };
  if (mine.length > 0) return { level: 'waiting', text: `Records: waiting ${mine.length}`, sentence };
  if (others > 0) return { level: 'waiting', text: `Records: ${others} of others`, sentence };
  return {
    level: trouble ? 'problem' : 'synced',
    text: trouble ? 'Records: not connected' : 'Records: synced',
    sentence,
  };
}

function othersSentence(count: number): string {
  return count === 1
    ? 'A record of somebody else waits in this browser until its maker signs in.'
    : `${count} records of others wait in this browser until their makers sign in.`;
}

/** How one entry stands, in a sentence. @param owner who is signed in */
export function entrySentence(entry: Entry, owner: string, sending: string | null, pauseProblem: string): string {
  if (entry.owner !== owner) return 'Waits until whoever made it signs in.';
  if (entry.state === 'refused') return entry.problem;
  if (entry.id === sending) return 'Is being delivered.';
  return entry.problem || pauseProblem || 'Waits to be delivered.';
}
