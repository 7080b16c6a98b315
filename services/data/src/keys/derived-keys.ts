import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { KEY_BYTES, type KeyRing } from './key-ring.ts';

/**
 * A key for a purpose of its own that stays the same when keys are rotated: it comes from the first pseudonym key, which is never
 * removed. Splits and the ids of limited data sets must not change between versions of a data set.
 */
export function derivedKey(ring: KeyRing, purpose: 'export-splits' | 'export-identifiers'): KeyObject {
  const first = ring.pseudonymKeys[0]!.key;
  return createSecretKey(Buffer.from(hkdfSync('sha256', first, '', `voxelwise ${purpose}`, KEY_BYTES)));
}
