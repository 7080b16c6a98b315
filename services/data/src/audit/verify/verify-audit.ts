import type { KeyObject } from 'node:crypto';
import type { Database } from '../../database/connection.ts';
import { UserError } from '../../user-error.ts';
import type { OutsideHeads } from '../outside-heads.ts';
import { inSession } from '../session.ts';
import type { Queryable } from '../tree-store.ts';
import { checkpoints, emptySummary, type HeadSummary } from './checkpoints.ts';
import { type Finding, Findings } from './findings.ts';
import { newestValidHead } from './head-sources.ts';
import { columnFinding } from './places.ts';
import { leavesBeyond, rowsWithoutLeaf } from './rows.ts';
import { TransactionHistory } from './transaction-history.ts';
import { TreeWalk } from './tree-walk.ts';

export interface VerifyOptions {
  /** Reads only. Any role that may SELECT. */
  db: Pick<Database, 'pool'>;
  /** Of all keys that ever signed a head, from a place that whoever changed the database does not reach. */
  publicKeys: ReadonlyMap<string, KeyObject>;
  /** Without them nobody can tell a rolled-back database from an up-to-date one, nor name a changed row for certain. */
  outside?: OutsideHeads;
  /** A head that is younger may not be outside yet. */
  outsideGraceMs?: number;
  /** Findings that are kept; the others are counted. */
  maxFindings?: number;
}

export interface AuditReport {
  /** No tampering was found. */
  verified: boolean;
  findings: Finding[];
  /** Findings that are not in the list, as it is full. */
  findingsLeftOut: number;
  /** What else whoever reads the report has to know. */
  notices: string[];
  /** Rows in the tree. */
  sealed: number;
  /** Signed heads in the database and outside. */
  heads: number;
  outsideHeads: number;
  /** Rows that nothing protects yet. */
  unsealed: { rows: number; oldest?: string };
}

const OUTSIDE_GRACE_MS = 10 * 60_000;
const MAX_FINDINGS = 10_000;

/**
 * Compares audit rows, leaves, signed heads and the heads outside, all of them, in one snapshot of the database. Memory does not
 * grow with the number of rows where little was tampered with.
 *
 * @throws UserError where it cannot be verified at all
 */
export async function verifyAudit(options: VerifyOptions): Promise<AuditReport> {
  if (options.publicKeys.size === 0) {
    throw new UserError('No public key is given: without one nobody can tell whether a tree head is genuine.');
  }
  return inSession(options.db.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async client => {
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    return verifySnapshot(client, options);
  });
}

async function verifySnapshot(client: Queryable, options: VerifyOptions): Promise<AuditReport> {
  const { publicKeys, outside, maxFindings = MAX_FINDINGS } = options;
  const findings = new Findings(maxFindings);
  const summary = emptySummary();
  const history = new TransactionHistory();
  const databaseSize = (await newestValidHead(client, publicKeys))?.size ?? 0;
  const walk = new TreeWalk({ client, findings, history, databaseSize });
  for await (const checkpoint of checkpoints({ client, publicKeys, outside, databaseSize, findings, summary })) {
    await walk.advance(checkpoint);
  }
  walk.finish();
  await checkLeavesBeyond(client, databaseSize, findings);
  const unsealed = await checkUnsealed(client, { databaseSize, walk, history, findings });
  const notices = [...(await checkOutside(client, summary, options, databaseSize, findings)), ...lossNotices(summary)];
  if (unsealed.rows > 0) {
    notices.push(
      `${unsealed.rows} audit rows are not yet sealed, the oldest of ${unsealed.oldest}: changes to them do not show.`,
    );
  }
  const { late } = history;
  if (late.first) {
    notices.push(
      `${late.rows} audit rows say that they happened more than an hour before the tree head before them, the first is row ${late.first.seq} (${late.first.at}): a clock was wrong, or they were written later than they say.`,
    );
  }
  if (history.cluster !== undefined && history.cluster !== (await clusterOf(client))) {
    notices.push(
      'The database was restored into another PostgreSQL installation. Until the next head is sealed, nobody can tell inserted rows from waiting ones.',
    );
  }
  return {
    verified: findings.count === 0,
    findings: findings.kept,
    findingsLeftOut: findings.count - findings.kept.length,
    notices,
    sealed: databaseSize,
    heads: summary.heads,
    outsideHeads: summary.files,
    unsealed,
  };
}

