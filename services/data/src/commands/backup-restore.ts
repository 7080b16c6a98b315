import path from 'node:path';
import { recordAudit } from '../audit/audit-event.ts';
import { OUTSIDE_HEADS_PREFIX } from '../audit/outside-object-store.ts';
import { publishHeads } from '../audit/publish-heads.ts';
import { outsideHeadsOf } from '../audit/start-sealing.ts';
import { backup } from '../database/backup/backup.ts';
import type { BackupObjects, OrphanSweep } from '../database/backup/backup-objects.ts';
import { restore } from '../database/backup/restore.ts';
import { openDatabase } from '../database/connection.ts';
import type { CompleteConfiguration } from '../local-folder.ts';
import { openObjectStore } from '../objects/object-store.ts';
import { objectsForBackup } from '../objects/objects-for-backup.ts';
import { UserError } from '../user-error.ts';
import type { CommandContext } from './command-line.ts';

/** `backup <folder>`: database and encrypted objects, without the keys. */
export function runBackup(context: CommandContext): Promise<number> {
  return withOwner(context, 'backup', async ({ ownerUrl, folder, objects, configuration }) => {
    const manifest = await backup({ ownerUrl, folder, objectStore: objects });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    await note(configuration, 'backup.create', rows);
    console.log(
      `${folder} holds ${rows} rows of ${manifest.tables.length} tables${manifest.objects ? ` and ${manifest.objects.count} objects` : ''}.`,
    );
    console.log(
      'It does not hold the keys. Back them up apart: without them nothing in it that is encrypted can be read.',
    );
    if (manifest.orphans) tellOrphans(manifest.orphans);
  });
}

/** `restore <folder>`: into an empty, migrated database. */
export function runRestore(context: CommandContext): Promise<number> {
  return withOwner(context, 'restore', async ({ ownerUrl, folder, objects, configuration }) => {
    const {
      rows,
      objects: count,
      orphans,
      cancelledExports,
    } = await restore({ ownerUrl, folder, objectStore: objects });
    const total = Object.values(rows).reduce((sum, one) => sum + one, 0);
    await note(configuration, 'backup.restore', total);
    console.log(`${total} rows and ${count} objects are restored, and were compared with what the backup says.`);
    if (cancelledExports > 0) console.log(`${cancelledExports} exports were not finished then, and are cancelled.`);
    if (orphans) tellOrphans(orphans);
    await publishMissingHeads(configuration);
    console.log('Now run: voxelwise-data verify-audit --records');
  });
}

interface Place {
  readonly configuration: CompleteConfiguration;
  readonly ownerUrl: string;
  readonly folder: string;
  readonly objects: BackupObjects;
}

async function withOwner(
  { setup, positionals }: CommandContext,
  command: string,
  work: (place: Place) => Promise<void>,
): Promise<number> {
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) throw new UserError(`Name one folder: voxelwise-data ${command} <folder>`);
  const { configuration, postgres } = await setup();
  try {
    const { migrationDatabaseUrl: ownerUrl } = configuration;
    if (!ownerUrl) throw new UserError('MIGRATION_DATABASE_URL is needed: the role that owns the schema.');
    const objects = objectsForBackup(await openObjectStore(configuration.objectStore), OUTSIDE_HEADS_PREFIX);
    await work({
      configuration,
      ownerUrl,
      folder: path.resolve(process.env.INIT_CWD ?? process.cwd(), folder),
      objects,
    });
    return 0;
  } finally {
    await postgres?.stop();
  }
}

async function note(
  { migrationDatabaseUrl }: CompleteConfiguration,
  type: 'backup.create' | 'backup.restore',
  rows: number,
): Promise<void> {
  const owner = openDatabase({ url: migrationDatabaseUrl!, poolSize: 1 });
  try {
    await owner.transaction(transaction =>
      recordAudit(transaction, { type, outcome: 0, actor: null, site: null, detail: { rows } }),
    );
  } finally {
    await owner.close();
  }
}

/** A new, empty place for tree heads gets those that the backup has. */
async function publishMissingHeads(configuration: CompleteConfiguration): Promise<void> {
  const database = openDatabase({ url: configuration.databaseUrl, poolSize: 1 });
  try {
    const objects = await openObjectStore(configuration.objectStore);
    const written = await publishHeads(database, await outsideHeadsOf({ configuration, objects }));
    if (written > 0) console.log(`${written} signed tree heads were not outside of the database, and are now.`);
  } finally {
    await database.close();
  }
}

function tellOrphans({ rowsWithoutObject, objectsWithoutRow }: OrphanSweep): void {
  if (rowsWithoutObject.length > 0) console.log(`Missing in the object store: ${rowsWithoutObject.join(', ')}`);
  if (objectsWithoutRow.length > 0)
    console.log(`${objectsWithoutRow.length} objects belong to no row: what a crash left is swept after a day.`);
}
