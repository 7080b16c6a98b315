import { roleOf } from '../database/connection.ts';
import { migrate } from '../database/migrate.ts';
import { UserError } from '../user-error.ts';
import type { CommandContext } from './command-line.ts';

/** `migrate`: schema, job queue and privileges, as the owner of the schema. */
export async function runMigrate(context: CommandContext): Promise<number> {
  const { configuration, postgres } = await context.setup();
  try {
    const { migrationDatabaseUrl: ownerUrl, databaseUrl } = configuration;
    if (!ownerUrl) throw new UserError('MIGRATION_DATABASE_URL is needed: the role that owns the schema.');
    const applied = await migrate({ ownerUrl, appRole: roleOf(databaseUrl) });
    console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}.`);
    return 0;
  } finally {
    await postgres?.stop();
  }
}
