import type { Role } from '@voxelwise/contract';

/** Who makes a request: a person, or a program with an account of its own. */
export interface Principal {
  /** The newest pseudonym of issuer and subject: what is stored and shown. */
  readonly person: string;
  /** The pseudonyms under every version of the key, newest first: what stored rows are looked up by. */
  readonly persons: readonly string[];
  /** Without any, nothing is permitted. */
  readonly roles: readonly Role[];
  /** Without any, no record is seen. */
  readonly sites: readonly string[];
  /** `sid` or `jti` of the token as it came. Only a keyed digest of it may be stored. */
  readonly sessionId: string | null;
  /** The access token, to ask the archive on the person's behalf. Never stored, never logged. */
  readonly token: string | null;
  readonly expiresAt: Date | null;
  /** Local single-user mode: nobody has signed in. */
  readonly isLocal: boolean;
  /** Purpose of use, where the identity provider names one, such as TREAT. */
  readonly purpose?: string;
}

/** Pseudonyms of a value under every version of the key, newest first; at least one. */
export type Pseudonyms = (domain: 'person', value: string) => readonly string[];

/** A subject is unique within its issuer only (OpenID Connect Core 1.0, section 2), so both make a person. */
export function personOf(
  pseudonyms: Pseudonyms,
  issuer: string,
  subject: string,
): Pick<Principal, 'person' | 'persons'> {
  const persons = pseudonyms('person', JSON.stringify([issuer, subject]));
  const [person] = persons;
  if (person === undefined) throw new Error('There is no key to make pseudonyms with.');
  return { person, persons };
}
