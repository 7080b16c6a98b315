/**
 * Runs a job at most once at a time. A call while it is running is answered by one more run, which begins when the
 * running one is over, however that ended: so every caller gets the outcome of a run that began after the call.
 */
export function latestOnly(job: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  return function request(): Promise<void> {
    if (!running) {
      running = job().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return request();
      });
    return next;
  };
}
