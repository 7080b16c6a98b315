/**
 * What may be logged of an error: its name, its code, and where it happened. Never its message: those of database and parsers repeat
 * values, and values may be about a patient.
 */
export interface SafeError {
  readonly name: string;
  readonly code?: string;
  readonly frames: readonly string[];
}

/** A line of a stack: `at function (file:1:2)`, `at async file:1:2`. The text of a message must not pass for one. */
const FRAME = /^at (?:(?:async |new )*[\w$.<>[\] ]+ \()?(?:file:\/\/|node:|\/|[A-Z]:\\)[^()]*:\d+:\d+\)?$/;
const MOST_FRAMES = 12;

export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const { code } = error as { code?: unknown };
  return {
    name: word(error.name) ?? 'Error',
    ...(word(code) && { code: word(code)! }),
    frames: framesOf(error),
  };
}

/** Names and codes are words of programs; whatever is longer, or more than a word, may be content. */
function word(text: unknown): string | undefined {
  return typeof text === 'string' && /^\w{1,64}$/.test(text) ? text : undefined;
}

/** The message stands before the frames, and may have lines of its own that begin with `at`. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  const behindMessage = message === '' || start < 0 ? stack : stack.slice(start + message.length);
  return behindMessage
    .split('\n')
    .map(line => line.trim())
    .filter(line => FRAME.test(line))
    .slice(0, MOST_FRAMES);
}
