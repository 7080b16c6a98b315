import {
  type AbsoluteError,
  AGREEMENT_THRESHOLD,
  type Kind,
  type Metrics,
  type MetricsRow,
  TRUTH_LEVELS,
  type TruthLevel,
} from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { FoldSources } from '../truth/folded-predictions.ts';
import { type MetricsQuery, predictionsOf } from './metrics-query.ts';
import { QUANTITIES, type Quantity } from './quantities.ts';
import { type RefoldedPrediction, refoldAsOf } from './refold.ts';
import { proportionOf } from './wilson.ts';

/** Width of the limits of agreement: 95 % of a normal distribution (Bland and Altman, Lancet 1986;327:307-310). */
const LIMITS_SD = 1.96;

/**
 * Counts, rates and errors by kind and algorithm version.
 *
 * Without `until` they come from what is stored of the reviews' fold. With `until` the predictions that were reviewed since then are
 * folded again over the reviews filed by then; whatever was stored or filed later is as if it were not there. Erased predictions
 * are never counted, also where they were still there at `until`.
 *
 * @param transaction repeatable read, so that its queries see one state
 * @param now the moment of the answer where `until` is not given
 */
export async function metricsOf(
  transaction: Transaction,
  query: MetricsQuery,
  sources: FoldSources,
  now: Date,
): Promise<Metrics> {
  const refolded = query.until ? await refoldAsOf(transaction, query, query.until, sources) : [];
  const truthLevel = query.truthLevel ?? 'single';
  const facts = factsOf(query, refolded, truthLevel);
  const counts = await transaction.$queryRaw<CountsRow[]>(countsSql(facts));
  const errors = await transaction.$queryRaw<ErrorRow[]>(errorsSql(facts));
  return {
    asOf: (query.until ?? now).toISOString(),
    agreementThreshold: AGREEMENT_THRESHOLD,
    truthLevel,
    rows: counts.map(row => metricsRow(row, errors)),
  };
}

/** One row for each prediction: what is stored of its fold, or the fold as of a moment where that is another. */
function factsOf(query: MetricsQuery, refolded: readonly RefoldedPrediction[], truthLevel: TruthLevel): Prisma.Sql {
  const levels = TRUTH_LEVELS.slice(TRUTH_LEVELS.indexOf(truthLevel));
  return Prisma.sql`
    WITH refolded AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(refolded)}::jsonb)
        AS r(id uuid, status text, level text, agreement float8, truth jsonb, "firstAction" text)
    ),
    folded AS (
      SELECT p.kind, p.algorithm_name, p.algorithm_version, p.payload,
        CASE WHEN r.id IS NULL THEN p.status ELSE r.status END AS status,
        CASE WHEN r.id IS NULL THEN p.ground_truth_level ELSE r.level END AS level,
        CASE WHEN r.id IS NULL THEN p.agreement ELSE r.agreement END AS agreement,
        CASE WHEN r.id IS NULL THEN p.ground_truth ELSE r.truth END AS truth,
        CASE WHEN r.id IS NULL THEN first_read.action ELSE r."firstAction" END AS first_action
      FROM prediction p
      LEFT JOIN refolded r ON r.id = p.id
      LEFT JOIN (
        SELECT DISTINCT ON (v.prediction_id) v.prediction_id, v.action FROM review v
        WHERE v.site = ANY(${[...query.sites]}) AND v.part = 'first' ORDER BY v.prediction_id, v.seq DESC
      ) first_read ON first_read.prediction_id = p.id
      WHERE ${predictionsOf(query)}
    ),
    facts AS (SELECT *, coalesce(level = ANY(${levels}), false) AS has_truth FROM folded)`;
}

interface CountsRow {
  kind: Kind;
  name: string;
  version: string;
  predictions: number;
  reviewed: number;
  accepted: number;
  edited: number;
  rejected: number;
  accurate: number;
  comparable: number;
  agreed: number;
  read_twice: number;
}

