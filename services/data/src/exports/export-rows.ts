import canonicalize from 'canonicalize';
import type { Transaction } from '../database/connection.ts';
import type { SplitPlan } from '../splits/split-plan.ts';
import { qualityOfRecord } from '../truth/derived-columns.ts';
import { type FoldedPrediction, readFoldedPredictions } from '../truth/folded-predictions.ts';
import { isGoodEnough } from '../truth/training-label.ts';
import { candidateIds, isBackedEnough, minimumTruthOf, type Scope } from './candidates.ts';
import type { ExportJob, ExportTools } from './export-job.ts';
import type { Replacements } from './identifiers.ts';
import { cleanedConventions, identifierFinder, textsOf } from './identifying-text.ts';
import { memberOf } from './people.ts';
import { exportRow, identifiersOfRecord, type RowContext } from './row.ts';
import type { ExportRow } from './row-schema.ts';
import type { Tally } from './tally.ts';

export interface RowsInput {
  readonly transaction: Transaction;
  readonly job: ExportJob;
  readonly scope: Scope;
  readonly tools: ExportTools;
  readonly plan: SplitPlan;
  /** The person that a member of a split belongs to. */
  readonly personOf: (member: string) => string;
  readonly replacements: Replacements;
  readonly totalRows: number;
}

/** Records read and folded at a time. */
const PAGE = 200;

/** The rows of an export in the order of their records, each with its line of canonical JSON. Counts them, and what it leaves out. */
export async function* exportRows(input: RowsInput, tally: Tally): AsyncGenerator<{ row: ExportRow; line: string }> {
  const { transaction, job, scope, tools, replacements, totalRows } = input;
  let after: string | null = null;
  let doneRows = 0;
  do {
    tools.signal?.throwIfAborted();
    const ids: string[] = await candidateIds(transaction, scope, after, PAGE);
    after = ids.length === PAGE ? ids.at(-1)! : null;
    const folded = await readFoldedPredictions(transaction, ids, tools.sources, job.asOf);
    const kept = folded.flatMap(record => contextOf(record, input, tally) ?? []);
    await replacements.prepare(kept.flatMap(({ record }) => identifiersOfRecord(record, tools.newestPatient)));
    for (const { record, context, person } of kept) {
      const written = writtenRow(record, context, tally);
      if (!written) continue;
      tally.add(written.row, person);
      yield written;
    }
    doneRows += ids.length;
    await tools.onProgress?.({ doneRows, totalRows });
  } while (after !== null);
}

interface KeptRecord {
  readonly record: FoldedPrediction;
  readonly context: RowContext;
  readonly person: string;
}

/** What a record's row is made with, or null where it is left out. */
function contextOf(record: FoldedPrediction, input: RowsInput, tally: Tally): KeptRecord | null {
  const { job, scope, tools, plan, personOf, replacements } = input;
  const { newestPatient } = tools;
  if (!isBackedEnough(record.fold.groundTruthLevel, minimumTruthOf(scope.query))) {
    tally.leftOut['no-ground-truth']++;
    return null;
  }
  const member = memberOf(record.row, newestPatient);
  const split = plan.splits.get(member);
  if (!split) {
    tally.leftOut['split-conflict']++;
    return null;
  }
  const quality = qualityOfRecord(record);
  if (!isGoodEnough(split, quality.score, scope.query.minimumQuality)) {
    tally.leftOut.quality++;
    return null;
  }
  const context = { profile: job.request.profile, split, quality, replacements, newestPatient };
  return { record, context, person: personOf(member) };
}

/** The row without identifying text, or null where it has some that cannot be taken out. */
function writtenRow(
  record: FoldedPrediction,
  context: RowContext,
  tally: Tally,
): { row: ExportRow; line: string } | null {
  const finder = identifierFinder(record, context.profile);
  const row = exportRow(record, context);
  const conventions = cleanedConventions(row.conventions, context.profile, finder);
  const parameters = row.parameters && cleanedConventions(row.parameters, context.profile, finder);
  const cleaned = { ...row, conventions: conventions.conventions, parameters: parameters?.conventions ?? null };
  const line = canonicalize(cleaned)!;
  if (finder.inLine(line) || textsOf(cleaned).some(finder.inText)) {
    tally.leftOut['identifying-text']++;
    return null;
  }
  tally.removedEntries += conventions.removed + (parameters?.removed ?? 0);
  return { row: cleaned, line };
}
