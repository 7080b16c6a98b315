export interface TimedCache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/** Values that hold for a time. Of too many, the oldest go first. */
export function createTimedCache<Value>(holdsMs: number, mostValues: number): TimedCache<Value> {
  // A Map keeps the order of insertion: the first entry is the oldest.
  const entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry && entry.untilMs > performance.now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, untilMs: performance.now() + holdsMs });
      for (const [oldest, { untilMs }] of entries) {
        if (entries.size <= mostValues && untilMs > performance.now()) break;
        entries.delete(oldest);
      }
    },
  };
}
