import { ObjectStoreError } from './errors.ts';

const SEGMENT = /^[a-z0-9][a-z0-9._-]*$/;
const MAX_LENGTH = 200;

/** Whether this may be a part of a key between two `/`. */
export function isKeySegment(segment: string): boolean {
  return SEGMENT.test(segment);
}

/**
 * Throws where a key is not a relative path of plain segments. None starts with a dot, so a key never leaves the store's
 * folder, and never meets the store's own files. Capitals are out because some file systems do not tell them apart.
 */
export function requireObjectKey(key: string): void {
  if (key.length > MAX_LENGTH || !key.split('/').every(isKeySegment)) {
    throw new ObjectStoreError(
      'configuration',
      `${JSON.stringify(key.slice(0, MAX_LENGTH))} is no key of an object: at most ${MAX_LENGTH} characters a-z, 0-9, ., _, - in parts divided by /.`,
    );
  }
}
