// The signed heads from both places, each checked by itself, as one sequence of sizes.
import type { KeyObject } from 'node:crypto';
import type { OutsideHeads } from '../outside-heads.ts';
import {
  headSignature,
  type ListedLeaf,
  outsideHeadName,
  parseOutsideHead,
  parseOutsideHeadName,
  type SignedTreeHead,
} from '../tree-head.ts';
import { headOfSize, headsAfter, headsBefore, type Queryable } from '../tree-store.ts';
import type { Findings } from './findings.ts';

/** An outside head in its file. */
export interface OutsideFile {
  name: string;
  head: SignedTreeHead;
  from: number;
  leaves: ListedLeaf[];
}

/** A file outside that holds no head, though its name says so. */
export interface DamagedFile {
  name: string;
  size: number;
}

const PAGE = 1_000;

/** The heads in the database, smallest first, that are as they were signed. The others are findings. */
export async function* databaseHeads(
  client: Queryable,
  publicKeys: ReadonlyMap<string, KeyObject>,
  findings: Findings,
): AsyncGenerator<SignedTreeHead> {
  let after = -1;
  let last: number | undefined;
  for (;;) {
    const page = await headsAfter(client, after, PAGE);
    for (const head of page) {
      const problem = head.size === last ? 'is there twice' : signatureProblem(head, publicKeys);
      last = head.size;
      if (!problem) yield head;
      else {
        findings.add({
          kind: 'head-changed',
          size: head.size,
          sentence: `The tree head of ${head.size} events in the database ${problem}.`,
        });
      }
    }
    after = page.at(-1)?.size ?? after;
    if (page.length < PAGE || !Number.isSafeInteger(after)) return;
  }
}

/** The largest head in the database that is as it was signed. */
export async function newestValidHead(
  client: Queryable,
  publicKeys: ReadonlyMap<string, KeyObject>,
): Promise<SignedTreeHead | undefined> {
  let before: number | undefined;
  for (;;) {
    const page = await headsBefore(client, before, PAGE);
    const valid = page.find(head => !signatureProblem(head, publicKeys));
    if (valid || page.length < PAGE) return valid;
    before = page.at(-1)?.size;
  }
}

/** The heads outside in the order of their names. Those that are not as they were written are findings. */
export async function* outsideFiles(
  outside: OutsideHeads,
  publicKeys: ReadonlyMap<string, KeyObject>,
  findings: Findings,
): AsyncGenerator<OutsideFile | DamagedFile> {
  for await (const name of outside.list()) {
    const named = parseOutsideHeadName(name);
    if (!named) continue;
    const bytes = await outside.read(name);
    const file = bytes ? readFile(name, bytes, publicKeys) : 'was removed while it was read';
    if (typeof file !== 'string') {
      yield file;
      continue;
    }
    findings.add({
      kind: 'outside-changed',
      size: named.size,
      file: name,
      sentence: `The file ${name} outside the database ${file}.`,
    });
    yield { name, size: named.size };
  }
}

/** The head in a file, or what is wrong with it. */
function readFile(name: string, bytes: Buffer, publicKeys: ReadonlyMap<string, KeyObject>): OutsideFile | string {
  let file: OutsideFile;
  try {
    file = { name, ...parseOutsideHead(bytes) };
  } catch (error) {
    return `was changed: ${(error as Error).message}`;
  }
  const problem = signatureProblem(file.head, publicKeys);
  if (problem) return problem;
  if (outsideHeadName(file.head) !== name) return `holds another head: the one of ${file.head.size} events`;
  return file;
}

function signatureProblem(head: SignedTreeHead, publicKeys: ReadonlyMap<string, KeyObject>): string | undefined {
  switch (headSignature(head, publicKeys)) {
    case 'valid':
      return undefined;
    case 'unknown-key':
      return `is signed with the key ${head.keyId}, which is none of yours`;
    case 'wrong':
      return `was changed: its signature by the key ${head.keyId} is not of what it says`;
  }
}

/** A tree identity that the database knows by signed heads, up to its last head. */
export interface KnownTree {
  treeId: string;
  size: number;
}

/**
 * The tree identities of the database in their order. There is more than one where a tree went on after a restore that lost its
 * end. An identity counts only where its first head is validly signed: nobody without the key can make one up.
 */
export async function knownTrees(client: Queryable, publicKeys: ReadonlyMap<string, KeyObject>): Promise<KnownTree[]> {
  const { rows } = await client.query<{ tree_id: string; first: string; last: string }>(
    'SELECT tree_id, min(size) AS first, max(size) AS last FROM audit_tree_head GROUP BY tree_id ORDER BY min(size)',
  );
  const trees: KnownTree[] = [];
  for (const row of rows) {
    const first = Number(row.first);
    const head = Number.isSafeInteger(first) ? await headOfSize(client, first) : undefined;
    if (head?.treeId === row.tree_id && headSignature(head, publicKeys) === 'valid') {
      trees.push({ treeId: row.tree_id, size: Number(row.last) });
    }
  }
  return trees;
}
