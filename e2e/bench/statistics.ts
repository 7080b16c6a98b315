/** Median, minimum and maximum of repeated timings, in milliseconds. */
export interface Timing {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly runs: number;
}

/** Times a function: warm-up runs first, then the measured ones. */
export async function measure(run: () => unknown, { warmUps = 3, runs = 15 } = {}): Promise<Timing> {
  for (let i = 0; i < warmUps; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  return summarize(times);
}

export function summarize(times: readonly number[]): Timing {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    minimum: sorted[0] ?? Number.NaN,
    maximum: sorted.at(-1) ?? Number.NaN,
    runs: sorted.length,
  };
}

/** The value that a part (0 to 1) of the values does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/** A row of the printed table. */
export function row(name: string, { median, minimum, maximum, runs }: Timing, floor: Timing): string {
  const times = `${median.toFixed(2)} ms (${minimum.toFixed(2)} to ${maximum.toFixed(2)}, n=${runs})`;
  return `${name.padEnd(58)} ${times.padEnd(40)} ${(median / floor.median).toFixed(1)} x floor`;
}
