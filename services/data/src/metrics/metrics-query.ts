import type { Kind, TruthLevel } from '@voxelwise/contract';
import { Prisma } from '../generated/prisma/client.ts';

export interface MetricsQuery {
  readonly sites: readonly string[];
  readonly kind?: Kind;
  /** Ground truth backed by at least this; single where not given. */
  readonly truthLevel?: TruthLevel;
  /** Predictions stored from this moment on. */
  readonly from?: Date;
  /** The metrics as they were at this moment: predictions stored by then, with the reviews filed by then. */
  readonly until?: Date;
}

/** Which predictions of a query count. Their alias in SQL is `p`. */
export function predictionsOf({ sites, kind, from, until }: MetricsQuery): Prisma.Sql {
  const conditions = [Prisma.sql`p.site = ANY(${[...sites]})`, Prisma.sql`p.shredded_at IS NULL`];
  if (kind) conditions.push(Prisma.sql`p.kind = ${kind}`);
  if (from) conditions.push(Prisma.sql`p.created_at >= ${from}`);
  if (until) conditions.push(Prisma.sql`p.created_at <= ${until}`);
  return Prisma.join(conditions, ' AND ');
}
