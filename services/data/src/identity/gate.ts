export interface Gate {
  /** Does the work once there is room for it. Rejects where the signal comes first. */
  pass<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
}

/** Lets at most so many works happen at the same time; the others wait in order. */
export function createGate(width: number): Gate {
  let passing = 0;
  const waiting = new Set<() => void>();

  const enter = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      if (passing < width) {
        passing++;
        resolve();
        return;
      }
      const go = () => {
        signal.removeEventListener('abort', giveUp);
        resolve(); // The place of the one who left is handed on.
      };
      const giveUp = () => {
        waiting.delete(go);
        reject(signal.reason);
      };
      waiting.add(go);
      signal.addEventListener('abort', giveUp, { once: true });
    });

  const leave = () => {
    const [next] = waiting;
    if (!next) {
      passing--;
      return;
    }
    waiting.delete(next);
    next();
  };

  return {
    async pass(signal, work) {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
