import { SPLITS, type Split } from '@voxelwise/contract';
import type { TrainingDecision } from '../truth/training-label.ts';
import type { ExportRow } from './row-schema.ts';

/** Why a record of the query is not in an export. */
export const LEFT_OUT_REASONS = [
  'shredded',
  'consent',
  'no-ground-truth',
  'quality',
  'split-conflict',
  'identifying-text',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** Counts of an export, as its manifest gives them. */
export class Tally {
  rows = 0;
  /** Entries of conventions that were removed. */
  removedEntries = 0;
  readonly labels: Record<TrainingDecision, number> = { 'as-predicted': 0, corrected: 0, rejected: 0, none: 0 };
  readonly leftOut: Record<LeftOutReason, number>;
  readonly #rows: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  readonly #people: Record<Split, Set<string>> = { train: new Set(), validation: new Set(), test: new Set() };

  constructor(leftOut: Partial<Record<LeftOutReason, number>> = {}) {
    this.leftOut = Object.fromEntries(
      LEFT_OUT_REASONS.map(reason => [reason, leftOut[reason] ?? 0]),
    ) as typeof this.leftOut;
  }

  /** @param person whoever the record is of: the same for all records of a patient */
  add(row: ExportRow, person: string): void {
    this.rows++;
    this.#rows[row.split]++;
    this.#people[row.split].add(person);
    this.labels[row.label.decision]++;
  }

  get patients(): number {
    return SPLITS.reduce((sum, split) => sum + this.#people[split].size, 0);
  }

  get splits(): Record<Split, { rows: number; patients: number; ratio: number | null }> {
    const of = (split: Split) => ({
      rows: this.#rows[split],
      patients: this.#people[split].size,
      ratio: this.rows === 0 ? null : this.#rows[split] / this.rows,
    });
    return { train: of('train'), validation: of('validation'), test: of('test') };
  }
}
