// The tree in the database: leaves, hashes of complete subtrees at levels 8, 16, 24 and so on, signed heads.
import type pg from 'pg';
import { Frontier, joinSubtrees, nodeHash, type ProofStep, type Subtree, subtreesOf } from './merkle-tree.ts';
import type { ListedLeaf, SignedTreeHead } from './tree-head.ts';

/** A connection, or a pool of them. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** Every this many levels the hashes of complete subtrees are kept. */
const KEPT_LEVELS = 8;

/** The tree in the database is not whole. */
export class DamagedTreeError extends Error {
  override name = 'DamagedTreeError';
}

export interface TreeNode extends Subtree {
  hash: Buffer;
}

/** Whether the hash of a complete subtree of this level is kept. */
export function isKept(level: number): boolean {
  return level > 0 && level % KEPT_LEVELS === 0;
}

interface HeadRow {
  size: string;
  root: Buffer;
  at: Date;
  tree_id: string;
  cluster: string;
  horizon: string;
  ceiling: string;
  key_id: string;
  signature: Buffer;
}

function headOf(row: HeadRow): SignedTreeHead {
  return {
    treeId: row.tree_id,
    size: Number(row.size),
    root: row.root,
    // A tampered time may be one that JavaScript does not have: then it is an invalid date, which no signature fits.
    at: new Date(row.at),
    cluster: row.cluster,
    horizon: BigInt(row.horizon),
    ceiling: BigInt(row.ceiling),
    keyId: row.key_id,
    signature: row.signature,
  };
}

/** The head of the largest tree, or undefined where nothing was sealed yet. */
export async function newestHead(client: Queryable): Promise<SignedTreeHead | undefined> {
  const [head] = await headsBefore(client, undefined, 1);
  return head;
}

/** Up to `limit` heads larger than `after`, smallest first. */
export async function headsAfter(client: Queryable, after: number, limit: number): Promise<SignedTreeHead[]> {
  const { rows } = await client.query<HeadRow>('SELECT * FROM audit_tree_head WHERE size > $1 ORDER BY size LIMIT $2', [
    after,
    limit,
  ]);
  return rows.map(headOf);
}

/** Up to `limit` heads, largest first; only those smaller than `before` where that is given. */
export async function headsBefore(
  client: Queryable,
  before: number | undefined,
  limit: number,
): Promise<SignedTreeHead[]> {
  const { rows } = await client.query<HeadRow>(
    'SELECT * FROM audit_tree_head WHERE $1::numeric IS NULL OR size < $1 ORDER BY size DESC LIMIT $2',
    [before, limit],
  );
  return rows.map(headOf);
}

/** The head of exactly this size. */
export async function headOfSize(client: Queryable, size: number): Promise<SignedTreeHead | undefined> {
  const { rows } = await client.query<HeadRow>('SELECT * FROM audit_tree_head WHERE size = $1', [size]);
  return rows[0] && headOf(rows[0]);
}

/** Size of the largest tree that has a head and is smaller than this; 0 where there is none. */
export async function sizeBefore(client: Queryable, size: number): Promise<number> {
  const { rows } = await client.query('SELECT max(size) AS size FROM audit_tree_head WHERE size < $1', [size]);
  return Number(rows[0].size ?? 0);
}

/** Leaves from `start` up to, not including, `end`. */
export async function leavesBetween(client: Queryable, start: number, end: number): Promise<ListedLeaf[]> {
  const { rows } = await client.query<{ seq: string; leaf_hash: Buffer }>(
    'SELECT seq, leaf_hash FROM audit_leaf WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index',
    [start, end],
  );
  if (rows.length !== end - start) throw missingLeaves(start, end);
  return rows.map(row => ({ seq: BigInt(row.seq), hash: row.leaf_hash }));
}

