import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { SITE } from './environment.ts';

/** Rows of one INSERT. */
const CHUNK = 20_000;

/** Of these a reader has accepted the result. */
const REVIEWED_PART = 0.3;

/** A pseudonym as the service makes them, of whatever is given. */
const pseudonymOf = (text: string) =>
  `'p1:' || left(translate(encode(sha256((${text})::text::bytea), 'base64'), '+/=', '-_'), 43)`;

/** Columns that differ from row to row; all others are those of a record that the service itself has stored. */
const VARIED: Record<string, string> = {
  id: 'gen_random_uuid()',
  site: `CASE WHEN random() < 0.9 THEN '${SITE}' ELSE 'south' END`,
  created_at: `now() - random() * interval '3 years'`,
  record_sha256: 'sha256(uuid_send(gen_random_uuid()))',
  patient: pseudonymOf('number / 3'),
  accession: pseudonymOf('number / 2'),
  // Two predictions of each study.
  study_uid: `'1.3.12.2.1107.5.1.4.1.' || (1000000000 + number / 2)`,
  series_uid: `'1.3.12.2.1107.5.1.4.2.' || (1000000000 + number)`,
  confidence: 'random()',
  algorithm_version: `'0.' || floor(random() * 4) || '.0'`,
};

/** Columns that follow from the review, where there is one, and where there is none. */
const DERIVED: Record<string, [reviewed: string, unreviewed: string]> = {
  status: [`'single-read'`, `'unreviewed'`],
  review_count: ['1', '0'],
  ground_truth: ['payload', 'NULL'],
  ground_truth_level: [`'single'`, 'NULL'],
  agreement: ['1 - random() * 0.2', 'NULL'],
};

const TABLES = ['prediction', 'review', 'audit_event', 'audit_leaf', 'audit_node'] as const;

/** How many predictions there are in all, of both sites. */
export async function countPredictions(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query('SELECT count(*) AS count FROM prediction');
  return Number(rows[0].count);
}

/**
 * Fills the service's tables up to a number of predictions, each with its audit event, some with a review. The rows are those that the
 * service stores, with other ids, patients, studies and numbers; all indexes are kept while they are written.
 */
export async function fillTo(owner: pg.Pool, count: number, onProgress: (rows: number) => void): Promise<void> {
  const existing = await countPredictions(owner);
  const columns = await columnsOf(owner, 'prediction');
  for (let rows = existing; rows < count; rows += CHUNK) {
    const end = Math.min(rows + CHUNK, count);
    await owner.query(chunkStatement(columns, rows, end));
    onProgress(end);
  }
  await owner.query(`VACUUM (ANALYZE) ${TABLES.join(', ')}`);
}

/** Waits until every audit event is sealed, so that what is measured is not the sealing of what was filled in. */
export async function untilSealed(owner: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await owner.query(
      'SELECT count(*) AS count FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_leaf l WHERE l.seq = e.seq)',
    );
    if (Number(rows[0].count) < 5000) return;
    await sleep(2000);
  }
}

/** Bytes on disk of what the predictions have brought, with indexes. */
export async function sizesOf(owner: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await owner.query<{ name: string; bytes: string }>(
    'SELECT name, pg_total_relation_size(name::regclass) AS bytes FROM unnest($1::text[]) AS name',
    [TABLES],
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

async function columnsOf(owner: pg.Pool, table: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    'SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position',
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Predictions, reviews and audit events in one statement: whole, or not at all. */
function chunkStatement(columns: readonly string[], from: number, to: number): string {
  const columnOf = (name: string) => {
    const [reviewed, unreviewed] = DERIVED[name] ?? [];
    if (reviewed) return `CASE WHEN is_reviewed THEN ${reviewed} ELSE ${unreviewed} END`;
    return VARIED[name] ?? `pattern."${name}"`;
  };
  const list = columns.map(name => `"${name}"`).join(', ');
  return `
    WITH pattern AS MATERIALIZED (
      SELECT *, row_number() OVER () - 1 AS ordinal FROM (SELECT * FROM prediction ORDER BY id LIMIT 500) stored
    ),
    event AS MATERIALIZED (
      SELECT event, actor, entity->>'id' AS prediction_id, event::jsonb->>'id' AS event_id
      FROM audit_event, LATERAL (SELECT event::jsonb->'entities'->0 AS entity) first
      WHERE type = 'prediction.create' AND jsonb_array_length(event::jsonb->'entities') = 1 LIMIT 1
    ),
    stored AS (
      INSERT INTO prediction (${list})
      SELECT ${columns.map(columnOf).join(', ')}
      FROM (SELECT number, random() < ${REVIEWED_PART} AS is_reviewed FROM generate_series(${from}, ${to - 1}) AS number) numbers
      JOIN pattern ON ordinal = number % (SELECT count(*) FROM pattern)
      RETURNING id, site, created_at, created_by, status, study_uid
    ),
    reviewed AS (
      INSERT INTO review (id, prediction_id, site, created_at, reader, part, action, content_digest)
      SELECT gen_random_uuid(), id, site, created_at, created_by, 'first', 'accept', ${pseudonymOf('id')}
      FROM stored WHERE status = 'single-read'
    )
    INSERT INTO audit_event (id, at, site, actor, type, outcome, study_uid, event)
    SELECT new_id, created_at, site, actor, 'prediction.create', 0, study_uid,
      replace(replace(event, prediction_id, id::text), event_id, new_id::text)
    FROM (SELECT *, gen_random_uuid() AS new_id FROM stored) numbered, event`;
}
