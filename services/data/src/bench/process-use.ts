import type { BenchClient } from './client.ts';

/** What the service's process uses, by its own /metrics. */
export interface ProcessUse {
  readonly cpuMs: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
}

export async function processUse(client: BenchClient): Promise<ProcessUse> {
  const metrics = await client.send<string>('GET', '/metrics');
  const metric = (name: string) => {
    const value = new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1];
    if (value === undefined) throw new Error(`The service's /metrics has no ${name}.`);
    return Number(value);
  };
  return {
    cpuMs: metric('process_cpu_seconds_total') * 1000,
    residentBytes: metric('process_resident_memory_bytes'),
    heapUsedBytes: metric('nodejs_heap_size_used_bytes'),
  };
}
