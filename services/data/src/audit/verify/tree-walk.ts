// Walks through the tree from the first leaf to the last, and says where rows, leaves, lists outside and signed roots differ.
import { Frontier } from '../merkle-tree.ts';
import type { SignedTreeHead } from '../tree-head.ts';
import { isKept, type Queryable, type TreeNode } from '../tree-store.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { Findings } from './findings.ts';
import type { OutsideFile } from './head-sources.ts';
import { columnFinding, hashBy, judge, type Place, SOURCES, type Source } from './places.ts';
import { differingNodes, type EventRow, eventRows, type LeafRow, leafRows, PAGE, rowHash } from './rows.ts';
import type { TransactionHistory } from './transaction-history.ts';

/** Places that differ are kept until a signed root decides; so many at most, where none does. */
const DOUBTFUL_LIMIT = 50_000;

export interface TreeWalkOptions {
  client: Queryable;
  findings: Findings;
  history: TransactionHistory;
  /** Size of the newest valid head of the database. */
  databaseSize: number;
}

/** A signed root that no source has given yet. */
interface OpenRoot {
  /** The roots that the sources gave instead. */
  given: Map<Source, Buffer>;
  roots: Buffer[];
  checkpoint: Checkpoint;
  /** A history of its own leads to it, which is reported. */
  isSplit: boolean;
}

export class TreeWalk {
  /** Rows that are in the tree although no leaf in the database points to them. */
  readonly sealedWithoutLeaf = new Set<bigint>();
  /** Rows that a leaf points to, but that are not in the tree there. */
  readonly claimed = new Map<bigint, number>();

  readonly #options: TreeWalkOptions;
  /** All agree so far, or it is settled who is right. */
  #frontier = new Frontier();
  /** One tree for each source, since the first place where they differ. */
  #bySource: Map<Source, Frontier> | undefined;
  #doubtful: Place[] = [];
  #open: OpenRoot[] = [];
  /** The tree of the lists outside alone, as long as they lead to their signed roots. */
  #outside: Frontier | undefined = new Frontier();
  /** The tree of the leaves in the database alone, as long as none is missing. */
  #leaves: Frontier | undefined = new Frontier();
  #nodes: TreeNode[] = [];
  /** Files since the last settled root whose lists lead to their signed root: they are as they were written. */
  readonly #wholeFiles = new Set<string>();

  constructor(options: TreeWalkOptions) {
    this.#options = options;
  }

