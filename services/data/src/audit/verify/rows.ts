// What verification reads from the database, in pages of bounded size, in one snapshot.
import type { StoredAuditEvent } from '../audit-event.ts';
import { eventLeafHash, type ListedLeaf } from '../tree-head.ts';
import type { Queryable, TreeNode } from '../tree-store.ts';

/** Rows that are read at once. */
export const PAGE = 2_000;

/** An audit row, all of it. */
export interface EventRow {
  seq: bigint;
  id: string;
  /** ISO 8601, UTC, milliseconds. */
  at: string;
  site: string | null;
  actor: string | null;
  type: string;
  outcome: number;
  studyUid: string | null;
  event: string;
  transactionId: bigint;
}

interface RawEvent {
  seq: string;
  id: string;
  at: string;
  site: string | null;
  actor: string | null;
  type: string;
  outcome: number;
  study_uid: string | null;
  event: string;
  transaction_id: string;
}

// As text: a tampered time may be one that JavaScript does not have, such as infinity.
const EVENT_COLUMNS = `e.seq, e.id, e.site, e.actor, e.type, e.outcome, e.study_uid, e.event, e.transaction_id,
  to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`;

function eventOf(row: RawEvent): EventRow {
  return {
    seq: BigInt(row.seq),
    id: row.id,
    at: row.at ?? 'never',
    site: row.site,
    actor: row.actor,
    type: row.type,
    outcome: row.outcome,
    studyUid: row.study_uid,
    event: row.event,
    transactionId: BigInt(row.transaction_id),
  };
}

/** A leaf in the database, and the row that it points to. */
export interface LeafRow {
  leaf: ListedLeaf;
  row?: EventRow;
}

/** Leaves by their index, all that claim it: there should be one. What is missing is missing. */
export async function leafRows(client: Queryable, start: number, end: number): Promise<Map<number, LeafRow[]>> {
  const { rows } = await client.query<RawEvent & { leaf_index: string; leaf_seq: string; leaf_hash: Buffer }>(
    `SELECT l.leaf_index, l.seq AS leaf_seq, l.leaf_hash, ${EVENT_COLUMNS}
    FROM audit_leaf l LEFT JOIN audit_event e ON e.seq = l.seq WHERE l.leaf_index >= $1 AND l.leaf_index < $2`,
    [start, end],
  );
  const leaves = new Map<number, LeafRow[]>();
  for (const row of rows) {
    const index = Number(row.leaf_index);
    const leaf: LeafRow = {
      leaf: { seq: BigInt(row.leaf_seq), hash: row.leaf_hash },
      ...(row.seq !== null && { row: eventOf(row) }),
    };
    const same = leaves.get(index);
    if (same) same.push(leaf);
    else leaves.set(index, [leaf]);
  }
  return leaves;
}

export async function eventRows(client: Queryable, seqs: readonly bigint[]): Promise<Map<bigint, EventRow>> {
  if (seqs.length === 0) return new Map();
  const { rows } = await client.query<RawEvent>(
    `SELECT ${EVENT_COLUMNS} FROM audit_event e WHERE e.seq = ANY($1::bigint[])`,
    [seqs],
  );
  return new Map(rows.map(row => [BigInt(row.seq), eventOf(row)]));
}

/** Rows that no leaf below `size` points to, by `seq`. */
export async function* rowsWithoutLeaf(client: Queryable, size: number): AsyncGenerator<EventRow> {
  let after: string | null = null;
  for (;;) {
    const { rows }: { rows: RawEvent[] } = await client.query<RawEvent>(
      `SELECT ${EVENT_COLUMNS} FROM audit_event e
      WHERE ($1::bigint IS NULL OR e.seq > $1)
        AND NOT EXISTS (SELECT FROM audit_leaf l WHERE l.seq = e.seq AND l.leaf_index >= 0 AND l.leaf_index < $2)
      ORDER BY e.seq LIMIT $3`,
      [after, size, PAGE],
    );
    for (const row of rows) yield eventOf(row);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.seq ?? null;
  }
}

/** Leaves that are beyond the tree, or before its beginning: how many, and the first of them. */
export async function leavesBeyond(
  client: Queryable,
  size: number,
): Promise<{ count: number; leafIndex: number; seq: bigint } | undefined> {
  const { rows } = await client.query(
    `SELECT leaf_index, seq, count(*) OVER () AS count FROM audit_leaf WHERE leaf_index < 0 OR leaf_index >= $1
    ORDER BY leaf_index LIMIT 1`,
    [size],
  );
  const row = rows[0];
  return row && { count: Number(row.count), leafIndex: Number(row.leaf_index), seq: BigInt(row.seq) };
}

/** Of these subtree hashes, those that the database has otherwise or not at all. */
export async function differingNodes(client: Queryable, nodes: readonly TreeNode[]): Promise<TreeNode[]> {
  if (nodes.length === 0) return [];
  const { rows } = await client.query<{ place: string }>(
    `SELECT place - 1 AS place FROM unnest($1::int[], $2::bigint[], $3::bytea[]) WITH ORDINALITY AS o (level, index, hash, place)
    WHERE NOT EXISTS (SELECT FROM audit_node n WHERE n.level = o.level AND n.index = o.index AND n.hash = o.hash)`,
    [nodes.map(node => node.level), nodes.map(node => node.index), nodes.map(node => node.hash)],
  );
  return rows.map(row => nodes[Number(row.place)] as TreeNode);
}

/** Columns of a row that are not what its event says. `event` alone where the event is no JSON. */
export function differingColumns(row: EventRow): string[] {
  let event: Partial<StoredAuditEvent>;
  try {
    event = JSON.parse(row.event);
    if (typeof event !== 'object' || event === null) return ['event'];
  } catch {
    return ['event'];
  }
  const copies: [string, unknown, unknown][] = [
    ['id', row.id, event.id],
    ['at', row.at, event.at],
    ['site', row.site, event.site ?? null],
    ['actor', row.actor, event.actor ?? null],
    ['type', row.type, event.type],
    ['outcome', row.outcome, event.outcome],
    ['study_uid', row.studyUid, event.studyUid ?? null],
  ];
  return copies.flatMap(([name, copy, original]) => (copy === original ? [] : [name]));
}

export function rowHash(row: EventRow): Buffer {
  return eventLeafHash(row);
}
