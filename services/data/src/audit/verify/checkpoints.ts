// Joins the heads of the database and those outside to one sequence of rising sizes, and finds those that one side lacks.
import type { KeyObject } from 'node:crypto';
import type { OutsideHeads } from '../outside-heads.ts';
import { parseOutsideHeadName, type SignedTreeHead } from '../tree-head.ts';
import type { Queryable } from '../tree-store.ts';
import type { Findings } from './findings.ts';
import {
  type DamagedFile,
  databaseHeads,
  type KnownTree,
  knownTrees,
  type OutsideFile,
  outsideFiles,
} from './head-sources.ts';

/** A size that somebody signed. */
export interface Checkpoint {
  size: number;
  database?: SignedTreeHead;
  file?: OutsideFile;
}

/** What checkpoints leave to say at the end. */
export interface HeadSummary {
  heads: number;
  files: number;
  /** Newest heads of the database that are not outside yet. */
  notOutside: SignedTreeHead[];
  /** The newest valid head outside that is larger than the database. */
  beyondDatabase?: OutsideFile;
  /** What restores have lost for good, by tree identity. */
  lost: Map<string, LostEnd>;
}

export interface LostEnd {
  /** The tree went on from here. */
  from: number;
  size: number;
  at: Date;
  leaves: number;
  firstSeq?: bigint;
  lastSeq?: bigint;
}

export interface CheckpointOptions {
  client: Queryable;
  publicKeys: ReadonlyMap<string, KeyObject>;
  outside: OutsideHeads | undefined;
  /** Size of the newest valid head of the database. */
  databaseSize: number;
  findings: Findings;
  summary: HeadSummary;
}

export function emptySummary(): HeadSummary {
  return { heads: 0, files: 0, notOutside: [], lost: new Map() };
}

/** All signed sizes of the tree that the database is to hold, in rising order. */
export async function* checkpoints(options: CheckpointOptions): AsyncGenerator<Checkpoint> {
  const { client, publicKeys, outside, findings, summary, databaseSize } = options;
  const database = databaseHeads(client, publicKeys, findings);
  const files = outside ? filesOfTree(options, outside, await knownTrees(client, publicKeys)) : nothing();
  const gaps = new OutsideGaps(findings);
  let head = await next(database);
  let file = await next(files);
  let size = 0;
  while (head || file) {
    if (file && file.size <= size) {
      if (file.file) outOfOrder(file.file);
      file = await next(files);
      continue;
    }
    size = Math.min(head?.size ?? Number.POSITIVE_INFINITY, file?.size ?? Number.POSITIVE_INFINITY);
    const checkpoint: Checkpoint = { size };
    if (head?.size === size) {
      checkpoint.database = head;
      summary.heads += 1;
      head = await next(database);
    }
    if (file?.size === size) {
      while (file?.size === size && !checkpoint.file) {
        if (file.file) checkpoint.file = file.file;
        file = await next(files);
      }
      if (checkpoint.file) summary.files += 1;
      gaps.listed(checkpoint.file?.from, size);
    } else if (outside && checkpoint.database) gaps.notListed(checkpoint.database);
    if (checkpoint.file && !checkpoint.database) missingInDatabase(checkpoint.file);
    if (checkpoint.file && size > databaseSize) summary.beyondDatabase = checkpoint.file;
    if (checkpoint.database || checkpoint.file) yield checkpoint;
  }
  summary.notOutside = gaps.atEnd();

  function missingInDatabase({ head, name }: OutsideFile): void {
    if (head.size > databaseSize) return;
    findings.add({
      kind: 'head-missing',
      size: head.size,
      file: name,
      sentence: `The tree head of ${head.size} events is outside (${name}), but not in the database, or is changed there.`,
    });
  }

  /** Heads are made with rising size and time: two that are signed and are not in this order are of two histories. */
  function outOfOrder({ head, name }: OutsideFile): void {
    findings.add({
      kind: 'split-view',
      size: head.size,
      file: name,
      sentence: `The head of ${head.size} events outside (${name}) is validly signed, but comes after one of ${size} events: two histories were signed.`,
    });
  }
}

