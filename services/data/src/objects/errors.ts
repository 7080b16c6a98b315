import { UserError } from '../user-error.ts';

/**
 * - `missing`: there is no such object
 * - `full`: no space, or a quota is used up
 * - `refused`: the store does not let us in, or not do this
 * - `unreachable`: it does not answer, or the connection broke
 * - `configuration`: it is set up wrongly; trying again does not help
 */
export type ObjectStoreProblem = 'missing' | 'full' | 'refused' | 'unreachable' | 'configuration';

/** A problem with the object store itself, in a sentence for its operator. */
export class ObjectStoreError extends UserError {
  override name = 'ObjectStoreError';
  readonly problem: ObjectStoreProblem;

  constructor(problem: ObjectStoreProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** What was sent is not the content that was announced by its digest. */
export class DigestMismatchError extends Error {
  override name = 'DigestMismatchError';
}

/** What was sent is larger than allowed. */
export class ObjectTooLargeError extends Error {
  override name = 'ObjectTooLargeError';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`The content is larger than the ${maxBytes} bytes that are allowed.`);
    this.maxBytes = maxBytes;
  }
}

/** A stored object is not what was stored: changed, cut off, or another one put in its place. */
export class DamagedObjectError extends Error {
  override name = 'DamagedObjectError';
}

/** An object cannot be destroyed while records refer to it. */
export class ObjectInUseError extends Error {
  override name = 'ObjectInUseError';
}

/** There is no such object. */
export function missingObject(key: string, options?: ErrorOptions): ObjectStoreError {
  return new ObjectStoreError('missing', `The object ${key} is not in the object store.`, options);
}
