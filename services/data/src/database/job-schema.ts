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
    // How soon it looks for indexes to build; less is not allowed.
    bamIntervalSeconds: 10,
  });
  let failure: unknown;
  boss.on('error', error => {
    failure ??= error;
  });
  try {
    await boss.start();
    while (!failure && (await hasIndexesToBuild(boss))) await sleep(50);
  } finally {
    await boss.stop({ graceful: true });
  }
  if (failure) throw failure;
}

async function hasIndexesToBuild(boss: PgBoss): Promise<boolean> {
  const builds = await boss.getBamStatus();
  const has = (status: string) => builds.some(build => build.status === status);
  // One that failed holds up those after it; the next migration tries it again.
  return has('in_progress') || (has('pending') && !has('failed'));
}