/** A place in the sequence that a file outside is for; without the file where that is damaged. */
interface FilePlace {
  size: number;
  file?: OutsideFile;
}

/** Of the files outside, those of the tree that the database is to hold. The others are reported. */
async function* filesOfTree(
  { publicKeys, findings, summary }: CheckpointOptions,
  outside: OutsideHeads,
  trees: KnownTree[],
): AsyncGenerator<FilePlace> {
  const known = new Map(trees.map(({ treeId, size }) => [treeId, size]));
  const last = trees.at(-1)?.treeId ?? (await onlyTree(outside));
  if (last) known.set(last, Number.POSITIVE_INFINITY);
  const unknown = new Map<string, OutsideFile>();
  for await (const file of outsideFiles(outside, publicKeys, findings)) {
    if (isDamaged(file)) {
      yield { size: file.size };
      continue;
    }
    const { treeId, size } = file.head;
    const end = known.get(treeId);
    if (end === undefined) unknown.set(treeId, file);
    else if (size > end) lose(summary.lost, file, end);
    else yield { size, file };
  }
  for (const file of unknown.values()) {
    findings.add({
      kind: 'unknown-tree',
      size: file.head.size,
      file: file.name,
      sentence:
        `Outside is the head of ${file.head.size} events of a tree that the database does not know (${file.name}, ` +
        `${file.head.at.toISOString()}): the database was replaced, or rolled back to before that tree began.`,
    });
  }
}

/** Where the database knows no tree at all: the one that all files outside are of. */
async function onlyTree(outside: OutsideHeads): Promise<string | undefined> {
  let only: string | undefined;
  for await (const name of outside.list()) {
    const named = parseOutsideHeadName(name);
    if (!named) continue;
    if (only && named.treeId !== only) return undefined;
    only = named.treeId;
  }
  return only;
}

function lose(lost: Map<string, LostEnd>, { head, leaves }: OutsideFile, from: number): void {
  const seqs = leaves.map(leaf => leaf.seq);
  const before = lost.get(head.treeId);
  lost.set(head.treeId, {
    from,
    size: head.size,
    at: head.at,
    leaves: head.size - from,
    firstSeq: before?.firstSeq ?? seqs[0],
    lastSeq: seqs.at(-1) ?? before?.lastSeq,
  });
}

/** Finds the stretches of the tree for which there is no file outside. */
class OutsideGaps {
  readonly #findings: Findings;
  /** Up to here there are files, or it was said that there are none. */
  #end = 0;
  #notListed: SignedTreeHead[] = [];

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  notListed(head: SignedTreeHead): void {
    this.#notListed.push(head);
  }

  /** A file is there for leaves from `from` on; where it is damaged nobody knows from where on. */
  listed(from: number | undefined, size: number): void {
    if (from !== undefined && from > this.#end) this.#missing(this.#end, from);
    else if (this.#notListed.length > 0) this.#missing(this.#end, this.#notListed.at(-1)?.size ?? this.#end);
    this.#notListed = [];
    this.#end = size;
  }

  atEnd(): SignedTreeHead[] {
    return this.#notListed;
  }

  #missing(from: number, to: number): void {
    this.#findings.add({
      kind: 'outside-missing',
      size: to,
      sentence: `Outside the database no file has the leaves ${from} to ${to - 1}: the tree head of ${to} events, or those up to it, were removed there.`,
    });
  }
}

function isDamaged(file: OutsideFile | DamagedFile): file is DamagedFile {
  return !('head' in file);
}

async function next<Value>(values: AsyncGenerator<Value>): Promise<Value | undefined> {
  const { value, done } = await values.next();
  return done ? undefined : value;
}

async function* nothing(): AsyncGenerator<FilePlace> {}
