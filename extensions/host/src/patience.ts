/** Waits for work, but not for ever. */
export interface Patience {
  /** The result of some work, unless time runs out or a signal aborts first; then its error. */
  waitFor<T>(work: Promise<T>): Promise<T>;
  /** Something has arrived: the time starts again. */
  renew(): void;
  end(): void;
}

/**
 * Limits how long work may make no progress.
 * @param stallMs time without progress, after which `stalled` is called to throw
 */
export function createPatience(stallMs: number, signal: AbortSignal | undefined, stalled: () => never): Patience {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let giveUp: (reason: unknown) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  ended.catch(() => undefined); // those that wait are told; where nobody does, it is no unhandled rejection
  const onAbort = () => giveUp(signal?.reason);
  const renew = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        stalled();
      } catch (error) {
        giveUp(error);
      }
    }, stallMs);
  };
  signal?.addEventListener('abort', onAbort);
  renew();
  return {
    waitFor: work => Promise.race([work, ended]),
    renew,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