async function clusterOf(client: Queryable): Promise<string> {
  const { rows } = await client.query('SELECT system_identifier::text AS cluster FROM pg_control_system()');
  return rows[0].cluster;
}

async function checkLeavesBeyond(client: Queryable, databaseSize: number, findings: Findings): Promise<void> {
  const beyond = await leavesBeyond(client, databaseSize);
  if (!beyond) return;
  findings.add({
    kind: 'leaf-without-head',
    leafIndex: beyond.leafIndex,
    seq: String(beyond.seq),
    sentence: `${beyond.count} audit leaves, the first ${beyond.leafIndex} (row ${beyond.seq}), belong to no signed head in the database: they were inserted, or their head was deleted.`,
  });
}

interface UnsealedOptions {
  databaseSize: number;
  walk: TreeWalk;
  history: TransactionHistory;
  findings: Findings;
}

/** Looks through the rows that are not in the tree: waiting ones, and inserted ones. */
async function checkUnsealed(
  client: Queryable,
  { databaseSize, walk, history, findings }: UnsealedOptions,
): Promise<AuditReport['unsealed']> {
  const comparable = history.cluster === (await clusterOf(client));
  const waiting: AuditReport['unsealed'] = { rows: 0 };
  for await (const row of rowsWithoutLeaf(client, databaseSize)) {
    if (walk.sealedWithoutLeaf.has(row.seq)) continue;
    const inserted = comparable ? history.checkUnsealed(row) : undefined;
    const columns = columnFinding(row);
    if (inserted) findings.add(inserted);
    else {
      waiting.rows += 1;
      history.add(row);
      if (!waiting.oldest || row.at < waiting.oldest) waiting.oldest = row.at;
    }
    if (columns) findings.add(columns);
  }
  for (const [seq, leafIndex] of walk.claimed) {
    if (walk.sealedWithoutLeaf.has(seq)) continue;
    findings.add({
      kind: 'row-inserted',
      seq: String(seq),
      leafIndex,
      sentence: `The audit row ${seq} was inserted in the place of another one: the leaf ${leafIndex} was made to point to it.`,
    });
  }
  return waiting;
}

/** What only the heads outside can tell. */
async function checkOutside(
  client: Queryable,
  { beyondDatabase, notOutside }: HeadSummary,
  { outside, outsideGraceMs = OUTSIDE_GRACE_MS }: VerifyOptions,
  databaseSize: number,
  findings: Findings,
): Promise<string[]> {
  if (!outside) {
    return [
      'No heads from outside the database were given: a database that was rolled back as a whole looks the same.',
    ];
  }
  if (beyondDatabase) {
    const { head, name } = beyondDatabase;
    findings.add({
      kind: 'rolled-back',
      size: head.size,
      file: name,
      sentence:
        `The database has ${databaseSize} sealed events, and outside is a signed head of ${head.size} (${name}, ` +
        `${head.at.toISOString()}): the database was rolled back, or its end was cut off.`,
    });
  }
  const [first] = notOutside;
  const newest = notOutside.at(-1);
  if (!first || !newest) return [];
  const { rows } = await client.query('SELECT clock_timestamp() AS now');
  if (notOutside.length === 1 && rows[0].now - newest.at.getTime() < outsideGraceMs) {
    return [`The newest tree head, of ${newest.size} events, is not outside the database yet.`];
  }
  findings.add({
    kind: 'outside-missing',
    size: newest.size,
    sentence:
      `Outside the database the newest ${notOutside.length} tree heads, of ${first.size} to ${newest.size} events, are missing: ` +
      'they were removed there, or the service could not write them. It writes the newest one before it seals again.',
  });
  return [];
}

function lossNotices({ lost }: HeadSummary): string[] {
  return [...lost.values()].map(
    ({ from, size, leaves, at, firstSeq, lastSeq }) =>
      `A restore lost ${leaves} sealed events (rows ${firstSeq} to ${lastSeq}, sealed until ${at.toISOString()}): ` +
      `the tree had ${size} and went on from ${from}. Somebody with the signing key confirmed it.`,
  );
}
