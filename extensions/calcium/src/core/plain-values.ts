// Values from outside (JSON, storage) whose form nobody has checked yet. Errors are clauses without a full stop.

/** @throws Error where the value is no object */
export function plainObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} cannot be read`);
}

/** @throws Error where the value is no list */
export function plainList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${what} cannot be read`);
}

/** @throws Error where the value is no list of two finite numbers */
export function plainPair(value: unknown, what: string): readonly [number, number] {
  const [a, b, ...more] = plainList(value, what);
  if (more.length > 0) throw new Error(`${what} cannot be read`);
  return [plainNumber(a, what), plainNumber(b, what)];
}

/** @throws Error where the value is no finite number */
export function plainNumber(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new Error(`${what} is no number`);
}

/** @throws Error where the value is no finite number, or a negative one */
export function plainMagnitude(value: unknown, what: string): number {
  const number = plainNumber(value, what);
  if (number < 0) throw new Error(`${what} is negative`);
  return number;
}
