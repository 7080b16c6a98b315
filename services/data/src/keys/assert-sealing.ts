import { randomUUID } from 'node:crypto';
import type { Database, Transaction } from '../database/connection.ts';
import { createDataKey, openDataKey, unwrapDataKey } from './data-keys.ts';
import { KeyError, SealError } from './errors.ts';
import type { KeyRing } from './key-ring.ts';
import { pseudonym } from './pseudonyms.ts';
import { open, seal, sealedField } from './sealed-fields.ts';

/** Columns of sealed text, each with the CHECK that lets nothing else in. */
export const SEALED_COLUMNS = [
  { table: 'prediction', column: 'note_sealed', check: 'prediction_note_is_sealed' },
  { table: 'review', column: 'correction_sealed', check: 'review_correction_is_sealed' },
  { table: 'review', column: 'reason_sealed', check: 'review_reason_is_sealed' },
  { table: 'emergency_access', column: 'reason_sealed', check: 'emergency_reason_is_sealed' },
] as const;

const PROBE = 'Written at start to see that free text is sealed, and rolled back.';

class RolledBack extends Error {}

/**
 * Checks at start that free text is encrypted in this database, and that these are its keys. It leaves nothing behind.
 * @throws KeyError where the keys do not open what the database holds.
 * @throws SealError where plain text was found, would be accepted, or a sealed value does not open.
 */
export async function assertSealing(db: Database, ring: KeyRing): Promise<void> {
  await assertKeysOpen(db, ring);
  await assertChecks(db);
  await rolledBack(db, tx => assertRoundTrip(tx, ring));
}

/** For each master key that wraps data keys, the newest of them must open. */
async function assertKeysOpen(db: Database, ring: KeyRing): Promise<void> {
  const known = ring.masterKeys.map(key => key.id);
  const foreign = await db.prisma.dataKey.findFirst({
    where: { wrapped: { not: null }, masterKeyId: { notIn: known } },
  });
  if (foreign) {
    throw new KeyError(
      `The keys lack the master key ${foreign.masterKeyId} (they have ${known.join(', ')}), which data keys in this database need. Use the key file that was backed up with it.`,
    );
  }
  for (const masterKeyId of known) {
    const row = await db.prisma.dataKey.findFirst({ where: { masterKeyId, wrapped: { not: null } } });
    if (!row) continue;
    try {
      unwrapDataKey(ring, { ...row, wrapped: row.wrapped! });
    } catch {
      throw new KeyError(
        `The master key ${masterKeyId} does not open the data keys in this database: this is not its key file. Use the one that was backed up with it.`,
      );
    }
  }
}

async function assertChecks(db: Database): Promise<void> {
  const found = await db.prisma.$queryRaw<{ table: string; check: string }[]>`
    SELECT r.relname AS "table", c.conname AS "check" FROM pg_constraint AS c JOIN pg_class AS r ON r.oid = c.conrelid
    WHERE c.contype = 'c' AND c.convalidated AND r.relnamespace = current_schema()::regnamespace`;
  for (const { table, column, check } of SEALED_COLUMNS) {
    if (!found.some(one => one.table === table && one.check === check)) {
      throw new SealError(
        `The database would accept plain text in ${table}.${column}: its constraint ${check} is missing. Restore the schema of the migrations.`,
      );
    }
  }
}

async function assertRoundTrip(tx: Transaction, ring: KeyRing): Promise<void> {
  const dataKey = await createDataKey(tx, ring);
  const id = randomUUID();
  const field = sealedField('emergency_access', 'reason_sealed', id, dataKey);
  await tx.emergencyAccess.createMany({
    data: [
      {
        id,
        site: 'self-check',
        actor: pseudonym(ring, 'person', 'self-check'),
        reasonSealed: seal(field, PROBE),
        dataKeyId: dataKey.id,
        expiresAt: new Date(0),
      },
    ],
  });
  const rows = await tx.$queryRaw<{ raw: string }[]>`
    SELECT row_to_json(e)::text AS "raw" FROM "emergency_access" AS e WHERE e."id" = ${id}::uuid`;
  const raw = rows[0]?.raw ?? '';
  const stored = (JSON.parse(raw) as { reason_sealed: string }).reason_sealed;
  if (raw.includes(PROBE))
    throw new SealError('Free text is stored as it is: emergency_access.reason_sealed is not encrypted.');
  const reopened = await openDataKey(tx, ring, dataKey.id);
  if (open({ ...field, key: reopened.key }, stored) !== PROBE) {
    throw new SealError('Free text that was just sealed reads back as another text.');
  }
}

/** Runs something in a transaction that is always rolled back. */
async function rolledBack(db: Database, run: (tx: Transaction) => Promise<void>): Promise<void> {
  try {
    await db.transaction(async tx => {
      await run(tx);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
}
