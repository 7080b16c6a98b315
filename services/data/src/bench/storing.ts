import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchClient } from './client.ts';
import type { BenchEnvironment } from './environment.ts';
import { type Floor, openFloor } from './floor.ts';
import { type OpenLoopResult, openLoop } from './open-loop.ts';
import { type ProcessUse, processUse } from './process-use.ts';
import { calciumRecord } from './records.ts';
import { median } from './statistics.ts';

export const BATCH = 20;
export const SINGLES_PER_SECOND = 100;

export interface ThroughputResult {
  readonly concurrency: number;
  /** Predictions per second of each round. */
  readonly service: readonly number[];
  readonly floor: readonly number[];
  readonly ratio: number;
  /** CPU time of the service's process per prediction, over all rounds. */
  readonly serviceCpuMsPerPrediction: number;
}

/** Batches of 20, as fast as they are answered, in turns with the bare inserts, so that other work on the machine burdens both. */
export async function measureThroughput(
  environment: BenchEnvironment,
  { rounds, secondsPerRound, concurrency }: { rounds: number; secondsPerRound: number; concurrency: number },
): Promise<ThroughputResult> {
  const client = await environment.client(concurrency, 'reader');
  await warmUp(client);
  const floor = await openFloor(environment.owner, environment.floorUrl, concurrency);
  const service: number[] = [];
  const bare: number[] = [];
  let cpuMs = 0;
  let stored = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const before = await processUse(client);
      const count = await countWithin(secondsPerRound, concurrency, () => postBatch(client));
      cpuMs += (await processUse(client)).cpuMs - before.cpuMs;
      stored += count.batches * BATCH;
      service.push(count.perSecond * BATCH);
      bare.push((await countWithin(secondsPerRound, concurrency, () => floor.insert(BATCH))).perSecond * BATCH);
    }
  } finally {
    client.close();
    await floor.close();
  }
  return {
    concurrency,
    service,
    floor: bare,
    ratio: median(bare) / median(service),
    serviceCpuMsPerPrediction: cpuMs / stored,
  };
}

async function warmUp(client: BenchClient): Promise<void> {
  for (let batch = 0; batch < 20; batch++) await postBatch(client);
  for (let single = 0; single < 100; single++) await postOne(client);
}

function postBatch(client: BenchClient): Promise<unknown> {
  const predictions = Array.from({ length: BATCH }, () => calciumRecord());
  return client.send('POST', '/api/predictions', { predictions });
}

export function postOne(client: BenchClient): Promise<unknown> {
  return client.send('POST', '/api/predictions', calciumRecord());
}

/** How often work is done in a time by so many at once. */
async function countWithin(seconds: number, concurrency: number, work: () => Promise<unknown>) {
  const startedMs = performance.now();
  const untilMs = startedMs + seconds * 1000;
  let batches = 0;
  const worker = async () => {
    while (performance.now() < untilMs) {
      await work();
      batches++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { batches, perSecond: batches / ((performance.now() - startedMs) / 1000) };
}

export interface SinglesResult {
  readonly service: OpenLoopResult;
  readonly floor: OpenLoopResult;
  /** CPU time of the service's process per post. */
  readonly serviceCpuMsPerPost: number;
}

/** Single posts at a fixed rate, and after them bare inserts at the same rate. */
export async function measureSingles(environment: BenchEnvironment, seconds: number): Promise<SinglesResult> {
  const connections = 50;
  const client = await environment.client(connections, 'reader');
  await warmUp(client);
  const floor: Floor = await openFloor(environment.owner, environment.floorUrl, 10);
  const rate = { perSecond: SINGLES_PER_SECOND, seconds };
  try {
    const before = await processUse(client);
    const service = await openLoop(rate, () => postOne(client));
    const cpuMs = (await processUse(client)).cpuMs - before.cpuMs;
    return {
      service,
      floor: await openLoop(rate, () => floor.insert(1)),
      serviceCpuMsPerPost: cpuMs / service.sent,
    };
  } finally {
    client.close();
    await floor.close();
  }
}

export interface MemoryResult {
  readonly minutes: number;
  readonly latency: OpenLoopResult;
  readonly samples: readonly (ProcessUse & { readonly atS: number })[];
}

const SAMPLE_EVERY_S = 10;

/** Memory of the service's process while single posts come at a fixed rate. */
export async function measureMemory(environment: BenchEnvironment, minutes: number): Promise<MemoryResult> {
  const client = await environment.client(50, 'reader');
  await warmUp(client);
  const samples: (ProcessUse & { atS: number })[] = [];
  const seconds = minutes * 60;
  const sample = async () => {
    const startedMs = performance.now();
    for (let atS = 0; atS <= seconds; atS += SAMPLE_EVERY_S) {
      await sleep(Math.max(0, startedMs + atS * 1000 - performance.now()));
      samples.push({ ...(await processUse(client)), atS });
    }
  };
  try {
    const [latency] = await Promise.all([
      openLoop({ perSecond: SINGLES_PER_SECOND, seconds }, () => postOne(client)),
      sample(),
    ]);
    return { minutes, latency, samples };
  } finally {
    client.close();
  }
}
