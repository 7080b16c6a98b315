import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PRIVILEGES } from '../database/grants.ts';
import type { TestService } from './service.test-support.ts';

/** Every access adds to these. */
const GROWING = ['audit_event', 'audit_leaf', 'audit_node', 'audit_tree_head'];

/** Number of rows and a checksum of their content for every table of records, and the number of stored files. */
export async function storedState({ database, folder }: TestService): Promise<Record<string, string>> {
  const tables = Object.keys(PRIVILEGES).filter(table => !GROWING.includes(table));
  const { rows } = await database.owner.pool.query<{ name: string; state: string }>(
    tables
      .map(
        table =>
          `SELECT '${table}' AS name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) AS state FROM "${table}" t`,
      )
      .join(' UNION ALL '),
  );
  const files = await readdir(path.join(folder, 'objects'), { recursive: true });
  return { ...Object.fromEntries(rows.map(({ name, state }) => [name, state])), files: String(files.length) };
}
