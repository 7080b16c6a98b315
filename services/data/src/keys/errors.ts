import { UserError } from '../user-error.ts';

/** A problem with the service's keys that an operator has to solve. The message is one or two sentences, without any key. */
export class KeyError extends UserError {
  override name = 'KeyError';
}

/** What was asked for is gone for good: its data key was destroyed. */
export class ShreddedError extends Error {
  override name = 'ShreddedError';
  readonly dataKeyId: string;

  constructor(dataKeyId: string) {
    super(`The content was destroyed: its data key ${dataKeyId} no longer exists.`);
    this.dataKeyId = dataKeyId;
  }
}

/** Something encrypted does not open: it was changed, moved to another place, or belongs to other keys. */
export class SealError extends Error {
  override name = 'SealError';
}
