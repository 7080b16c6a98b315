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
    const found =
      sites.length === 0
        ? []
        : await prisma.$queryRaw<{ id: string; confidence: number | null }[]>`
            SELECT "id", "confidence" FROM "prediction"
            WHERE "site" IN (${Prisma.join([...sites])}) AND "status" = 'unreviewed' AND "shredded_at" IS NULL
              ${query.kind ? Prisma.sql`AND "kind" = ${query.kind}` : Prisma.empty}
              ${cursor ? behind(cursor) : Prisma.empty}
            ORDER BY "confidence" NULLS FIRST, "id" LIMIT ${limit + 1}`;
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
  return confidence === null
    ? Prisma.sql`AND ("confidence" IS NOT NULL OR "id" > ${id}::uuid)`
    : Prisma.sql`AND ("confidence", "id") > (${confidence}::double precision, ${id}::uuid)`;
}
