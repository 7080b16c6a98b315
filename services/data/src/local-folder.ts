import path from 'node:path';
import type { Configuration } from './configuration.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './database/embedded-postgres.ts';
import { createKeyFile } from './keys/key-file.ts';
import { UserError } from './user-error.ts';

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

/**
 * Completes a configuration without a data folder.
 * @throws UserError with everything that is missing
 */
export function completeFromEnvironment(configuration: Configuration): CompletedSetup {
  const { databaseUrl, objectStore, keysFile, keysJson, oidc } = configuration;
  const missing = [
    databaseUrl ? '' : 'DATABASE_URL, the PostgreSQL of the service (or --data <folder> for an embedded one)',
    objectStore ? '' : 'OBJECT_STORE, such as s3://bucket?endpoint=https://... or a folder',
    keysFile || keysJson ? '' : 'KEYS_FILE, made by: voxelwise-data rotate-keys --create <file>',
    oidc
      ? ''
      : 'OIDC_ISSUER and OIDC_AUDIENCE, the identity provider (or --local for single-user mode on this machine)',
  ].filter(text => text !== '');
  if (missing.length > 0)
    throw new UserError(`The configuration is not complete. Set:\n${missing.map(text => `  - ${text}`).join('\n')}`);
  return {
    postgres: null,
    configuration: {
      ...configuration,
      databaseUrl: databaseUrl!,
      objectStore: objectStore!,
      auditHeads: configuration.auditHeads ?? 'object-store',
    },
  };
}
