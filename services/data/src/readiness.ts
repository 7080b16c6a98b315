import { setTimeout as sleep } from 'node:timers/promises';
import { auditSealLag } from './audit/sealer.ts';
import { migrationProblem, migrationState } from './database/migrate.ts';
import type { ReadinessChecks } from './http/operations.ts';
import type { Services } from './services.ts';

const CHECK_LIMIT_MS = 3000;
/** Sealing that is this late means that no worker runs. */
const LATEST_SEAL_S = 600;

/** What /readyz asks: database, schema, keys, object store, identity provider, sealing. Sentences without values. */
export async function readinessOf(services: Services): Promise<ReadinessChecks> {
  const { database, keys, objects, authentication, metrics } = services;
  const checks: Record<string, () => Promise<string>> = {
    database: async () => {
      await database.pool.query('SELECT 1');
      return '';
    },
    schema: async () => migrationProblem(await migrationState(database.pool)) ?? '',
    keys: async () => {
      keys.keys();
      return keys.problem() ?? '';
    },
    objects: async () => {
      await objects.checkReady();
      return '';
    },
    identity: async () => (await authentication.problem()) ?? '',
    audit: async () => {
      const { rows, oldestMs } = await auditSealLag(database);
      const oldestAgeS = oldestMs / 1000;
      metrics.unsealedEvents.set(rows);
      metrics.oldestUnsealedSeconds.set(oldestAgeS);
      return oldestAgeS > LATEST_SEAL_S
        ? `Audit events wait for ${Math.round(oldestAgeS)} s to be sealed: is a worker running?`
        : '';
    },
  };
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => {
      const timeout = sleep(CHECK_LIMIT_MS, `No answer within ${CHECK_LIMIT_MS / 1000} s.`, { ref: false });
      const result = check().catch(() => 'It cannot be used right now.');
      return [name, await Promise.race([result, timeout])];
    }),
  );
  return Object.fromEntries(results);
}
