import path from 'node:path';
import { recordAudit } from '../audit/audit-event.ts';
import { openDatabase } from '../database/connection.ts';
import { advancePseudonyms, countOldPseudonyms } from '../keys/advance-pseudonyms.ts';
import { addMasterKey, addPseudonymKey, addSigningKey, createKeyFile, openKeyFile } from '../keys/key-file.ts';
import { rewrapDataKeys } from '../keys/rewrap-data-keys.ts';
import { UserError } from '../user-error.ts';
import type { CommandContext } from './command-line.ts';

/** How long every running process may take to notice that the key file has changed: it looks on every use. */
const NOTICE_MS = 2000;

/**
 * `rotate-keys`: adds a new key and puts it to use while the service runs. With none of --master, --pseudonyms, --signing it goes on with
 * what an earlier, interrupted run had begun.
 */
export async function runRotateKeys(context: CommandContext): Promise<number> {
  const { master, pseudonyms, signing, create } = context.options;
  if (create !== undefined) return createNew(path.resolve(create));

  const { configuration, postgres } = await context.setup();
  const { keysFile, migrationDatabaseUrl } = configuration;
  if (!keysFile) throw new UserError('Keys can be rotated in a key file alone: KEYS_FILE, not KEYS_JSON.');
  if (!migrationDatabaseUrl)
    throw new UserError(
      'MIGRATION_DATABASE_URL is needed: stored pseudonyms are rewritten as the owner of the schema.',
    );
  const owner = openDatabase({ url: migrationDatabaseUrl, poolSize: 2 });
  try {
    if (master) console.log(`New master key ${await addMasterKey(keysFile)}.`);
    if (pseudonyms) console.log(`New pseudonym key, version ${await addPseudonymKey(keysFile)}.`);
    if (signing) console.log(`New signing key ${await addSigningKey(keysFile)}.`);
    const keys = openKeyFile(keysFile).keys();
    await new Promise(resolve => setTimeout(resolve, NOTICE_MS));

    const { rewrapped, left, unopened } = await rewrapDataKeys(owner, keys);
    console.log(`${rewrapped} data keys are wrapped with the current master key.`);
    for (const [id, count] of left) console.log(`The master key ${id} still wraps ${count} data keys: keep it.`);
    if (unopened.length > 0)
      throw new UserError(
        `${unopened.length} data keys do not open with any master key. The key file is not complete.`,
      );
    const advanced = await advancePseudonyms(owner.pool, keys);
    const old = await countOldPseudonyms(owner.pool, keys);
    console.log(
      `${advanced} pseudonyms are of the newest version${old > 0 ? `; ${old} came meanwhile: run rotate-keys again` : ''}.`,
    );
    await owner.transaction(transaction =>
      recordAudit(transaction, {
        type: 'keys.rotate',
        outcome: 0,
        actor: null,
        site: null,
        detail: { master: !!master, pseudonyms: !!pseudonyms, signing: !!signing, rewrapped, advanced },
      }),
    );
    return 0;
  } finally {
    await owner.close();
    await postgres?.stop();
  }
}

async function createNew(file: string): Promise<number> {
  if (!(await createKeyFile(file))) throw new UserError(`${file} is there already, and is left as it is.`);
  console.log(
    `New keys are in ${file}. Back them up, apart from database and objects: without them nothing that is encrypted can be read again.`,
  );
  return 0;
}
