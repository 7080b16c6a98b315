import type { Host } from './host.ts';
import { claimsOf } from './signed-in.ts';

/** A person's name holds 64 characters (PS3.5 table 6.2-1). */
const LONGEST_NAME = 64;

/**
 * The reader who has signed in, as DICOM writes a person: "Family^Given^Middle" from the standard claims of OpenID Connect, or the
 * full name as it is where they are missing. '' where nobody has signed in, or only an account is known.
 */
export function readerNameOf(host: Host): string {
  const profile = claimsOf(host);
  const parts = ['family_name', 'given_name', 'middle_name'].map(claim => component(profile[claim]));
  const name = parts[0] ? parts.join('^').replace(/\^+$/, '') : component(profile.name);
  return [...name]
    .slice(0, LONGEST_NAME)
    .join('')
    .replace(/[\s^]+$/, '');
}

/** One part of a name, without the characters that delimit parts, names and values, and without line breaks. */
function component(claim: unknown): string {
  return typeof claim === 'string' ? claim.replace(/[\^=\\\p{Cc}\s]+/gu, ' ').trim() : '';
}
