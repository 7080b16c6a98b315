import { type ExportQuery, TRUTH_LEVELS, type TruthLevel } from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** What an export asks for. */
export interface Scope {
  readonly site: string;
  readonly query: ExportQuery;
  readonly asOf: Date;
}

/** The least backing that an export wants; null: also records without ground truth. */
export function minimumTruthOf({ minimumTruth }: ExportQuery): TruthLevel | null {
  return minimumTruth === undefined ? 'single' : minimumTruth;
}

/** Whether a ground truth of this level is backed enough. */
export function isBackedEnough(level: TruthLevel | null, minimum: TruthLevel | null): boolean {
  if (minimum === null) return true;
  return level !== null && TRUTH_LEVELS.indexOf(level) >= TRUTH_LEVELS.indexOf(minimum);
}

/** The review without which a ground truth cannot be of a level or more. */
const NEEDED_PART = { single: 'first', double: 'second', adjudicated: 'adjudication' } as const;

/** Records that the query names. Alias `p`. */
function inScope({ site, query, asOf }: Scope): Prisma.Sql {
  const { kinds, algorithmName, algorithmVersion, from, until } = query;
  const conditions = [Prisma.sql`p.site = ${site}`, Prisma.sql`p.created_at <= ${asOf}`];
  if (kinds) conditions.push(Prisma.sql`p.kind = ANY(${kinds})`);
  if (algorithmName !== undefined) conditions.push(Prisma.sql`p.algorithm_name = ${algorithmName}`);
  if (algorithmVersion !== undefined) conditions.push(Prisma.sql`p.algorithm_version = ${algorithmVersion}`);
  if (from !== undefined) conditions.push(Prisma.sql`p.created_at >= ${new Date(from)}`);
  if (until !== undefined) conditions.push(Prisma.sql`p.created_at <= ${new Date(until)}`);
  return Prisma.join(conditions, ' AND ');
}

const isErased = Prisma.sql`p.shredded_at IS NOT NULL`;

function mayBeDisclosed({ query }: Scope): Prisma.Sql {
  return Prisma.sql`p.consent = ANY(${query.consents ?? ['granted']})`;
}

function mayBeBacked({ query, asOf }: Scope): Prisma.Sql {
  const minimum = minimumTruthOf(query);
  if (minimum === null) return Prisma.sql`true`;
  return Prisma.sql`EXISTS (SELECT FROM review v
    WHERE v.prediction_id = p.id AND v.part = ${NEEDED_PART[minimum]} AND v.created_at <= ${asOf})`;
}

/** Records of the query that may be in the export: not erased, consented to, and read as far as the query wants. */
export function isCandidate(scope: Scope): Prisma.Sql {
  return Prisma.sql`${inScope(scope)} AND NOT ${isErased} AND ${mayBeDisclosed(scope)} AND ${mayBeBacked(scope)}`;
}

export interface CandidateCounts {
  readonly candidates: number;
  /** Records of the query that are none, by the first reason that holds. */
  readonly leftOut: { readonly shredded: number; readonly consent: number; readonly 'no-ground-truth': number };
}

export async function countCandidates(transaction: Transaction, scope: Scope): Promise<CandidateCounts> {
  const rows = await transaction.$queryRaw<{ reason: string | null; count: number }[]>`
    SELECT CASE
        WHEN ${isErased} THEN 'shredded'
        WHEN NOT ${mayBeDisclosed(scope)} THEN 'consent'
        WHEN NOT ${mayBeBacked(scope)} THEN 'no-ground-truth'
      END AS reason, count(*)::int AS count
    FROM prediction p WHERE ${inScope(scope)} GROUP BY 1`;
  const count = (reason: string | null) => rows.find(row => row.reason === reason)?.count ?? 0;
  return {
    candidates: count(null),
    leftOut: {
      shredded: count('shredded'),
      consent: count('consent'),
      'no-ground-truth': count('no-ground-truth'),
    },
  };
}

/** Ids of candidates after one, in their order. */
export async function candidateIds(
  transaction: Transaction,
  scope: Scope,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const beyond = after === null ? Prisma.empty : Prisma.sql`AND p.id > ${after}::uuid`;
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    SELECT p.id::text AS id FROM prediction p WHERE ${isCandidate(scope)} ${beyond} ORDER BY p.id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** Tells two sets of candidates apart, whatever their size. */
export async function candidatesFingerprint(transaction: Transaction, scope: Scope): Promise<string> {
  const [row] = await transaction.$queryRaw<{ fingerprint: string }[]>`
    SELECT concat(count(*), ' ', bit_xor(hashtextextended(p.id::text, 0))) AS fingerprint
    FROM prediction p WHERE ${isCandidate(scope)}`;
  return row!.fingerprint;
}
