import { setTimeout as sleep } from 'node:timers/promises';
import { fromPrisma, getRollbackPlans, PgBoss } from 'pg-boss';
import { type TestDatabase, testDatabase } from './database.test-support.ts';
import { JOB_SCHEMA, migrateJobs } from './job-schema.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

test('the application role runs jobs without owning anything', async () => {
  const problems: unknown[] = [];
  const boss = new PgBoss({
    connectionString: database.appUrl,
    schema: JOB_SCHEMA,
    migrate: false,
    superviseIntervalSeconds: 1,
    maintenanceIntervalSeconds: 1,
  });
  boss.on('error', error => problems.push(error));
  boss.on('warning', warning => problems.push(warning));
  await boss.start();
  await boss.createQueue('exports-dead');
  await boss.createQueue('exports', { policy: 'singleton', retryLimit: 2, deadLetter: 'exports-dead' });
  await boss.updateQueue('exports', { retryLimit: 3 });
  await boss.schedule('exports', '0 3 * * *');

  // In the transaction of a row: rolled back with it, and committed with it.
  const send = (fails: boolean) =>
    database.db.transaction(async transaction => {
      await boss.send('exports', { fails }, { db: fromPrisma(transaction) });
      if (fails) throw new Error('rolled back');
    });
  await expect(send(true)).rejects.toThrow('rolled back');
  await send(false);

  const done: unknown[] = [];
  await boss.work('exports', { pollingIntervalSeconds: 0.5 }, async ([job]) => {
    done.push(job?.data);
  });
  while (done.length === 0) await sleep(50);
  await boss.supervise();
  await sleep(2500);
  await boss.stop();
  expect(done).toEqual([{ fails: false }]);
  expect(problems).toEqual([]);
});

test('an older schema of the job queue is migrated, with its indexes', async () => {
  const version = async () =>
    (await database.owner.pool.query(`SELECT version FROM ${JOB_SCHEMA}.version`)).rows[0].version;
  const current = await version();
  await database.owner.pool.query(getRollbackPlans(JOB_SCHEMA, current));
  expect(await version()).toBe(current - 1);
  await migrateJobs(database.ownerUrl);
  expect(await version()).toBe(current);
  const boss = new PgBoss({ connectionString: database.ownerUrl, schema: JOB_SCHEMA, migrate: false });
  await boss.start();
  expect((await boss.detectSchemaDrift()).ok).toBe(true);
  await boss.stop();
});
