import type { JobWithMetadata } from 'pg-boss';
import { startSealing } from '../audit/start-sealing.ts';
import { failExport, workOnExport } from '../exports/export-work.ts';
import { sweepExportedFiles } from '../exports/exported-files.ts';
import { safeError } from '../http/safe-error.ts';
import { ORPHAN_AGE_MS } from '../objects/encrypted-objects.ts';
import { objectContext } from '../objects/object-routes.ts';
import { sweepOrphans } from '../objects/sweep-orphans.ts';
import type { Services } from '../services.ts';
import type { JobName, Jobs } from './queues.ts';
import { eraseExpired } from './retention.ts';

export interface Worker {
  stop(): Promise<void>;
}

const ONE_AT_A_TIME = { batchSize: 1, pollingIntervalSeconds: 1, includeMetadata: true } as const;

/** The background work of this process. Several processes share it: each job is done by one of them. */
export async function startWorker(services: Services): Promise<Worker> {
  const { jobs, logger } = services;
  const stopping = new AbortController();

  const work = <Name extends JobName>(
    name: Name,
    run: (data: Jobs[Name], signal: AbortSignal) => Promise<number>,
    giveUp: (data: Jobs[Name]) => Promise<void> = async () => {},
  ) =>
    jobs.work<Jobs[Name], void, typeof ONE_AT_A_TIME>(
      name,
      ONE_AT_A_TIME,
      async ([job]: JobWithMetadata<Jobs[Name]>[]) => {
        if (!job) return;
        try {
          const rows = await run(job.data, AbortSignal.any([stopping.signal, job.signal]));
          logger.info({ job: name, jobId: job.id, rows }, 'job done');
        } catch (error) {
          logger.error({ job: name, jobId: job.id, error: safeError(error) }, 'job failed');
          if (job.retryCount >= job.retryLimit && !stopping.signal.aborted) await giveUp(job.data);
          throw new Error('The job failed; the log says where.'); // pg-boss stores what is thrown.
        }
      },
    );

  await work(
    'export',
    ({ exportId }, signal) => workOnExport(services, exportId, signal),
    ({ exportId }) =>
      failExport(services, exportId, 'internal It failed several times. The log of the worker says where.'),
  );
  await work('retention', (_data, signal) => eraseExpired(services, new Date(), signal));
  await work('sweep', async (_data, signal) => {
    const { destroyed, removed, unfinished } = await sweepOrphans(objectContext(services), { signal });
    const ofExports = await sweepExportedFiles(services, new Date(Date.now() - ORPHAN_AGE_MS));
    return destroyed + removed + unfinished + ofExports;
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
