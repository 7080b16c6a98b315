/**
 * What may be logged of an error: its name, its code, and where it happened. Never its message: those of database and parsers repeat
 * values, and values may be about a patient.
 */
export interface SafeError {
  readonly name: string;
  readonly code?: string;
  readonly frames: readonly string[];
}

export function safeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const code = (error as { code?: unknown }).code;
  const frames = (error.stack ?? '')
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 12)
    .map(line => line.trim());
  return { name: error.name, ...(typeof code === 'string' && { code }), frames };
}
