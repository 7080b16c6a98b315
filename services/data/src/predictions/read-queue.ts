import { KINDS } from '@voxelwise/contract';
import { z } from 'zod';
import { sitesForReading } from '../access/sites.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Handler } from '../http/call.ts';
import type { Services } from '../services.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { showPage } from './list-predictions.ts';
import { VIEWED } from './view.ts';

const DEFAULT_LIMIT = 20;
const position = z.tuple([z.number().nullable(), z.uuid()]);

/** GET /review-queue: unreviewed predictions, those without a confidence first, then the least confident. */
export function readQueue(services: Services): Handler<'readQueue'> {
  return async call => {
    const { query, principal } = call;
    const { limit = DEFAULT_LIMIT } = query;
    const { prisma } = services.database;
    const keys = services.keys.keys();
    const cursor = query.cursor === undefined ? undefined : readCursor(keys, 'readQueue', position, query.cursor);
    const sites = sitesForReading(principal, query.site);
    const kinds = query.kind ? [query.kind] : KINDS;
    // Each kind of each site is asked for its least confident: an index has them in order, and all of them together have none.
    const found = await prisma.$queryRaw<{ id: string; confidence: number | null }[]>`
      SELECT "id", "confidence" FROM unnest(${sites}::text[]) AS "site", unnest(${kinds}::text[]) AS "kind", LATERAL (
        SELECT p."id", p."confidence" FROM "prediction" p
        WHERE p."site" = "site"."site" AND p."kind" = "kind"."kind" AND p."status" = 'unreviewed'
          AND p."shredded_at" IS NULL ${cursor ? behind(cursor) : Prisma.empty}
        ORDER BY coalesce(p."confidence", -1), p."id" LIMIT ${limit + 1}
      ) AS "least" ORDER BY coalesce("confidence", -1), "id" LIMIT ${limit + 1}`;
    const ids = found.slice(0, limit).map(({ id }) => id);
    const rows = await prisma.prediction.findMany({ where: { id: { in: ids } }, include: VIEWED });
    const byId = new Map(rows.map(row => [row.id, row]));
    const page = ids.flatMap(id => byId.get(id) ?? []);
    const last = found[limit - 1];
    const next = found.length > limit && last ? cursorOf(keys, 'readQueue', [last.confidence, last.id]) : null;
    return { status: 200, json: { items: await showPage(services, call, page), next } };
  };
}

function behind([confidence, id]: z.output<typeof position>): Prisma.Sql {
  return Prisma.sql`AND (coalesce(p."confidence", -1), p."id") > (${confidence ?? -1}::double precision, ${id}::uuid)`;
}
