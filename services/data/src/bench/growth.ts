import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { BenchClient } from './client.ts';
import { type BenchEnvironment, SITE } from './environment.ts';
import { countPredictions, fillTo, sizesOf, untilSealed } from './fill.ts';
import { calciumRecord } from './records.ts';
import { median, timesOf } from './statistics.ts';
import { BATCH } from './storing.ts';

export interface SizeResult {
  readonly rows: number;
  /** Median milliseconds by what is asked, one request at a time. */
  readonly medianMs: Readonly<Record<string, number>>;
  readonly bytesPerRecord: Readonly<Record<string, number>>;
}

/** What requests cost when the tables have so many predictions. */
export async function measureGrowth(
  environment: BenchEnvironment,
  sizes: readonly number[],
  runs: number,
): Promise<SizeResult[]> {
  const { owner } = environment;
  const reader = await environment.client(1, 'reader');
  const reviewer = await environment.client(1, 'reviewer');
  const auditor = await environment.client(1, 'auditor');
  const results: SizeResult[] = [];
  try {
    for (let patterns = 0; patterns < 50; patterns++) await reader.send('POST', '/api/predictions', calciumRecord());
    for (const rows of sizes) {
      process.stderr.write(`Filling the tables up to ${rows} predictions ...\n`);
      await fillTo(owner, rows, () => {});
      process.stderr.write('Waiting until their audit events are sealed ...\n');
      await untilSealed(owner);
      results.push({
        rows: await countPredictions(owner),
        medianMs: await measureRequests(owner, { reader, reviewer, auditor }, runs),
        bytesPerRecord: await bytesPerRecord(owner),
      });
    }
  } finally {
    for (const client of [reader, reviewer, auditor]) client.close();
  }
  return results;
}

interface Clients {
  readonly reader: BenchClient;
  readonly reviewer: BenchClient;
  readonly auditor: BenchClient;
}

async function measureRequests(owner: pg.Pool, { reader, reviewer, auditor }: Clients, runs: number) {
  // Enough for the runs and their warm-ups.
  const { rows: unreviewed } = await owner.query<{ id: string; studyUid: string }>(
    `SELECT id, study_uid AS "studyUid" FROM prediction
    WHERE site = $1 AND status = 'unreviewed' AND id > $2 ORDER BY id LIMIT $3`,
    [SITE, `4${randomUUID().slice(1)}`, runs + 10],
  );
  const one = (run: number) => unreviewed[run + 5]!;
  const requests: Record<string, (run: number) => Promise<unknown>> = {
    [`store ${BATCH}`]: () =>
      reader.send('POST', '/api/predictions', { predictions: Array.from({ length: BATCH }, () => calciumRecord()) }),
    'store 1': () => reader.send('POST', '/api/predictions', calciumRecord()),
    'read one': run => reader.send('GET', `/api/predictions/${one(run).id}`),
    'list a study': run => reader.send('GET', `/api/predictions?studyUid=${one(run).studyUid}`),
    'list the newest 50': () => reader.send('GET', '/api/predictions'),
    'queue of 20': () => reviewer.send('GET', '/api/review-queue'),
    review: run =>
      reviewer.send('POST', `/api/predictions/${one(run).id}/reviews`, { id: randomUUID(), action: 'accept' }),
    metrics: () => reviewer.send('GET', '/api/metrics'),
    'audit, newest 50': () => auditor.send('GET', '/api/audit'),
  };
  const medianMs: Record<string, number> = {};
  for (const [name, request] of Object.entries(requests)) {
    process.stderr.write(`  ${name} ...\n`);
    medianMs[name] = median(await timesOf(runs, request));
  }
  return medianMs;
}

async function bytesPerRecord(owner: pg.Pool): Promise<Record<string, number>> {
  const count = await countPredictions(owner);
  return Object.fromEntries(Object.entries(await sizesOf(owner)).map(([name, bytes]) => [name, bytes / count]));
}
