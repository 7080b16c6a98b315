import type { DestinationStream } from 'pino';
import { type Database, openDatabase, roleOf } from './database/connection.ts';
import { migrate, migrationProblem, migrationState } from './database/migrate.ts';
import { assertSafeRole } from './database/safe-role.ts';
import { createLogger, type Logger } from './http/logger.ts';
import { safeError } from './http/safe-error.ts';
import { createServiceMetrics } from './http/service-metrics.ts';
import { archiveAuthority } from './identity/archive-authority.ts';
import { configuredAuthentication } from './identity/configured-authentication.ts';
import { allOf, siteAuthority } from './identity/study-authority.ts';
import { openQueues } from './jobs/queues.ts';
import { assertSealing } from './keys/assert-sealing.ts';
import { configuredKeys } from './keys/key-file.ts';
import type { CompleteConfiguration } from './local-folder.ts';
import { openObjectStore } from './objects/object-store.ts';
import type { Services } from './services.ts';
import { UserError } from './user-error.ts';

export interface OpenedServices extends Services {
  readonly configuration: CompleteConfiguration;
  close(): Promise<void>;
}

/**
 * Opens everything that the service works with, and makes sure that it may be used: the schema is this program's, the database role
 * cannot change the audit trail, the keys are this database's, free text is sealed, the object store answers.
 * @throws UserError
 */
export async function openServices(
  configuration: CompleteConfiguration,
  { isWorker, logTo }: { readonly isWorker: boolean; readonly logTo?: DestinationStream | undefined },
): Promise<OpenedServices> {
  const logger = createLogger(configuration.logLevel, logTo);
  const keys = configuredKeys(configuration);
  // First what may refuse the configuration without having opened anything.
  const authentication = configuredAuthentication(configuration, keys);
  const authority = configuration.archiveUrl
    ? allOf(siteAuthority(), archiveAuthority({ url: configuration.archiveUrl }))
    : siteAuthority();
  if (configuration.migrationDatabaseUrl) {
    await migrate({ ownerUrl: configuration.migrationDatabaseUrl, appRole: roleOf(configuration.databaseUrl) });
  }
  const database = openLoggedDatabase(configuration, logger);
  try {
    const problem = migrationProblem(await migrationState(database.pool));
    if (problem) throw new UserError(problem);
    await assertSafeRole(database.pool);
    await assertSealing(database, keys.keys());
    const objects = await openObjectStore(configuration.objectStore);
    await objects.checkReady();
    const jobs = await openQueues({ databaseUrl: configuration.databaseUrl, logger, isWorker });
    return {
      configuration,
      database,
      keys,
      objects,
      jobs,
      logger,
      metrics: createServiceMetrics(),
      authentication,
      authority,
      async close() {
        await jobs.stop({ graceful: true, timeout: 10_000 });
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function openLoggedDatabase({ databaseUrl, poolSize }: CompleteConfiguration, logger: Logger): Database {
  return openDatabase({
    url: databaseUrl,
    poolSize,
    onConnectionError: error =>
      logger.warn({ reason: 'database connection', error: safeError(error) }, 'connection lost'),
  });
}
