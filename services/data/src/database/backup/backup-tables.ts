import type pg from 'pg';

/** A table to be backed up. */
export interface BackupTable {
  name: string;
  columns: string[];
}

/**
 * Columns that are not backed up. A transaction's number means something to the server that gave it only: a restored event counts as
 * written by the transaction that restores it.
 */
const LEFT_OUT = new Set(['audit_event.transaction_id']);

/** Prisma's note of the migrations: restoring goes into a database that has its own. */
const MIGRATIONS_TABLE = '_prisma_migrations';

/** All tables of the schema, each after those that its foreign keys point at. */
export async function backupTables(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; references: string[] }>(
    `SELECT relname::text AS name,
       ARRAY(SELECT attname::text FROM pg_attribute
         WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
       ARRAY(SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
         WHERE conrelid = t.oid AND contype = 'f' AND confrelid <> t.oid) AS references
     FROM pg_class t WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname <> $1 ORDER BY relname`,
    [MIGRATIONS_TABLE],
  );
  const ordered: BackupTable[] = [];
  const waiting = rows.map(row => ({ ...row, references: row.references.map(name => name.replaceAll('"', '')) }));
  while (waiting.length > 0) {
    const next = waiting.findIndex(table => table.references.every(name => ordered.some(one => one.name === name)));
    if (next < 0) throw new Error(`The foreign keys of ${waiting.map(table => table.name).join(', ')} form a circle.`);
    const [{ name, columns } = { name: '', columns: [] }] = waiting.splice(next, 1);
    ordered.push({ name, columns: columns.filter(column => !LEFT_OUT.has(`${name}.${column}`)) });
  }
  return ordered;
}

/** The table with its columns, for COPY. */
export function copyTarget(client: pg.Client, { name, columns }: BackupTable): string {
  return `public.${client.escapeIdentifier(name)} (${columns.map(column => client.escapeIdentifier(column)).join(', ')})`;
}

/** Keys in the object store that rows name. */
export async function storageKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(
    'SELECT storage_key AS key FROM stored_object UNION SELECT storage_key FROM export_file',
  );
  return rows.map(row => row.key);
}

/** Migrations applied to the database, in order, with the SHA-256 of their files. */
export async function appliedMigrations(client: pg.Client): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query(
    `SELECT migration_name AS name, checksum FROM "${MIGRATIONS_TABLE}"
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}
