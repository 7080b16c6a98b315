import { randomUUID } from 'node:crypto';
import type { Database } from '../database/connection.ts';
import type { Frontier } from './merkle-tree.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { inSession } from './session.ts';
import {
  type AuditSigner,
  eventLeafHash,
  headSignature,
  type OutsideHead,
  outsideHeadBytes,
  outsideHeadName,
  parseOutsideHeadName,
  type SignedTreeHead,
  signHead,
} from './tree-head.ts';
import {
  DamagedTreeError,
  insertTree,
  isKept,
  leavesBetween,
  newestHead,
  type Queryable,
  readFrontier,
  sizeBefore,
  type TreeNode,
} from './tree-store.ts';

/** Why nothing is sealed until somebody looks into it. The message says what to do. */
export class SealingStoppedError extends Error {
  override name = 'SealingStoppedError';
}

export interface SealOptions {
  signer: AuditSigner;
  outside: OutsideHeads;
  /** Rows that get a head at once, about: those of one transaction stay together. */
  batchRows?: number;
  /** Goes on with another tree identity although newer heads are outside: after a restore that lost the end of the tree. */
  afterLoss?: boolean;
}

export interface SealResult {
  /** Rows that are in the tree now and were not before. */
  sealed: number;
  /** Another process was sealing, so that nothing was done. */
  busy: boolean;
  /** More rows can be sealed at once. */
  more: boolean;
  head?: SignedTreeHead;
}

/** Serializes the sealers of all processes: a number of our own. */
const SEALING_LOCK = 20_261_131;

const BATCH_ROWS = 10_000;

/**
 * Takes unsealed audit rows into the tree, signs its head, and writes the head outside. Several processes may call it; one does
 * it at a time. Of heads that are in the database at most the newest can be missing outside, where a process died in between:
 * the next call writes it before anything else.
 *
 * Rows of transactions that are still running, or younger than one that is, are left for later. So a row that commits late is
 * in a later head, although its `seq` is lower.
 *
 * @throws SealingStoppedError where the tree in the database is not the one that was signed, or older than what is outside
 */
export async function sealAudit(db: Pick<Database, 'pool'>, options: SealOptions): Promise<SealResult> {
  const { signer, outside } = options;
  const outcome = await inSession(db.pool, 'BEGIN', async client => {
    if (!(await lock(client))) return 'busy';
    const previous = await newestHead(client);
    const frontier = previous ? await verifiedFrontier(client, previous, signer) : await readFrontier(client, 0);
    if (previous) await writeIfMissing(client, previous, outside);
    if (!options.afterLoss) await refuseIfOlder(client, previous, outside);
    return sealBatch(client, { ...options, previous, frontier });
  });
  if (outcome === 'busy') return { sealed: 0, busy: true, more: false };
  if (outcome === undefined) return { sealed: 0, busy: false, more: false };
  const { batch, more } = outcome;
  await outside.write(outsideHeadName(batch.head), outsideHeadBytes(batch));
  return { sealed: batch.leaves.length, busy: false, more, head: batch.head };
}

async function lock(client: Queryable): Promise<boolean> {
  // A large backlog takes longer than statements of the service may.
  await client.query("SET LOCAL statement_timeout = '10min'");
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [SEALING_LOCK]);
  return rows[0].locked;
}

/** Nothing is added to a tree that is not the signed one: the signature would cover what was changed. */
async function verifiedFrontier(client: Queryable, head: SignedTreeHead, signer: AuditSigner): Promise<Frontier> {
  const signature = headSignature(head, signer.publicKeys);
  if (signature === 'unknown-key') {
    throw new SealingStoppedError(
      `Audit sealing stopped: the newest tree head (${head.size} events) is signed with the key ${head.keyId}, which the key file lacks. Put its public key back.`,
    );
  }
  if (signature !== 'valid') throw damaged(head);
  const frontier = await readFrontier(client, head.size).catch(error => {
    if (error instanceof DamagedTreeError) throw damaged(head);
    throw error;
  });
  if (!frontier.root().equals(head.root)) throw damaged(head);
  return frontier;
}