function countsSql(facts: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${facts}
    SELECT kind, algorithm_name AS name, algorithm_version AS version,
      count(*)::int AS predictions,
      count(*) FILTER (WHERE first_action IS NOT NULL)::int AS reviewed,
      count(*) FILTER (WHERE first_action = 'accept')::int AS accepted,
      count(*) FILTER (WHERE first_action = 'edit')::int AS edited,
      count(*) FILTER (WHERE first_action = 'reject')::int AS rejected,
      count(*) FILTER (WHERE has_truth AND agreement > ${AGREEMENT_THRESHOLD})::int AS accurate,
      count(*) FILTER (WHERE has_truth AND agreement IS NOT NULL)::int AS comparable,
      count(*) FILTER (WHERE status = 'agreed')::int AS agreed,
      count(*) FILTER (WHERE status IN ('agreed', 'disputed', 'adjudicated'))::int AS read_twice
    FROM facts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
}

interface ErrorRow {
  kind: Kind;
  name: string;
  version: string;
  quantity: string;
  n: number;
  mean_absolute: number;
  median_absolute: number;
  bias: number;
  sd: number | null;
}

function errorsSql(facts: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${facts},
    differences AS (
      SELECT kind, algorithm_name, algorithm_version,
        unnest(${ofKind(({ name }) => `'${name}'`)}) AS quantity,
        unnest(${ofKind(({ sql }) => `${sql('payload')} - ${sql('truth')}`)}) AS difference
      FROM facts WHERE has_truth
    )
    SELECT kind, algorithm_name AS name, algorithm_version AS version, quantity,
      count(*)::int AS n,
      avg(abs(difference)) AS mean_absolute,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(difference)) AS median_absolute,
      avg(difference) AS bias,
      stddev_samp(difference) AS sd
    FROM differences WHERE difference IS NOT NULL
    GROUP BY 1, 2, 3, 4`;
}

/** An array in SQL of what is said of each quantity, by the kind of the row: the quantities of other kinds cost nothing. */
function ofKind(say: (quantity: Quantity) => string): Prisma.Sql {
  const kinds = [...new Set(QUANTITIES.map(({ kind }) => kind))];
  const cases = kinds.map(kind => {
    const values = QUANTITIES.filter(quantity => quantity.kind === kind).map(say);
    return `WHEN '${kind}' THEN ARRAY[${values.join(', ')}]`;
  });
  return Prisma.raw(`CASE kind ${cases.join(' ')} END`); // A table of constants, no input.
}

function metricsRow(row: CountsRow, errors: readonly ErrorRow[]): MetricsRow {
  const { kind, name, version, predictions, reviewed } = row;
  const own = errors.filter(error => error.kind === kind && error.name === name && error.version === version);
  return {
    kind,
    algorithm: { name, version },
    predictions,
    reviewed: proportionOf(reviewed, predictions),
    accepted: proportionOf(row.accepted, reviewed),
    edited: proportionOf(row.edited, reviewed),
    rejected: proportionOf(row.rejected, reviewed),
    accurate: proportionOf(row.accurate, row.comparable),
    errors: QUANTITIES.filter(quantity => quantity.kind === kind).map(quantity =>
      absoluteError(
        quantity,
        own.find(error => error.quantity === quantity.name),
      ),
    ),
    readersAgree: proportionOf(row.agreed, row.read_twice),
  };
}

function absoluteError({ name, unit }: { name: string; unit: string }, row: ErrorRow | undefined): AbsoluteError {
  const error = { quantity: name, unit };
  if (!row) return { ...error, n: 0, meanAbsolute: null, medianAbsolute: null, bias: null, limitsOfAgreement: null };
  const { n, mean_absolute: meanAbsolute, median_absolute: medianAbsolute, bias, sd } = row;
  const limitsOfAgreement: [number, number] | null =
    sd === null ? null : [bias - LIMITS_SD * sd, bias + LIMITS_SD * sd];
  return { ...error, n, meanAbsolute, medianAbsolute, bias, limitsOfAgreement };
}
