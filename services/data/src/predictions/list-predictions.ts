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
const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** GET /predictions: newest first. */
export function listPredictions(services: Services): Handler<'listPredictions'> {
  return async call => {
    const { query, principal } = call;
    const { limit = DEFAULT_LIMIT } = query;
    if (query.status && principal.roles.includes('reviewer')) {
      throw new ServiceProblem('forbidden', 'Reviewers cannot search by status: it would say what others have read.');
    }
    const where = await whereOf(services, call);
    const keys = services.keys.keys();
    const cursor = query.cursor === undefined ? undefined : readCursor(keys, 'listPredictions', position, query.cursor);
    const after: Prisma.PredictionWhereInput = cursor
      ? { OR: [{ createdAt: { lt: cursor[0] } }, { createdAt: cursor[0], id: { lt: cursor[1] } }] }
      : {};
    const rows = await services.database.prisma.prediction.findMany({
      where: { AND: [where, after] },
      include: VIEWED,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next =
      rows.length > limit && last ? cursorOf(keys, 'listPredictions', [last.createdAt.toISOString(), last.id]) : null;
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

async function whereOf(
  services: Services,
  { query, principal }: Call<'listPredictions'>,
): Promise<Prisma.PredictionWhereInput> {
  const { kind, studyUid, seriesUid, algorithmName, algorithmVersion, status, from, until } = query;
  return {
    ...(await ofSitesOrEmergency(services, principal, query.site)),
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

/**
 * The caller's sites, and of others what an emergency access has opened, and no more: pages that end at records of others would say how
 * many there are.
 */
async function ofSitesOrEmergency(
  services: Services,
  principal: Call<'listPredictions'>['principal'],
  named: string | undefined,
): Promise<Prisma.PredictionWhereInput> {
  const sites = [...sitesForReading(principal, named)];
  const emergencies = await activeEmergencyAccesses(services.database.prisma, principal.persons, new Date());
  const opened = emergencies.filter(({ site }) => !sites.includes(site) && (named ?? site) === site);
  if (opened.length === 0) return { site: { in: sites } };
  const openedStudies = opened.map(({ site, studyUid }) => ({ site, ...(studyUid !== null && { studyUid }) }));
  return { OR: [{ site: { in: sites } }, ...openedStudies] };
}