function damaged(head: SignedTreeHead): SealingStoppedError {
  return new SealingStoppedError(
    `Audit sealing stopped: the tree of ${head.size} events in the database is not the one that was signed. Run verify-audit, which names what was changed.`,
  );
}

/** What a process that died between its commit and its writing outside has left to do. */
async function writeIfMissing(client: Queryable, head: SignedTreeHead, outside: OutsideHeads): Promise<void> {
  const name = outsideHeadName(head);
  if (await outside.read(name)) return;
  const from = await sizeBefore(client, head.size);
  await outside.write(name, outsideHeadBytes({ head, from, leaves: await leavesBetween(client, from, head.size) }));
}

async function refuseIfOlder(
  client: Queryable,
  previous: SignedTreeHead | undefined,
  outside: OutsideHeads,
): Promise<void> {
  const newer = await headOutsideOnly(client, previous, outside);
  if (!newer) return;
  throw new SealingStoppedError(
    `Audit sealing stopped: outside the database is a head of ${newer.size} events (${newer.name}), and the database has ${previous?.size ?? 0} sealed events. ` +
      'It was rolled back, or the heads belong to another database. Run verify-audit; after a restore, continue the tree.',
  );
}

/** A head outside that the database does not know: then it lost its end, or was replaced. */
export async function headOutsideOnly(
  client: Queryable,
  newest: SignedTreeHead | undefined,
  outside: OutsideHeads,
): Promise<{ name: string; size: number } | undefined> {
  const known = new Map<string, boolean>();
  for await (const name of outside.list(newest && outsideHeadName(newest))) {
    const parsed = parseOutsideHeadName(name);
    if (!parsed) continue;
    const { treeId, size } = parsed;
    if (!known.has(treeId)) {
      const { rows } = await client.query('SELECT EXISTS (SELECT FROM audit_tree_head WHERE tree_id = $1) AS known', [
        treeId,
      ]);
      known.set(treeId, rows[0].known);
    }
    // Heads of an earlier identity are the ones that a restore lost, and that somebody has confirmed.
    if (!known.get(treeId) || treeId === newest?.treeId) return { name, size };
  }
  return undefined;
}

interface SealedBatch {
  batch: OutsideHead;
  more: boolean;
}

interface BatchOptions extends SealOptions {
  previous: SignedTreeHead | undefined;
  frontier: Frontier;
}

async function sealBatch(client: Queryable, options: BatchOptions): Promise<SealedBatch | undefined> {
  const { previous, frontier, signer, afterLoss, batchRows = BATCH_ROWS } = options;
  const moment = await readMoment(client);
  const due = await dueRows(client, sealedBefore(previous, moment), moment, batchRows);
  if (due.rows.length === 0) return undefined;

  const from = frontier.size;
  const nodes: TreeNode[] = [];
  const leaves = due.rows.map(row => {
    const seq = BigInt(row.seq);
    const hash = eventLeafHash({ seq, event: row.event, transactionId: BigInt(row.transaction_id) });
    frontier.append(hash, (level, index, hashed) => {
      if (isKept(level)) nodes.push({ level, index, hash: hashed });
    });
    return { seq, hash };
  });
  const head = signHead(
    {
      treeId: previous && !afterLoss ? previous.treeId : randomUUID(),
      size: frontier.size,
      root: frontier.root(),
      // Names of outside heads sort by time, so time must not go back where a clock is put right.
      at: previous && previous.at > moment.at ? previous.at : moment.at,
      cluster: moment.cluster,
      horizon: due.horizon,
      ceiling: await nextTransaction(client),
    },
    signer,
  );
  await insertTree(client, head, from, leaves, nodes);
  return { batch: { head, from, leaves }, more: due.more };
}

