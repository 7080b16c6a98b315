import { type KeyObject, sign, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import { leafHash } from './merkle-tree.ts';

/** What a signed head says of the tree. */
export interface TreeHead {
  /** Stays the same while the tree grows. A tree that goes on after a restore that lost its end gets another one. */
  treeId: string;
  /** Leaves. */
  size: number;
  root: Buffer;
  at: Date;
  /** System identifier of the PostgreSQL installation that counted the transactions. */
  cluster: string;
  /** All events of transactions before this one are in the tree. */
  horizon: bigint;
  /** No transaction from this one on had begun when the tree was sealed. */
  ceiling: bigint;
  keyId: string;
}

export interface SignedTreeHead extends TreeHead {
  /** Ed25519, over {@link headStatement}. */
  signature: Buffer;
}

/** Signs tree heads with the current key, and knows the public keys of all that ever signed one. */
export interface AuditSigner {
  readonly keyId: string;
  sign(bytes: Uint8Array): Buffer;
  readonly publicKeys: ReadonlyMap<string, KeyObject>;
}

/** The signer of a key ring, as it is now: the last key that has a private part signs. */
export function auditSigner(ring: {
  readonly signingKeys: readonly { id: string; publicKey: KeyObject; privateKey: KeyObject | null }[];
}): AuditSigner {
  const current = ring.signingKeys.at(-1);
  if (!current?.privateKey) throw new Error('The key ring has no key that signs the audit trail.');
  const { id, privateKey } = current;
  return {
    keyId: id,
    sign: bytes => sign(null, bytes, privateKey),
    publicKeys: new Map(ring.signingKeys.map(key => [key.id, key.publicKey])),
  };
}

/** The columns of an audit row that its leaf holds. */
export interface SealedColumns {
  seq: bigint;
  transactionId: bigint;
  /** Canonical JSON. */
  event: string;
}

/**
 * What is hashed to the leaf of an event: the canonical JSON (RFC 8785) of `{ event, seq, transactionId }`. The event is put in
 * as its text, so that no byte of the row can change unseen.
 */
export function leafData({ event, seq, transactionId }: SealedColumns): Buffer {
  return Buffer.from(`{"event":${event},"seq":"${seq}","transactionId":"${transactionId}"}`);
}

/** The leaf hash of an event. */
export function eventLeafHash(row: SealedColumns): Buffer {
  return leafHash(leafData(row));
}

function statementOf(head: TreeHead) {
  return {
    statement: 'voxelwise audit tree head 1',
    treeId: head.treeId,
    size: head.size,
    root: head.root.toString('hex'),
    at: head.at.toISOString(),
    cluster: head.cluster,
    horizon: String(head.horizon),
    ceiling: String(head.ceiling),
    keyId: head.keyId,
  };
}

/** The bytes that are signed: canonical JSON (RFC 8785). */
export function headStatement(head: TreeHead): Buffer {
  return Buffer.from(canonicalize(statementOf(head)) as string);
}

export function signHead(head: Omit<TreeHead, 'keyId'>, signer: AuditSigner): SignedTreeHead {
  const complete = { ...head, keyId: signer.keyId };
  return { ...complete, signature: signer.sign(headStatement(complete)) };
}

/** Whether a head is as it was signed, and by whom we know. */
export function headSignature(
  head: SignedTreeHead,
  publicKeys: ReadonlyMap<string, KeyObject>,
): 'valid' | 'wrong' | 'unknown-key' {
  const key = publicKeys.get(head.keyId);
  if (!key) return 'unknown-key';
  // A time that cannot be written was never signed.
  if (Number.isNaN(head.at.getTime())) return 'wrong';
  return verify(null, headStatement(head), key, head.signature) ? 'valid' : 'wrong';
}

/** A leaf as a list outside the database has it. */
export interface ListedLeaf {
  seq: bigint;
  hash: Buffer;
}

/** What is kept outside the database: a signed head, and the leaves that came with it. */
export interface OutsideHead {
  head: SignedTreeHead;
  /** Size of the tree before them. */
  from: number;
  leaves: ListedLeaf[];
}

/** Names sort by day, then by size: the order in which the heads were made, but for those that a restore lost. */
export function outsideHeadName(head: Pick<TreeHead, 'at' | 'size' | 'treeId'>): string {
  return `${head.at.toISOString().slice(0, 10)}/${String(head.size).padStart(16, '0')}-${head.treeId}.json`;
}

const OUTSIDE_NAME = /^\d{4}-\d\d-\d\d\/(\d{16})-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.json$/;

/** What the name of an outside head says, or undefined where it is the name of something else. */
export function parseOutsideHeadName(name: string): { size: number; treeId: string } | undefined {
  const match = OUTSIDE_NAME.exec(name);
  return match ? { size: Number(match[1]), treeId: match[2] as string } : undefined;
}

/** The file of an outside head: canonical JSON. */
export function outsideHeadBytes({ head, from, leaves }: OutsideHead): Buffer {
  return Buffer.from(
    canonicalize({
      head: { ...statementOf(head), signature: head.signature.toString('base64') },
      from,
      leaves: leaves.map(leaf => [String(leaf.seq), leaf.hash.toString('hex')]),
    }) as string,
  );
}

/**
 * Reads the file of an outside head.
 * @throws Error that says what is wrong with it. What is returned is exactly what the bytes say: no other bytes give it.
 */
export function parseOutsideHead(bytes: Uint8Array): OutsideHead {
  let outside: OutsideHead;
  try {
    const { head, from, leaves } = JSON.parse(Buffer.from(bytes).toString());
    outside = {
      head: {
        treeId: head.treeId,
        size: head.size,
        root: Buffer.from(head.root, 'hex'),
        at: new Date(head.at),
        cluster: head.cluster,
        horizon: BigInt(head.horizon),
        ceiling: BigInt(head.ceiling),
        keyId: head.keyId,
        signature: Buffer.from(head.signature, 'base64'),
      },
      from,
      leaves: leaves.map(([seq, hash]: [string, string]) => ({ seq: BigInt(seq), hash: Buffer.from(hash, 'hex') })),
    };
    if (!outsideHeadBytes(outside).equals(bytes)) throw new Error('it is not canonical JSON');
  } catch {
    throw new Error('it is not as a tree head is written');
  }
  const { head, from, leaves } = outside;
  const sizes = [from, head.size].every(size => Number.isSafeInteger(size) && size >= 0);
  if (!sizes || head.size !== from + leaves.length || leaves.some(leaf => leaf.hash.length !== 32)) {
    throw new Error('its leaves are not those of its size');
  }
  return outside;
}
