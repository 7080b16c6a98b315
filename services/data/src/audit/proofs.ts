import type { Database } from '../database/connection.ts';
import { consistencyProofSteps, inclusionProofSteps } from './merkle-tree.ts';
import { headStatement, leafData, type SignedTreeHead } from './tree-head.ts';
import { headOfSize, newestHead, readProof } from './tree-store.ts';

/** A signed head as it is handed out: whoever has the public key can verify it. */
export interface HeadDocument {
  size: number;
  /** Hexadecimal. */
  root: string;
  /** The text that is signed. */
  statement: string;
  keyId: string;
  /** Ed25519 over the UTF-8 of the statement, base64. */
  signature: string;
}

export interface InclusionProofDocument {
  eventId: string;
  /** What the leaf hash is made of: SHA-256 of a zero byte and the UTF-8 of this. */
  leafData: string;
  leafHash: string;
  leafIndex: number;
  /** Of the tree that the proof leads to. */
  size: number;
  /** Hexadecimal hashes, RFC 9162, 2.1.3. */
  proof: string[];
  /** The signed head of that size. Absent where no head of exactly that size was signed. */
  head?: HeadDocument;
}

export interface ConsistencyProofDocument {
  first: number;
  second: number;
  /** Hexadecimal hashes, RFC 9162, 2.1.4. */
  proof: string[];
  firstHead?: HeadDocument;
  secondHead?: HeadDocument;
}

/** What was asked for is not in the tree (yet). The message is one sentence for the client. */
export class NotInTreeError extends Error {
  override name = 'NotInTreeError';
}

/**
 * Proof that an event is in the tree.
 * @param size of a tree that has it; the newest signed one where not given
 * @throws NotInTreeError where there is no such event, it is not sealed yet, or the tree of that size does not have it
 */
export async function inclusionProof(
  { pool }: Pick<Database, 'pool'>,
  eventId: string,
  size?: number,
): Promise<InclusionProofDocument> {
  const { rows } = await pool.query(
    `SELECT e.seq, e.event, e.transaction_id, l.leaf_index, l.leaf_hash
    FROM audit_event e LEFT JOIN audit_leaf l ON l.seq = e.seq WHERE e.id = $1`,
    [eventId],
  );
  const row = rows[0];
  if (!row) throw new NotInTreeError('There is no audit event of this id.');
  if (row.leaf_index === null) throw new NotInTreeError('The audit event is not sealed yet. Ask again in a minute.');
  const leafIndex = Number(row.leaf_index);
  const newest = await newestSize(pool);
  const treeSize = size ?? newest;
  if (treeSize <= leafIndex || treeSize > newest) {
    throw new NotInTreeError(
      `The event is leaf ${leafIndex} of a tree of ${newest}: ask for a size from ${leafIndex + 1} to ${newest}.`,
    );
  }
  const proof = await readProof(pool, inclusionProofSteps(leafIndex, treeSize));
  const head = await headOfSize(pool, treeSize);
  return {
    eventId,
    leafData: leafData({
      event: row.event,
      seq: BigInt(row.seq),
      transactionId: BigInt(row.transaction_id),
    }).toString(),
    leafHash: row.leaf_hash.toString('hex'),
    leafIndex,
    size: treeSize,
    proof: proof.map(hash => hash.toString('hex')),
    ...(head && { head: headDocument(head) }),
  };
}

/**
 * Proof that the tree of one size begins with the one of a smaller size: nothing that was sealed by then has changed since.
 * @param second the newest signed size where not given
 * @throws NotInTreeError where the tree is not that large
 */
export async function consistencyProof(
  { pool }: Pick<Database, 'pool'>,
  first: number,
  second?: number,
): Promise<ConsistencyProofDocument> {
  const newest = await newestSize(pool);
  const larger = second ?? newest;
  if (first > larger || larger > newest) {
    throw new NotInTreeError(`The tree has ${newest} leaves: ask for two sizes up to that, the smaller one first.`);
  }
  const proof = await readProof(pool, consistencyProofSteps(first, larger));
  const [firstHead, secondHead] = [await headOfSize(pool, first), await headOfSize(pool, larger)];
  return {
    first,
    second: larger,
    proof: proof.map(hash => hash.toString('hex')),
    ...(firstHead && { firstHead: headDocument(firstHead) }),
    ...(secondHead && { secondHead: headDocument(secondHead) }),
  };
}

/** A head as it is handed out. */
export function headDocument(head: SignedTreeHead): HeadDocument {
  return {
    size: head.size,
    root: head.root.toString('hex'),
    statement: headStatement(head).toString(),
    keyId: head.keyId,
    signature: head.signature.toString('base64'),
  };
}

async function newestSize(pool: Database['pool']): Promise<number> {
  return (await newestHead(pool))?.size ?? 0;
}
