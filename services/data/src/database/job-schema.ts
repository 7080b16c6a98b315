import type pg from 'pg';
import { PgBoss } from 'pg-boss';

/** The schema that pg-boss keeps its jobs in. */
export const JOB_SCHEMA = 'pgboss';

/**
 * Makes or migrates the tables of the job queue, as the owner. The application then starts pg-boss with `migrate: false`.
 * The caller holds the migration lock.
 */
export async function migrateJobs(client: pg.Client): Promise<void> {
  const boss = new PgBoss({
    db: { executeSql: (text: string, values?: unknown[]) => client.query(text, values) },
    schema: JOB_SCHEMA,
    migrate: true,
    supervise: false,
    schedule: false,
  });
  const failure = new Promise<never>((_, reject) => boss.on('error', reject));
  failure.catch(() => {});
  await Promise.race([boss.start(), failure]);
  await boss.stop({ graceful: true });
}
