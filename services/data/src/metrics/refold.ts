import type { Kind, ReviewAction, ReviewStatus, TruthLevel } from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { type FoldSources, readFoldedPredictions } from '../truth/folded-predictions.ts';
import { type MetricsQuery, predictionsOf } from './metrics-query.ts';
import { quantitiesPayload } from './quantities.ts';

/** What the metrics need of a fold as of a moment. */
export interface RefoldedPrediction {
  readonly id: string;
  readonly status: ReviewStatus;
  readonly level: TruthLevel | null;
  readonly agreement: number | null;
  /** The part of the ground truth that errors are computed of. */
  readonly truth: unknown;
  readonly firstAction: ReviewAction | null;
}

const PAGE = 500;

/**
 * The folds, as of a moment, of those predictions of a query that were reviewed after it. What is stored of all others is their
 * fold as of that moment already.
 */
export async function refoldAsOf(
  transaction: Transaction,
  query: MetricsQuery,
  asOf: Date,
  sources: FoldSources,
): Promise<RefoldedPrediction[]> {
  const refolded: RefoldedPrediction[] = [];
  let after: string | null = null;
  do {
    const page: { id: string }[] = await transaction.$queryRaw`
      SELECT p.id::text AS id FROM prediction p
      WHERE ${predictionsOf(query)} ${after === null ? Prisma.empty : Prisma.sql`AND p.id > ${after}::uuid`}
        AND EXISTS (SELECT FROM review v WHERE v.prediction_id = p.id AND v.created_at > ${asOf})
      ORDER BY p.id LIMIT ${PAGE}`;
    after = page.length === PAGE ? page.at(-1)!.id : null;
    const ids = page.map(({ id }) => id);
    for (const { row, fold } of await readFoldedPredictions(transaction, ids, sources, asOf)) {
      refolded.push({
        id: row.id,
        status: fold.status,
        level: fold.groundTruthLevel,
        agreement: fold.agreement,
        truth: quantitiesPayload(row.kind as Kind, fold.groundTruth),
        firstAction: fold.firstAction,
      });
    }
  } while (after !== null);
  return refolded;
}
