import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './statistics.ts';

/** Latencies in milliseconds, each from the moment at which the request was to be sent. */
export interface OpenLoopResult {
  readonly sent: number;
  readonly failed: number;
  /** Why, and how often. */
  readonly failures: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maximumMs: number;
}

/**
 * Sends at a fixed rate, whether or not earlier answers are there, as many independent viewers do. A latency begins when the request was
 * to be sent: a service that stops for a second makes a hundred requests late, not one.
 */
export async function openLoop(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  send: () => Promise<unknown>,
): Promise<OpenLoopResult> {
  const count = Math.round(perSecond * seconds);
  const latenciesMs: number[] = [];
  const pending = new Set<Promise<void>>();
  const failures: Record<string, number> = {};
  const startedMs = performance.now();
  for (let index = 0; index < count; index++) {
    const intendedMs = startedMs + (index * 1000) / perSecond;
    const earlyMs = intendedMs - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    const one = send().then(
      () => void latenciesMs.push(performance.now() - intendedMs),
      ({ message }: Error) => {
        failures[message] = (failures[message] ?? 0) + 1;
      },
    );
    pending.add(one);
    one.then(() => pending.delete(one));
  }
  await Promise.all(pending);
  return {
    sent: count,
    failed: Object.values(failures).reduce((sum, count) => sum + count, 0),
    failures,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    maximumMs: percentile(latenciesMs, 1),
  };
}
