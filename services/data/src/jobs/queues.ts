import { fromPrisma, PgBoss } from 'pg-boss';
import type { Transaction } from '../database/connection.ts';
import { JOB_SCHEMA } from '../database/job-schema.ts';
import type { Logger } from '../http/logger.ts';
import { safeError } from '../http/safe-error.ts';

/** What each queue's jobs are told. */
export interface Jobs {
  readonly export: { readonly exportId: string };
  readonly retention: Record<string, never>;
  readonly sweep: Record<string, never>;
}

export type JobName = keyof Jobs;

interface QueueSettings {
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryBackoff: boolean;
  readonly expireInSeconds: number;
  /** A job whose process was killed is noticed after so long, and tried again. */
  readonly heartbeatSeconds: number;
}

/** A job that fails is tried again, also when the process that ran it was killed. */
const QUEUES: Record<JobName, QueueSettings> = {
  export: { retryLimit: 5, retryDelay: 5, retryBackoff: true, expireInSeconds: 6 * 3600, heartbeatSeconds: 20 },
  retention: { retryLimit: 3, retryDelay: 60, retryBackoff: true, expireInSeconds: 3600, heartbeatSeconds: 20 },
  sweep: { retryLimit: 3, retryDelay: 60, retryBackoff: true, expireInSeconds: 3600, heartbeatSeconds: 20 },
};

export interface QueueOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Whether this process also does the work, and keeps schedules. */
  readonly isWorker: boolean;
}

/** The job queue in the service's own database; its tables were made by `migrate`. */
export async function openQueues({ databaseUrl, logger, isWorker }: QueueOptions): Promise<PgBoss> {
  const jobs = new PgBoss({
    connectionString: databaseUrl,
    schema: JOB_SCHEMA,
    migrate: false,
    max: isWorker ? 4 : 2,
    supervise: isWorker,
    schedule: isWorker,
    application_name: 'voxelwise-data jobs',
  });
  jobs.on('error', error => logger.error({ job: 'queue', error: safeError(error) }, 'job queue'));
  try {
    await jobs.start();
    for (const [name, options] of Object.entries(QUEUES)) await jobs.createQueue(name, options);
    return jobs;
  } catch (error) {
    await jobs.stop({ graceful: false }).catch(() => {});
    throw error;
  }
}

/** Puts a job into its queue in the transaction of the row it belongs to: both are there, or neither. */
export async function enqueue<Name extends JobName>(
  jobs: PgBoss,
  transaction: Transaction,
  name: Name,
  data: Jobs[Name],
): Promise<void> {
  await jobs.send(name, data, { db: fromPrisma(transaction) });
}
