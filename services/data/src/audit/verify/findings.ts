/** What was tampered with. */
export type FindingKind =
  /** A sealed row is not what was sealed. */
  | 'row-changed'
  /** A sealed row is gone. */
  | 'row-deleted'
  /** A row was put among older ones. */
  | 'row-inserted'
  /** A column that is copied out of the event is not what the event says. */
  | 'column-differs'
  | 'leaf-changed'
  | 'leaf-missing'
  /** A leaf beyond the newest head. */
  | 'leaf-without-head'
  /** The hash of a complete subtree is not that of its leaves. */
  | 'node-changed'
  /** A head in the database is not as it was signed, or by a key that is not ours. */
  | 'head-changed'
  /** A head that is outside is not in the database. */
  | 'head-missing'
  /** The database ends before the newest head outside. */
  | 'rolled-back'
  /** Heads outside belong to a tree that the database does not know. */
  | 'unknown-tree'
  /** A file outside is not as it was written. */
  | 'outside-changed'
  | 'outside-missing'
  /** Two signed heads contradict each other. */
  | 'split-view'
  /** The root of a signed head is not that of what is stored. */
  | 'root-differs';

export interface Finding {
  kind: FindingKind;
  /** Says what, where, and where it is known why. */
  sentence: string;
  /** Number of the audit row. */
  seq?: string;
  /** Id of the audit event, where it is known. */
  eventId?: string;
  leafIndex?: number;
  /** Size of the tree of the head. */
  size?: number;
  /** Name of the file outside. */
  file?: string;
  columns?: string[];
}

/** Collects findings. Where there are very many the first ones are kept and the others counted. */
export class Findings {
  readonly kept: Finding[] = [];
  #count = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  add(...findings: Finding[]): void {
    for (const finding of findings) {
      this.#count += 1;
      if (this.kept.length < this.#limit) this.kept.push(finding);
    }
  }
}
