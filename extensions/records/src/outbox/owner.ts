import { type Host, personIdOf } from '@voxelwise/host';
import { newId } from '../new-id.ts';

/** Nobody has signed in: local single-user mode, or a viewer without login. */
export const NOBODY = 'nobody';
const PERSON = 'person ';
const VISIT = 'visit ';
const KEY = 'voxelwise-records-visit';

/**
 * Who makes entries now, as the outbox tells people apart. Somebody of whom only an opaque token is known is told apart by the visit:
 * the next one in this browser may be somebody else.
 */
export function ownerOf(host: Pick<Host, 'services'>): string {
  const id = personIdOf(host);
  if (id === null) return VISIT + visitId();
  return id === '' ? NOBODY : PERSON + id;
}

/** True for entries that may be anybody's: a reader can say that they are hers. */
export function isUnclaimed(owner: string): boolean {
  return !owner.startsWith(PERSON);
}

let visit = '';

/** The same until the tab is closed, also after the page is loaded anew. */
function visitId(): string {
  try {
    visit ||= sessionStorage.getItem(KEY) ?? newId();
    sessionStorage.setItem(KEY, visit);
  } catch {
    visit ||= newId(); // a browser that refuses storage: the same for this page
  }
  return visit;
}