  get size(): number {
    return (this.#bySource?.get('most') ?? this.#frontier).size;
  }

  /** Goes on to the next size that was signed. */
  async advance(checkpoint: Checkpoint): Promise<void> {
    for (let start = this.size; start < checkpoint.size; start += PAGE) {
      await this.#read(start, Math.min(start + PAGE, checkpoint.size), checkpoint.file);
    }
    this.#compareRoots(checkpoint, this.#followOutside(checkpoint.file) || this.#leadsTo(checkpoint.database));
    const head = checkpoint.database ?? checkpoint.file?.head;
    if (head) this.#options.history.seal(head);
  }

  /** What no signed root has decided is decided by what most places say. */
  finish(): void {
    const [first] = this.#open;
    if (first && !first.isSplit) this.#reportRoot(first.checkpoint);
    if (this.#bySource) this.#settle('most', false);
  }

  async #read(start: number, end: number, file: OutsideFile | undefined): Promise<void> {
    const { client, databaseSize } = this.#options;
    const leaves = await leafRows(client, start, end);
    const listedAt = (index: number) => file?.leaves[index - file.from];
    const others: bigint[] = [];
    for (let index = start; index < end; index++) {
      const listed = listedAt(index);
      if (listed && !leaves.get(index)?.some(({ leaf }) => leaf.seq === listed.seq)) others.push(listed.seq);
    }
    const listedRows = await eventRows(client, others);

    for (let leafIndex = start; leafIndex < end; leafIndex++) {
      const listed = listedAt(leafIndex);
      const { leaf, row } = this.#only(leafIndex, leaves.get(leafIndex) ?? []);
      if (leaf) this.#leaves?.append(leaf.hash);
      else this.#leaves = undefined;
      const listsTheSame = !listed || (listed.seq === leaf?.seq && listed.hash.equals(leaf.hash));
      if (row && leaf?.hash.equals(rowHash(row)) && listsTheSame) {
        this.#append(() => leaf.hash);
        this.#sealed(row);
        if (leafIndex >= databaseSize) this.sealedWithoutLeaf.add(row.seq);
      } else {
        const listedRow = listed && listedRows.get(listed.seq);
        const place: Place = {
          leafIndex,
          rows: [row, listedRow].filter(one => one !== undefined),
          ...(leaf && { leaf }),
          ...(listed && { listed, file: file?.name as string }),
        };
        this.#doubt();
        this.#append(source => hashBy(source, place));
        this.#doubtful.push(place);
      }
    }
    await this.#checkNodes();
    if (this.#doubtful.length > DOUBTFUL_LIMIT) this.#settle('most', false);
  }

  /** Of several leaves or rows that claim one place, the one that fits; the others are findings. */
  #only(leafIndex: number, claims: LeafRow[]): Partial<LeafRow> {
    if (claims.length <= 1) return claims[0] ?? {};
    const right = claims.find(({ leaf, row }) => row && leaf.hash.equals(rowHash(row))) ?? claims[0];
    for (const { leaf, row } of claims.filter(claim => claim !== right)) {
      const isSameLeaf = leaf.seq === right?.leaf.seq && leaf.hash.equals(right.leaf.hash);
      if (!isSameLeaf) this.claimed.set(leaf.seq, leafIndex);
      this.#options.findings.add({
        kind: isSameLeaf ? 'row-inserted' : 'leaf-changed',
        seq: String(leaf.seq),
        leafIndex,
        ...(isSameLeaf && row && { eventId: row.id }),
        sentence: isSameLeaf
          ? `The audit row ${leaf.seq} (leaf ${leafIndex}) is there twice: the one with the id ${row?.id} was inserted.`
          : `The audit leaf ${leafIndex} is there twice: the one that points to row ${leaf.seq} was inserted.`,
      });
    }
    return right ?? {};
  }

  #append(hash: (source: Source) => Buffer): void {
    if (this.#bySource) {
      for (const [source, frontier] of this.#bySource) frontier.append(hash(source));
      return;
    }
    this.#frontier.append(hash('most'), (level, index, hashed) => {
      if (isKept(level)) this.#nodes.push({ level, index, hash: hashed });
    });
  }

  #doubt(): void {
    this.#bySource ??= new Map(SOURCES.map(source => [source, this.#frontier.copy()]));
  }

  /** A row as it was sealed: are its columns those of its event, and may it stand where it stands? */
  #sealed(row: EventRow): void {
    const { findings, history } = this.#options;
    const columns = columnFinding(row);
    if (columns) findings.add(columns);
    const inserted = history.check(row);
    if (inserted) findings.add(inserted);
    history.add(row);
  }

  async #checkNodes(): Promise<void> {
    const { client, findings } = this.#options;
    for (const { level, index } of await differingNodes(client, this.#nodes)) {
      findings.add({
        kind: 'node-changed',
        sentence: `The audit node ${index} of level ${level} was changed or deleted: it is not the hash of its leaves.`,
      });
    }
    this.#nodes = [];
  }

  /** Whether the lists outside, by themselves, lead from the beginning to this file's signed root. */
  #followOutside(file: OutsideFile | undefined): boolean {
    if (!file) return false;
    if (this.#outside && file.from === this.#outside.size) {
      for (const leaf of file.leaves) this.#outside.append(leaf.hash);
      if (this.#outside.root().equals(file.head.root)) {
        this.#wholeFiles.add(file.name);
        return true;
      }
    }
    this.#outside = undefined;
    return false;
  }

  /** Whether the leaves in the database, by themselves, lead from the beginning to this signed root of it. */
  #leadsTo(head: SignedTreeHead | undefined): boolean {
    return head !== undefined && this.#leaves?.size === head.size && this.#leaves.root().equals(head.root);
  }

  /** @param isHistory one of the two places leads to its signed root by itself */
  #compareRoots(checkpoint: Checkpoint, isHistory: boolean): void {
    const { size, database, file } = checkpoint;
    const heads = [database, file?.head].filter(head => head !== undefined);
    if (heads[1] && !isSameHead(heads[0] as SignedTreeHead, heads[1])) {
      this.#options.findings.add({
        kind: 'split-view',
        size,
        ...(file && { file: file.name }),
        sentence: `Two different heads of ${size} events are validly signed, one in the database and one outside (${file?.name}): two histories were signed.`,
      });
    }
    const roots = heads.map(head => head.root);
    const isSigned = (root: Buffer) => roots.some(signed => signed.equals(root));
    if (!this.#bySource) {
      if (isSigned(this.#frontier.root())) {
        this.#wholeFiles.clear();
        return;
      }
      this.#doubt();
    }
    const bySource = this.#bySource as Map<Source, Frontier>;
    const given = new Map([...bySource].map(([source, frontier]) => [source, frontier.root()]));
    const right = SOURCES.find(source => isSigned(given.get(source) as Buffer));
    if (right) {
      this.#settle(right, true);
      return;
    }
    if (isHistory && !this.#open.some(open => open.isSplit)) this.#reportSplit(checkpoint);
    this.#open.push({ given, roots, checkpoint, isSplit: isHistory });
  }

  /** Believes a source: says for each doubtful place what was changed, and goes on with one tree. */
  #settle(right: Source, proven: boolean): void {
    const { findings, history, databaseSize } = this.#options;
    for (const place of this.#doubtful) {
      const verdict = judge(place, hashBy(right, place), { proven, databaseSize, wholeFiles: this.#wholeFiles });
      findings.add(...verdict.findings);
      if (verdict.claimedSeq !== undefined) this.claimed.set(verdict.claimedSeq, place.leafIndex);
      if (verdict.seq !== undefined) {
        if (place.leaf?.seq !== verdict.seq || place.leafIndex >= databaseSize) this.sealedWithoutLeaf.add(verdict.seq);
        if (verdict.intact) this.#sealed(verdict.intact);
        else history.add({ seq: verdict.seq });
      }
    }
    // Roots that were signed on the way here and do not belong to this tree contradict the one that does.
    for (const { checkpoint, given, roots, isSplit } of this.#open) {
      const belongs = roots.some(root => root.equals(given.get(right) as Buffer));
      if (proven && !belongs && !isSplit) this.#reportSplit(checkpoint);
    }
    this.#frontier = this.#bySource?.get(right) ?? this.#frontier;
    this.#bySource = undefined;
    this.#doubtful = [];
    this.#open = [];
    this.#wholeFiles.clear();
  }

  #reportSplit({ size, file }: Checkpoint): void {
    this.#options.findings.add({
      kind: 'split-view',
      size,
      ...(file && { file: file.name }),
      sentence: `The head of ${size} events ${file ? `outside (${file.name})` : 'in the database'} is validly signed over other events than other heads: two histories were signed.`,
    });
  }

  #reportRoot({ size, file, database }: Checkpoint): void {
    const where = database ? 'in the database' : `outside (${file?.name})`;
    this.#options.findings.add({
      kind: 'root-differs',
      size,
      ...(file && { file: file.name }),
      sentence:
        `The signed head of ${size} events ${where} is of other events than rows, leaves and lists outside give: ` +
        `what was changed up to leaf ${size - 1} was changed in all of them alike, or there are no lists outside to tell it by.`,
    });
  }
}

function isSameHead(one: SignedTreeHead, other: SignedTreeHead): boolean {
  return one.signature.equals(other.signature) && one.root.equals(other.root);
}
