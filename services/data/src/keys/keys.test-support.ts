import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/** A key ring with new random keys: master keys m1, m2, ..., pseudonym keys 1, 2, ... and one signing key. */
export function newKeyRing({ masterKeys = 1, pseudonymKeys = 1 } = {}): KeyRing {
  const secret = () => createSecretKey(randomBytes(32));
  return {
    masterKeys: Array.from({ length: masterKeys }, (_, index) => ({ id: `m${index + 1}`, key: secret() })),
    pseudonymKeys: Array.from({ length: pseudonymKeys }, (_, index) => ({ version: index + 1, key: secret() })),
    signingKeys: [{ id: 's1', ...generateKeyPairSync('ed25519') }],
  };
}

/** The same keys and one more master key, as after `addMasterKey`. */
export function withNewMasterKey(ring: KeyRing): KeyRing {
  const id = `m${ring.masterKeys.length + 1}`;
  return { ...ring, masterKeys: [...ring.masterKeys, { id, key: createSecretKey(randomBytes(32)) }] };
}