/** Which transactions are over. */
interface Moment {
  cluster: string;
  /** All transactions before this one are over. */
  over: bigint;
  /** No transaction from this one on was over. */
  open: bigint;
  at: Date;
}

async function readMoment(client: Queryable): Promise<Moment> {
  const { rows } = await client.query(`
    SELECT (SELECT system_identifier::text FROM pg_control_system()) AS cluster, clock_timestamp()::timestamptz(3) AS at,
      pg_snapshot_xmin(snapshot)::text AS over, pg_snapshot_xmax(snapshot)::text AS open
    FROM pg_current_snapshot() AS snapshot`);
  const { cluster, at, over, open } = rows[0];
  return { cluster, at, over: BigInt(over), open: BigInt(open) };
}

/** The number of this transaction, which gets it now: all that have begun before have smaller ones. */
async function nextTransaction(client: Queryable): Promise<bigint> {
  const { rows } = await client.query('SELECT pg_current_xact_id()::text AS id');
  return BigInt(rows[0].id);
}

/**
 * All rows of transactions before this one are in the tree. After a restore into another PostgreSQL installation, which counts
 * its transactions from elsewhere, nothing is known: then all rows are looked through once.
 */
function sealedBefore(head: SignedTreeHead | undefined, { cluster }: { cluster: string }): bigint {
  return head?.cluster === cluster ? head.horizon : 0n;
}

interface DueRow {
  seq: string;
  transaction_id: string;
  event: string;
}

const UNSEALED = 'NOT EXISTS (SELECT FROM audit_leaf WHERE audit_leaf.seq = audit_event.seq)';

async function dueRows(
  client: Queryable,
  start: bigint,
  moment: Moment,
  limit: number,
): Promise<{ rows: DueRow[]; horizon: bigint; more: boolean }> {
  const read = async (condition: string, values: unknown[]) =>
    (
      await client.query<DueRow>(
        `SELECT seq, transaction_id, event FROM audit_event WHERE ${condition} AND ${UNSEALED} ORDER BY seq`,
        values,
      )
    ).rows;
  const until = (end: bigint) => read('transaction_id >= $1 AND transaction_id < $2', [start, end]);
  // Rows of transactions that were not over then: what was committed since, and what was restored from an installation that has
  // counted further. Whoever sees them sees them for good.
  const later = await read('transaction_id >= $1', [moment.open]);

  const { rows } = await client.query<{ transaction_id: string }>(
    `SELECT transaction_id FROM audit_event WHERE transaction_id >= $1 AND transaction_id < $2 AND ${UNSEALED}
    ORDER BY transaction_id OFFSET $3 LIMIT 1`,
    [start, moment.over, limit],
  );
  if (!rows[0]) return { rows: [...(await until(moment.over)), ...later], horizon: moment.over, more: false };
  // More than a batch: up to this transaction, or all of it where it alone is as large.
  const end = BigInt(rows[0].transaction_id);
  const due = await until(end);
  if (due.length > 0) return { rows: [...due, ...later], horizon: end, more: true };
  return { rows: [...(await until(end + 1n)), ...later], horizon: end + 1n, more: true };
}

/** How far sealing is behind. */
export interface SealLag {
  /** Rows that are not sealed. */
  rows: number;
  /** Age of the oldest of them, by its own time; 0 where there is none. */
  oldestMs: number;
}

/** Counts the rows that are not sealed yet. Costs little, as it looks at transactions behind the newest head only. */
export async function auditSealLag(db: Pick<Database, 'pool'>): Promise<SealLag> {
  const head = await newestHead(db.pool);
  const { cluster, at } = await readMoment(db.pool);
  const { rows } = await db.pool.query(
    `SELECT count(*) AS rows, min(at) AS oldest FROM audit_event WHERE transaction_id >= $1 AND ${UNSEALED}`,
    [sealedBefore(head, { cluster })],
  );
  const { rows: count, oldest } = rows[0];
  return { rows: Number(count), oldestMs: oldest ? Math.max(0, at.getTime() - oldest.getTime()) : 0 };
}
