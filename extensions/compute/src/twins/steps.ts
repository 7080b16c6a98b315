/** A computation that can pause: it yields how much is done, from 0 to 1, every few milliseconds, and returns its result. */
export type Steps<Result> = Generator<number, Result, void>;

/** Does it all at once. */
export function complete<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As the part of a longer computation in which that goes from one fraction to another. */
export function* part<Result>(steps: Steps<Result>, from: number, to: number): Steps<Result> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    yield from + (to - from) * value;
  }
}

/** Ranges that cover 0 .. count - 1, of at most so many each. */
export function* bands(count: number, most: number): Iterable<readonly [from: number, to: number]> {
  for (let from = 0; from < count; from += most) yield [from, Math.min(count, from + most)];
}
