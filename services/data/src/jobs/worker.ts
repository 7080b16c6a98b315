import type { Job } from 'pg-boss';
import { startSealing } from '../audit/start-sealing.ts';
import { fail, workOnExport } from '../exports/export-work.ts';
import { safeError } from '../http/safe-error.ts';
import { sweepOrphans } from '../objects/sweep-orphans.ts';
import type { Services } from '../services.ts';
import type { JobName, Jobs } from './queues.ts';
import { eraseExpired } from './retention.ts';

export interface Worker {
  stop(): Promise<void>;
}

/** Objects younger than this may belong to an upload that is under way. */
const ORPHAN_AGE_MS = 24 * 3_600_000;

/** The background work of this process. Several processes share it: each job is done by one of them. */
export async function startWorker(services: Services): Promise<Worker> {
  const { jobs, logger } = services;
  const stopping = new AbortController();

  const work = <Name extends JobName>(name: Name, run: (data: Jobs[Name], signal: AbortSignal) => Promise<number>) =>
    jobs.work<Jobs[Name]>(name, { batchSize: 1, pollingIntervalSeconds: 1 }, async ([job]: Job<Jobs[Name]>[]) => {
      if (!job) return;
      try {
        const rows = await run(job.data, AbortSignal.any([stopping.signal, job.signal]));
        logger.info({ job: name, jobId: job.id, rows }, 'job done');
      } catch (error) {
        logger.error({ job: name, jobId: job.id, error: safeError(error) }, 'job failed');
        throw new Error('The job failed; the log says where.'); // pg-boss stores what is thrown.
      }
    });

  await work('export', ({ exportId }, signal) => workOnExport(services, exportId, signal));
  await work('retention', (_data, signal) => eraseExpired(services, new Date(), signal));
  await work('sweep', async (_data, signal) => {
    const before = new Date(Date.now() - ORPHAN_AGE_MS);
    await services.objects.removeUnfinished(before);
    return sweepOrphans(services, { before, signal });
  });
  await jobs.schedule('retention', '17 * * * *', {});
  await jobs.schedule('sweep', '47 3 * * *', {});
  const sealing = await startSealing(services);

  return {
    async stop() {
      stopping.abort();
      await sealing.stop();
    },
  };
}
