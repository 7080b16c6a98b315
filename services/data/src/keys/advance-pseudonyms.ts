import type pg from 'pg';
import type { KeyRing } from './key-ring.ts';
import { advance, type PseudonymDomain } from './pseudonyms.ts';

/** A column of pseudonyms, and the primary key of its table. */
interface PseudonymColumn {
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
  readonly domain: PseudonymDomain;
  /** Which rows hold pseudonyms of this domain, where not all do. */
  readonly where?: string;
}

/**
 * Every column of pseudonyms but those of the audit trail: its events are sealed, and keep the pseudonyms that they were written with.
 * A test finds columns that are missing here.
 */
export const PSEUDONYM_COLUMNS: readonly PseudonymColumn[] = [
  { table: 'prediction', key: ['id'], column: 'patient', domain: 'patient' },
  { table: 'prediction', key: ['id'], column: 'accession', domain: 'accession' },
  { table: 'prediction', key: ['id'], column: 'created_by', domain: 'person' },
  { table: 'review', key: ['id'], column: 'reader', domain: 'person' },
  { table: 'review', key: ['id'], column: 'content_digest', domain: 'content' },
  { table: 'stored_object', key: ['site', 'sha256'], column: 'created_by', domain: 'person' },
  { table: 'emergency_access', key: ['id'], column: 'actor', domain: 'person' },
  { table: 'export', key: ['id'], column: 'requested_by', domain: 'person' },
  {
    table: 'export_identifier',
    key: ['export_id', 'domain', 'replacement'],
    column: 'original',
    domain: 'patient',
    where: `"domain" = 'patient'`,
  },
  { table: 'split_assignment', key: ['site', 'line', 'patient'], column: 'patient', domain: 'patient' },
];

export interface AdvanceOptions {
  /** Rows per transaction. */
  readonly batch?: number;
  readonly onProgress?: (advanced: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Rewrites stored pseudonyms to the newest version of the key, in small transactions, while others read and write: everybody looks for
 * all versions. Running it again, after it was interrupted, goes on where it was.
 * @param owner connects as the owner of the schema: the application may not change reviews
 * @returns how many were rewritten
 */
export async function advancePseudonyms(owner: pg.Pool, keys: KeyRing, options: AdvanceOptions = {}): Promise<number> {
  let advanced = 0;
  for (const column of PSEUDONYM_COLUMNS) {
    for await (const count of advanceColumn(owner, keys, column, options)) {
      advanced += count;
      options.onProgress?.(advanced);
      if (options.signal?.aborted) return advanced;
    }
  }
  return advanced;
}

/** How many stored pseudonyms are of an older version. */
export async function countOldPseudonyms(pool: pg.Pool, keys: KeyRing): Promise<number> {
  let count = 0;
  for (const column of PSEUDONYM_COLUMNS) {
    const { rows } = await pool.query<{ count: string }>(
      `SELECT count(*) FROM "${column.table}" WHERE ${isOld(column, keys)}`,
    );
    count += Number(rows[0]!.count);
  }
  return count;
}

function isOld({ column, where }: PseudonymColumn, keys: KeyRing): string {
  const newest = keys.pseudonymKeys.length;
  return `"${column}" ~ '^p[0-9]+:' AND "${column}" NOT LIKE 'p${newest}:%'${where ? ` AND ${where}` : ''}`;
}

async function* advanceColumn(
  owner: pg.Pool,
  keys: KeyRing,
  pseudonyms: PseudonymColumn,
  { batch = 1000 }: AdvanceOptions,
): AsyncGenerator<number> {
  const { table, key, column, domain } = pseudonyms;
  const keyColumns = key.map(name => `"${name}"::text`).join(', ');
  let last: string[] | null = null;
  for (;;) {
    const behind: string = last ? ` AND (${keyColumns}) > (${last.map((_, index) => `$${index + 1}`).join(', ')})` : '';
    const { rows }: pg.QueryResult<Record<string, string>> = await owner.query(
      `SELECT ${key.map(name => `"${name}"::text AS "key ${name}"`).join(', ')}, "${column}" AS "old" FROM "${table}"
       WHERE ${isOld(pseudonyms, keys)}${behind} ORDER BY ${keyColumns} LIMIT ${batch}`,
      last ?? [],
    );
    const lastRow: Record<string, string> | undefined = rows.at(-1);
    if (!lastRow) return;
    last = key.map(name => lastRow[`key ${name}`]!);
    const values = [...new Set(rows.map(row => row.old!))].map(old => [old, advance(keys, domain, old)] as const);
    // A row that was erased, or advanced by another run, meanwhile has another value and stays as it is.
    await owner.query(
      `UPDATE "${table}" AS t SET "${column}" = v.new
       FROM (SELECT unnest($1::text[]) AS old, unnest($2::text[]) AS new) v, (SELECT ${key.map((_, index) => `unnest($${index + 3}::text[]) AS k${index}`).join(', ')}) k
       WHERE t."${column}" = v.old AND ${key.map((name, index) => `t."${name}"::text = k.k${index}`).join(' AND ')}`,
      [
        values.map(([old]) => old),
        values.map(([, next]) => next),
        ...key.map(name => rows.map(row => row[`key ${name}`])),
      ],
    );
    yield rows.length;
  }
}
