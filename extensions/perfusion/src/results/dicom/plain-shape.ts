// Values from JSON whose form nobody has checked yet, checked against the form that they should have.

/** Returns the value as what it is, or throws an Error whose message is a clause without a full stop. */
export type Shape<T> = (value: unknown, what: string) => T;

export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse(what: string, kind: string): never {
  throw new Error(`${what} is ${kind}`);
}

/** Finite. */
export const numberShape: Shape<number> = (value, what) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(what, 'no number');

/** A whole number from 0 on. */
export const countShape: Shape<number> = (value, what) =>
  Number.isInteger(value) && (value as number) >= 0 ? (value as number) : refuse(what, 'no count');

export const textShape: Shape<string> = (value, what) => (typeof value === 'string' ? value : refuse(what, 'no text'));

export const flagShape: Shape<boolean> = (value, what) =>
  typeof value === 'boolean' ? value : refuse(what, 'neither true nor false');

/** One of these words. */
export function wordShape<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value, what) => (words.includes(value as T) ? (value as T) : refuse(what, `none of ${words.join(', ')}`));
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, what) => (value === null ? null : shape(value, what));
}

export function listShape<T>(shape: Shape<T>): Shape<T[]> {
  return (value, what) =>
    Array.isArray(value) ? value.map((one, index) => shape(one, `${what} ${index + 1}`)) : refuse(what, 'no list');
}

/** A list of exactly these. */
export function tupleShape<T extends readonly unknown[]>(...shapes: { [K in keyof T]: Shape<T[K]> }): Shape<T> {
  return (value, what) =>
    Array.isArray(value) && value.length === shapes.length
      ? (shapes.map((shape, index) => shape(value[index], `${what} ${index + 1}`)) as unknown as T)
      : refuse(what, `no list of ${shapes.length}`);
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Read<F extends Fields> = { [K in keyof F]: ShapeOf<F[K]> };

/** An object with these fields; others are left out. */
export function objectShape<F extends Fields>(fields: F): Shape<Read<F>> {
  return (value, what) =>
    isRecord(value)
      ? (Object.fromEntries(
          Object.entries(fields).map(([name, shape]) => [name, shape(value[name], `${what}: ${name}`)]),
        ) as Read<F>)
      : refuse(what, 'no object');
}

/** An object with any names. */
export function dictionaryShape<T>(shape: Shape<T>): Shape<Record<string, T>> {
  return (value, what) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shape(one, `${what}: ${name}`)]))
      : refuse(what, 'no object');
}

/** An object with some of these fields. */
export function partialShape<F extends Fields>(fields: F): Shape<Partial<Read<F>>> {
  return (value, what) => {
    if (!isRecord(value)) return refuse(what, 'no object');
    const present = Object.entries(fields).filter(([name]) => value[name] !== undefined);
    return objectShape(Object.fromEntries(present))(value, what) as Partial<Read<F>>;
  };
}

/** The first form that fits; what is wrong with the last one where none does. */
export function eitherShape<T>(...shapes: readonly Shape<T>[]): Shape<T> {
  return (value, what) => {
    let problem: unknown;
    for (const shape of shapes) {
      try {
        return shape(value, what);
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  };
}
