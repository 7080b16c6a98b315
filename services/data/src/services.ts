import type { PgBoss } from 'pg-boss';
import type { Configuration } from './configuration.ts';
import type { Database } from './database/connection.ts';
import type { Logger } from './http/logger.ts';
import type { ServiceMetrics } from './http/service-metrics.ts';
import type { ConfiguredAuthentication } from './identity/configured-authentication.ts';
import type { StudyAuthority } from './identity/study-authority.ts';
import type { KeyProvider } from './keys/key-ring.ts';
import type { ObjectStore } from './objects/object-store.ts';

/** What handlers and jobs work with. Made once per process, in service.ts. */
export interface Services {
  readonly configuration: Configuration;
  readonly database: Database;
  readonly keys: KeyProvider;
  readonly objects: ObjectStore;
  readonly authentication: ConfiguredAuthentication;
  readonly authority: StudyAuthority;
  readonly jobs: PgBoss;
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
}
