import { setTimeout as sleep } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';

/** The schema that pg-boss keeps its jobs in. */
export const JOB_SCHEMA = 'pgboss';

/**
 * Makes or migrates the tables of the job queue, as the owner, and waits for the indexes that pg-boss builds afterwards. The
 * application then starts pg-boss with `migrate: false`.
 */
export async function migrateJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    max: 2,
    application_name: 'voxelwise-data migrate',
    schema: JOB_SCHEMA,
    migrate: true,
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  let failure: unknown;
  boss.on('error', error => {
    failure ??= error;
  });
  try {
    await boss.start();
    while (!failure && (await hasIndexesToBuild(boss))) await sleep(100);
  } finally {
    await boss.stop({ graceful: true });
  }
  if (failure) throw failure;
}

async function hasIndexesToBuild(boss: PgBoss): Promise<boolean> {
  const builds = await boss.getBamStatus();
  return builds.some(build => build.status === 'pending' || build.status === 'in_progress');
}
