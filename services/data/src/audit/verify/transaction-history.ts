// What the numbers of rows and transactions tell of the order in which rows came.
import type { SignedTreeHead } from '../tree-head.ts';
import type { Finding } from './findings.ts';
import type { EventRow } from './rows.ts';

/** No transaction is as long, and no clock of a server as wrong. */
const LATE_MS = 3_600_000;

/**
 * Remembers for every head the largest `seq` below it and the transactions that had not begun when it was sealed.
 *
 * A row takes its `seq` when it is written, in a transaction that has begun. So a row with a smaller `seq` than a sealed one was
 * written before that head, and its transaction has begun before. A row that says otherwise was put there later.
 */
export class TransactionHistory {
  #cluster: string | undefined;
  #largestSeq = -1n;
  #sealedAt = Number.NEGATIVE_INFINITY;
  #horizon = 0n;
  // Two numbers per head, also where there are a million of them.
  #seqs: number[] = [];
  #ceilings: number[] = [];

  /** Rows that say they happened long before the head before them was sealed: how many, and the first. */
  late: { rows: number; first?: EventRow } = { rows: 0 };

  /** A row that is in the tree before the next head, or waits to be; all of it where it is as it was sealed. */
  add(row: EventRow | { seq: bigint }): void {
    if (row.seq > this.#largestSeq) this.#largestSeq = row.seq;
    if ('at' in row && Date.parse(row.at) < this.#sealedAt - LATE_MS) {
      this.late = { rows: this.late.rows + 1, first: this.late.first ?? row };
    }
  }

  /** A head covers all rows that were added. */
  seal(head: SignedTreeHead): void {
    if (head.cluster !== this.#cluster) {
      // Another PostgreSQL installation counts from elsewhere, also the transactions of rows that were restored into it.
      this.#cluster = head.cluster;
      this.#seqs = [];
      this.#ceilings = [];
    }
    this.#horizon = head.horizon;
    this.#sealedAt = head.at.getTime();
    this.#seqs.push(Number(this.#largestSeq));
    this.#ceilings.push(Number(head.ceiling));
  }

  /** The installation of the newest head. */
  get cluster(): string | undefined {
    return this.#cluster;
  }

  /** A finding where a row, sealed or not, cannot have been written in the order of its number. */
  check(row: EventRow): Finding | undefined {
    const seq = Number(row.seq);
    const first = firstAbove(this.#seqs, seq);
    const ceiling = this.#ceilings[first];
    if (ceiling === undefined || Number(row.transactionId) < ceiling) return undefined;
    return {
      kind: 'row-inserted',
      seq: String(row.seq),
      eventId: row.id,
      sentence: `The audit row ${row.seq} (event ${row.id}) was inserted among older rows: its transaction ${row.transactionId} began after rows with higher numbers were sealed.`,
    };
  }

  /** A finding where a row that is in no leaf should be in one. */
  checkUnsealed(row: EventRow): Finding | undefined {
    if (row.transactionId >= this.#horizon) return this.check(row);
    return {
      kind: 'row-inserted',
      seq: String(row.seq),
      eventId: row.id,
      sentence: `The audit row ${row.seq} (event ${row.id}) was inserted: all rows of its transaction ${row.transactionId} were sealed, and this one was not there.`,
    };
  }
}

/** Index of the first element above a value, in a list that never falls. */
function firstAbove(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
