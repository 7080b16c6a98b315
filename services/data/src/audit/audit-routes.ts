import { z } from 'zod';
import { sitesForReading } from '../access/sites.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Call, Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { verificationKey } from '../keys/key-ring.ts';
import { cursorOf, readCursor } from '../predictions/cursor.ts';
import type { Services } from '../services.ts';
import { fhirBundle } from './fhir.ts';
import { consistencyProof, headDocument, inclusionProof, NotInTreeError } from './proofs.ts';
import { newestHead } from './tree-store.ts';

const DEFAULT_LIMIT = 50;
const position = z.tuple([z.string().regex(/^\d{1,19}$/)]);

/** GET /audit: events of the auditor's sites and of no site, newest first, as a FHIR searchset. Looking is an event of its own. */
export function readAudit(services: Services): Handler<'readAudit'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const { limit = DEFAULT_LIMIT, cursor } = call.query;
      const keys = services.keys.keys();
      const before = cursor === undefined ? undefined : BigInt(readCursor(keys, 'readAudit', position, cursor)[0]);
      const rows = await transaction.auditEvent.findMany({
        where: { ...whereOf(call), ...(before !== undefined && { seq: { lt: before } }) },
        orderBy: { seq: 'desc' },
        take: limit + 1,
      });
      const page = rows.slice(0, limit);
      audit.detail = { shown: page.length };
      if (call.query.site) audit.site = call.query.site;
      const last = page.at(-1);
      const next = rows.length > limit && last ? cursorOf(keys, 'readAudit', [last.seq.toString()]) : null;
      const links = { self: addressOf(call.query, cursor), ...(next && { next: addressOf(call.query, next) }) };
      return { status: 200, json: fhirBundle(page, links) };
    });
}

/** Events of no site, such as refused sign-ins, are for every auditor. */
function whereOf({ query, principal }: Call<'readAudit'>): Prisma.AuditEventWhereInput {
  const { site, actor, type, studyUid, from, until } = query;
  const sites = [...sitesForReading(principal, site)];
  return {
    ...(site === undefined ? { OR: [{ site: { in: sites } }, { site: null }] } : { site: { in: sites } }),
    ...(actor && { actor }),
    ...(type && { type }),
    ...(studyUid && { studyUid }),
    ...((from || until) && { at: { ...(from && { gte: new Date(from) }), ...(until && { lt: new Date(until) }) } }),
  };
}

function addressOf(query: Call<'readAudit'>['query'], cursor: string | undefined): string {
  const parameters = new URLSearchParams(
    Object.entries({ ...query, cursor }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  );
  return `/api/audit?${parameters}`;
}

/** GET /audit/tree-head */
export function readTreeHead(services: Services): Handler<'readTreeHead'> {
  return call =>
    call.audited(async (_transaction, audit) => {
      const head = await newestHead(services.database.pool);
      if (!head) throw new ServiceProblem('not-found', 'No tree head was signed yet. Ask again in a minute.');
      audit.entities = [{ kind: 'tree-head', id: String(head.size) }];
      const publicKey = verificationKey(services.keys.keys(), head.keyId)
        .export({ type: 'spki', format: 'pem' })
        .toString();
      return { status: 200, json: { ...headDocument(head), publicKey } };
    });
}

/** GET /audit/proof/inclusion: the proof holds the event itself, and so it is for whoever may read that. */
export function proveInclusion({ database }: Services): Handler<'proveInclusion'> {
  return async call => {
    const event = await database.prisma.auditEvent.findUnique({ where: { id: call.query.event } });
    const isVisible = event && (event.site === null || call.principal.sites.includes(event.site));
    if (!isVisible) throw new ServiceProblem('not-found', 'There is no audit event of this id that you may see.');
    const proof = await orNotFound(() => inclusionProof(database, call.query.event, call.query.size));
    return call.audited(async (_transaction, audit) => {
      audit.entities = [{ kind: 'audit-event', id: call.query.event }];
      return { status: 200, json: proof };
    });
  };
}

/** GET /audit/proof/consistency */
export function proveConsistency({ database }: Services): Handler<'proveConsistency'> {
  return async call => {
    const proof = await orNotFound(() => consistencyProof(database, call.query.first, call.query.second));
    return call.audited(async (_transaction, audit) => {
      audit.entities = [{ kind: 'tree-head', id: String(proof.second) }];
      return { status: 200, json: proof };
    });
  };
}

async function orNotFound<Result>(prove: () => Promise<Result>): Promise<Result> {
  try {
    return await prove();
  } catch (error) {
    if (error instanceof NotInTreeError) throw new ServiceProblem('not-found', error.message);
    throw error;
  }
}
