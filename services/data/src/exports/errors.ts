import type { ProblemCode } from '@voxelwise/contract';

/** Why an export cannot be made. The message is one or two sentences, without anything about a patient. */
export class ExportError extends Error {
  override name = 'ExportError';
  readonly code: ProblemCode;
  /** Whether the same export may succeed when it is done again. */
  readonly canRetry: boolean;

  constructor(code: ProblemCode, message: string, { canRetry = false } = {}) {
    super(message);
    this.code = code;
    this.canRetry = canRetry;
  }
}
