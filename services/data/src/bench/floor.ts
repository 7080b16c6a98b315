import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SITE } from './environment.ts';

/** The least that storing can cost: rows of the same size written to the same tables by node-postgres, with prepared statements. */
export interface Floor {
  /** One transaction: so many predictions, and their audit event. */
  insert(predictions: number): Promise<void>;
  close(): Promise<void>;
}

type Values = (string | null)[];

/** @param source database of the service, with records in it: their columns are what is written again, under new ids */
export async function openFloor(source: pg.Pool, url: string, connections: number): Promise<Floor> {
  const predictions = await rowsOf(source, 'prediction', 'true');
  const events = await rowsOf(source, 'audit_event', `type = 'prediction.create'`);
  const pool = new pg.Pool({ connectionString: url, max: connections });
  let next = 0;
  const take = ({ rows, idColumn }: Rows): Values => {
    const row = [...rows[next++ % rows.length]!];
    row[idColumn] = randomUUID();
    return row;
  };
  // The events of batches name each record: the right one is the one of as many records.
  const eventsOf = (count: number): Rows => ({
    ...events,
    rows: events.rows.filter(row => row.some(value => value?.includes(`"created":${count},`))),
  });
  return {
    async insert(count) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const rows = Array.from({ length: count }, () => take(predictions));
        await client.query(insertStatement('prediction', predictions.columns, rows));
        await client.query(insertStatement('audit_event', events.columns, [take(eventsOf(count))]));
        await client.query('COMMIT');
        client.release();
      } catch (error) {
        client.release(error as Error);
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly Values[];
  readonly idColumn: number;
}

/** Rows as text, without the columns that the database fills in. */
async function rowsOf(source: pg.Pool, table: string, condition: string): Promise<Rows> {
  const { rows: names } = await source.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
    WHERE table_name = $1 AND column_name NOT IN ('created_at', 'seq', 'transaction_id') ORDER BY ordinal_position`,
    [table],
  );
  const columns = names.map(({ name }) => name);
  const texts = columns.map(name => `"${name}"::text`).join(', ');
  const { rows } = await source.query({
    text: `SELECT ${texts} FROM "${table}" WHERE ${condition} LIMIT 500`,
    rowMode: 'array',
  });
  if (rows.length === 0) throw new Error(`There is no row of ${table} at ${SITE} to take as a pattern.`);
  return { columns, rows, idColumn: columns.indexOf('id') };
}

function insertStatement(table: string, columns: readonly string[], rows: readonly Values[]) {
  let parameter = 0;
  const tuples = rows.map(row => `(${row.map(() => `$${++parameter}`).join(', ')})`);
  return {
    name: `${table} ${rows.length}`,
    text: `INSERT INTO "${table}" (${columns.map(name => `"${name}"`).join(', ')}) VALUES ${tuples.join(', ')}`,
    values: rows.flat(),
  };
}
