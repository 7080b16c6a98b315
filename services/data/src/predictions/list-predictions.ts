import { z } from 'zod';
import { sitesForReading } from '../access/sites.ts';
import { keyOfStudy, visibleStudies } from '../access/study-access.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { AuditDetails, Call, Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { activeEmergencyAccesses } from '../identity/emergency.ts';
import type { Services } from '../services.ts';
import { cursorOf, readCursor } from './cursor.ts';
import { notesOf } from './notes.ts';
import { predictionView, VIEWED, type ViewedRow } from './view.ts';

const DEFAULT_LIMIT = 50;
const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }] satisfies Prisma.PredictionOrderByWithRelationInput[];
const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** GET /predictions: newest first. */
export function listPredictions(services: Services): Handler<'listPredictions'> {
  return async call => {
    const { query, principal } = call;
    const { limit = DEFAULT_LIMIT } = query;
    if (query.status && principal.roles.includes('reviewer')) {
      throw new ServiceProblem('forbidden', 'Reviewers cannot search by status: it would say what others have read.');
    }
    const keys = services.keys.keys();
    const cursor = query.cursor === undefined ? undefined : readCursor(keys, 'listPredictions', position, query.cursor);
    const places = await placesOf(services, principal, query.site);
    const ids = await newestOf(services, places, [filterOf(query), cursor ? behind(cursor) : {}], limit + 1);
    const page = await services.database.prisma.prediction.findMany({
      where: { id: { in: ids.slice(0, limit) } },
      include: VIEWED,
      orderBy: NEWEST_FIRST,
    });
    const last = page.at(-1);
    const next =
      ids.length > limit && last ? cursorOf(keys, 'listPredictions', [last.createdAt.toISOString(), last.id]) : null;
    return { status: 200, json: { items: await showPage(services, call, page), next } };
  };
}

/** What the caller may see of a page, with the audit event that says what was shown. */
export async function showPage(
  services: Services,
  call: Call<'listPredictions' | 'readQueue'>,
  page: readonly ViewedRow[],
) {
  const visible = await visibleStudies(services, call, page);
  const shown = page.filter(row => visible.keys.has(keyOfStudy(row)));
  return call.audited(async (transaction, audit) => {
    const sites = [...new Set(shown.map(({ site }) => site))];
    audit.detail = { shown: shown.length };
    if (sites.length > 0) audit.bySite = sites.map(site => eventOfSite(site, shown));
    if (visible.emergencyAccessId) audit.emergencyAccessId = visible.emergencyAccessId;
    const { query } = call;
    if ('studyUid' in query && typeof query.studyUid === 'string') audit.studyUid = query.studyUid;
    const notes = await notesOf(transaction, services.keys.keys(), shown, call.principal);
    return shown.map(row => predictionView(row, call.principal, notes.get(row.id) ?? null));
  });
}

function eventOfSite(site: string, shown: readonly ViewedRow[]): AuditDetails {
  const ofSite = shown.filter(row => row.site === site);
  return {
    site,
    entities: ofSite.map(({ id }) => ({ kind: 'prediction', id })),
    detail: { shown: ofSite.length },
  };
}

type ListCall = Call<'listPredictions'>;

function filterOf(query: ListCall['query']): Prisma.PredictionWhereInput {
  const { kind, studyUid, seriesUid, algorithmName, algorithmVersion, status, from, until } = query;
  return {
    ...(kind && { kind }),
    ...(studyUid && { studyUid }),
    ...(seriesUid && { seriesUid }),
    ...(algorithmName && { algorithmName }),
    ...(algorithmVersion && { algorithmVersion }),
    ...(status && { status }),
    ...((from || until) && {
      createdAt: { ...(from && { gte: new Date(from) }), ...(until && { lt: new Date(until) }) },
    }),
  };
}

/** What comes after a position. The first condition alone says where in the index to begin: without it, all pages before are read. */
function behind([createdAt, id]: z.output<typeof position>): Prisma.PredictionWhereInput {
  return { createdAt: { lte: createdAt }, OR: [{ createdAt: { lt: createdAt } }, { id: { lt: id } }] };
}

/** A site, or one study of it. */
interface Place {
  readonly site: string;
  readonly studyUid?: string;
}

/**
 * The caller's sites, and of others what an emergency access has opened, and no more: pages that end at records of others would say how
 * many there are.
 */
async function placesOf(
  services: Services,
  principal: ListCall['principal'],
  named: string | undefined,
): Promise<Place[]> {
  const sites = [...sitesForReading(principal, named)];
  const emergencies = await activeEmergencyAccesses(services.database.prisma, principal.persons, new Date());
  const opened = emergencies.filter(({ site }) => !sites.includes(site) && (named ?? site) === site);
  return [
    ...sites.map(site => ({ site })),
    ...opened.map(({ site, studyUid }) => ({ site, ...(studyUid !== null && { studyUid }) })),
  ];
}

/** Ids of the newest predictions. Each place is asked for its newest: an index has them in order, and all places together have none. */
async function newestOf(
  { database }: Services,
  places: readonly Place[],
  conditions: readonly Prisma.PredictionWhereInput[],
  count: number,
): Promise<string[]> {
  const found = await Promise.all(
    places.map(place =>
      database.prisma.prediction.findMany({
        where: { AND: [place, ...conditions] },
        select: { id: true, createdAt: true },
        orderBy: NEWEST_FIRST,
        take: count,
      }),
    ),
  );
  // Of two emergency accesses, one may be to a study and the other to its whole site.
  const distinct = new Map(found.flat().map(row => [row.id, row]));
  const sorted = [...distinct.values()].sort(
    (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1),
  );
  return sorted.slice(0, count).map(({ id }) => id);
}
