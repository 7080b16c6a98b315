import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { KeyError } from './errors.ts';
import { KEY_BYTES, type KeyRing } from './key-ring.ts';

/**
 * What a value is. Equal values of different domains have unrelated pseudonyms.
 * - `patient`, `accession`: identifiers of patients and examinations
 * - `person`: users
 * - `content`: what a client sent, to recognize a repeated delivery
 */
export type PseudonymDomain = 'patient' | 'accession' | 'person' | 'content';

/** A pseudonym as it is stored: the version of its key, and 32 bytes as base64url. */
const PSEUDONYM = /^p([1-9][0-9]*):([A-Za-z0-9_-]{43})$/;

/**
 * The newest pseudonym of a value, such as `p2:q83vEjRWeJ...`: HMAC-SHA-256 with a key of its own per domain. Rotation is an
 * onion (docs/decisions/0009-onion-pseudonyms.md): version 1 is the HMAC of the value, version n that of version n-1.
 */
export function pseudonym(ring: KeyRing, domain: PseudonymDomain, value: string): string {
  return pseudonyms(ring, domain, value)[0]!;
}

/** All pseudonyms of a value, newest first. During a rotation a row may still hold an older one: look for any of them. */
export function pseudonyms(ring: KeyRing, domain: PseudonymDomain, value: string): string[] {
  return layers(ring, domain, Buffer.from(value, 'utf8'), 0).reverse();
}

/**
 * The newest pseudonym of what a stored one stands for. It needs the stored one alone: values are stored nowhere.
 * @throws KeyError where the stored one is malformed, or of a newer key than the ring holds.
 */
export function advance(ring: KeyRing, domain: PseudonymDomain, stored: string): string {
  const { version, bytes } = parsePseudonym(ring, stored);
  return layers(ring, domain, bytes, version).at(-1) ?? stored;
}

/**
 * Whether a stored pseudonym, of any version, stands for this value. Takes the same time whatever the answer.
 * @throws KeyError where the stored one is malformed, or of a newer key than the ring holds.
 */
export function isSame(ring: KeyRing, domain: PseudonymDomain, stored: string, value: string): boolean {
  const { version, bytes } = parsePseudonym(ring, stored);
  const expected = layers(ring, domain, Buffer.from(value, 'utf8'), 0)[version - 1]!;
  return timingSafeEqual(parsePseudonym(ring, expected).bytes, bytes);
}

/** Pseudonyms of the versions after `from`, oldest first. `input` is the value (from 0), or the bytes of version `from`. */
function layers(ring: KeyRing, domain: PseudonymDomain, input: Buffer, from: number): string[] {
  let bytes = input;
  return ring.pseudonymKeys.slice(from).map(({ version, key }) => {
    bytes = createHmac('sha256', domainKey(key, domain)).update(bytes).digest();
    return `p${version}:${bytes.toString('base64url')}`;
  });
}

function parsePseudonym(ring: KeyRing, text: string): { version: number; bytes: Buffer } {
  const [, version, encoded] = PSEUDONYM.exec(text) ?? [];
  if (!version || !encoded)
    throw new KeyError('A stored pseudonym is malformed; it must look like p1: and 43 characters.');
  const newest = ring.pseudonymKeys.length;
  if (Number(version) > newest) {
    throw new KeyError(
      `A stored pseudonym is of key version ${version}, but the keys go up to ${newest}: this is not the key file of this database, or an old copy.`,
    );
  }
  return { version: Number(version), bytes: Buffer.from(encoded, 'base64url') };
}

const derived = new WeakMap<KeyObject, Map<PseudonymDomain, KeyObject>>();

function domainKey(key: KeyObject, domain: PseudonymDomain): KeyObject {
  let ofKey = derived.get(key);
  if (!ofKey) {
    ofKey = new Map();
    derived.set(key, ofKey);
  }
  let found = ofKey.get(domain);
  if (!found) {
    found = createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `voxelwise pseudonym ${domain}`, KEY_BYTES)));
    ofKey.set(domain, found);
  }
  return found;
}