/** Adds a head, its leaves from `from` on, and the hashes of the kept subtrees that they complete. */
export async function insertTree(
  client: Queryable,
  head: SignedTreeHead,
  from: number,
  leaves: readonly ListedLeaf[],
  nodes: readonly TreeNode[],
): Promise<void> {
  await client.query(
    `INSERT INTO audit_leaf (leaf_index, seq, leaf_hash)
    SELECT $1::bigint + n - 1, seq, hash FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS leaf (seq, hash, n)`,
    [from, leaves.map(leaf => leaf.seq), leaves.map(leaf => leaf.hash)],
  );
  if (nodes.length > 0) {
    await client.query(
      'INSERT INTO audit_node (level, index, hash) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])',
      [nodes.map(node => node.level), nodes.map(node => node.index), nodes.map(node => node.hash)],
    );
  }
  await client.query(
    `INSERT INTO audit_tree_head (size, root, at, tree_id, cluster, horizon, ceiling, key_id, signature)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [head.size, head.root, head.at, head.treeId, head.cluster, head.horizon, head.ceiling, head.keyId, head.signature],
  );
}

/** The right edge of the tree of this size. Reads some hundred hashes, whatever the size. */
export async function readFrontier(client: Queryable, size: number): Promise<Frontier> {
  return new Frontier(size, await readSubtrees(client, subtreesOf(0, size)));
}

/** The hashes of a proof. Reads some hundred hashes, whatever the size of the tree. */
export async function readProof(client: Queryable, steps: readonly ProofStep[]): Promise<Buffer[]> {
  const hashes = await readSubtrees(client, steps.flat());
  return steps.map(step => joinSubtrees(hashes.splice(0, step.length)));
}

/** Kept hashes, or leaves, below a complete subtree: all of one level, from `start` up to, not including, `end`. */
interface Row {
  level: number;
  start: number;
  end: number;
}

/**
 * Hashes of complete subtrees, made of the kept ones right below them.
 * @throws DamagedTreeError where leaves are missing
 */
export async function readSubtrees(client: Queryable, subtrees: readonly Subtree[]): Promise<Buffer[]> {
  const below = subtrees.map(({ level, index }): Row => {
    const kept = isKept(level) ? level : level - (level % KEPT_LEVELS);
    const width = 2 ** (level - kept);
    return { level: kept, start: index * width, end: (index + 1) * width };
  });
  const rows = await readRows(client, below);
  const hashes: Buffer[] = [];
  for (const [place, row] of below.entries()) {
    const found = rows[place] as Buffer[];
    hashes.push(found.length === row.end - row.start ? joinLevel(found) : await makeAnew(client, row));
  }
  return hashes;
}

/** Reads rows of leaves and of kept hashes, with one query each. Those that are incomplete are incomplete in the result. */
async function readRows(client: Queryable, below: readonly Row[]): Promise<Buffer[][]> {
  const hashes: Buffer[][] = below.map(() => []);
  const read = async (isWanted: (row: Row) => boolean, sql: string) => {
    const wanted = below.flatMap((row, place) => (isWanted(row) ? [{ ...row, place }] : []));
    if (wanted.length === 0) return;
    const { rows } = await client.query<{ place: number; hash: Buffer }>(sql, [
      wanted.map(row => row.place),
      wanted.map(row => row.level),
      wanted.map(row => row.start),
      wanted.map(row => row.end),
    ]);
    for (const { place, hash } of rows) hashes[place]?.push(hash);
  };
  const wanted = 'unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) AS wanted (place, level, first, behind)';
  await read(
    row => row.level === 0,
    `SELECT place, leaf.hash FROM ${wanted}, LATERAL (
      SELECT leaf_hash AS hash, leaf_index FROM audit_leaf WHERE leaf_index >= first AND leaf_index < behind
    ) leaf ORDER BY place, leaf_index`,
  );
  await read(
    row => row.level > 0,
    `SELECT place, node.hash FROM ${wanted}, LATERAL (
      SELECT hash, index FROM audit_node n WHERE n.level = wanted.level AND index >= first AND index < behind
    ) node ORDER BY place, index`,
  );
  return hashes;
}

/** Kept hashes follow from the leaves: where they are missing they are made anew, from all leaves below. */
async function makeAnew(client: Queryable, { level, start, end }: Row): Promise<Buffer> {
  const width = 2 ** level;
  if (level === 0) throw missingLeaves(start, end);
  const frontier = new Frontier();
  for (let from = start * width; from < end * width; from += 2 ** KEPT_LEVELS) {
    for (const leaf of await leavesBetween(client, from, from + 2 ** KEPT_LEVELS)) frontier.append(leaf.hash);
  }
  return frontier.root();
}

/** The hash of a complete subtree from all hashes of one level below it. */
function joinLevel(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(nodeHash(level[i] as Buffer, level[i + 1] as Buffer));
    level = above;
  }
  return level[0] as Buffer;
}

function missingLeaves(start: number, end: number): DamagedTreeError {
  return new DamagedTreeError(`Of the audit leaves ${start} to ${end - 1} some are missing. Run verify-audit.`);
}
