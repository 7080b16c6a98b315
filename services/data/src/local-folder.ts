import path from 'node:path';
import type { Configuration } from './configuration.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './database/embedded-postgres.ts';
import { createKeyFile } from './keys/key-file.ts';

/** A configuration in which nothing is missing that the data folder can stand in for. */
export interface CompleteConfiguration extends Configuration {
  readonly databaseUrl: string;
  readonly objectStore: string;
  readonly auditHeads: string;
}

export interface CompletedSetup {
  readonly configuration: CompleteConfiguration;
  /** The embedded database, where this process uses one. */
  readonly postgres: EmbeddedPostgres | null;
}

/**
 * Completes a configuration from a data folder, which is kept between starts: an embedded PostgreSQL where there is no DATABASE_URL, a
 * folder of objects where there is no OBJECT_STORE, a key file that is made once, a folder of tree heads.
 */
export async function completeFromFolder(configuration: Configuration, folder: string): Promise<CompletedSetup> {
  let { keysFile, databaseUrl, migrationDatabaseUrl } = configuration;
  if (!keysFile && !configuration.keysJson) {
    keysFile = path.join(folder, 'keys', 'keys.json');
    await createKeyFile(keysFile);
  }
  let postgres: EmbeddedPostgres | null = null;
  if (!databaseUrl) {
    postgres = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres') });
    databaseUrl = postgres.appUrl;
    migrationDatabaseUrl = postgres.ownerUrl;
  }
  return {
    postgres,
    configuration: {
      ...configuration,
      keysFile,
      databaseUrl,
      migrationDatabaseUrl,
      objectStore: configuration.objectStore ?? path.join(folder, 'objects'),
      auditHeads: configuration.auditHeads ?? path.join(folder, 'audit-heads'),
    },
  };
}

/** A configuration in which nothing that the command needs is missing: readConfiguration was told what that is. */
export function completeFromEnvironment(configuration: Configuration): CompletedSetup {
  return {
    postgres: null,
    configuration: {
      ...configuration,
      databaseUrl: configuration.databaseUrl ?? '',
      objectStore: configuration.objectStore ?? '',
      auditHeads: configuration.auditHeads ?? 'object-store',
    },
  };
}
