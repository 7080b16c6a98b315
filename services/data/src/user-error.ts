/** A failure whose message is written for the person at the terminal: one or two sentences, no stack trace. */
export class UserError extends Error {
  override name = 'UserError';
}

/** The system error code of a thrown value (`ENOENT`, `EADDRINUSE`, ...), or an empty string. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** The message of a thrown value, on one line. */
export function errorMessage(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return (typeof message === 'string' ? message : String(error)).replace(/\s+/g, ' ').trim();
}
