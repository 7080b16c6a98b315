import type { RouteName } from '@voxelwise/contract';
import type { Request } from 'express';
import { type AuditEventInput, recordAudit } from '../audit/audit-event.ts';
import type { Transaction } from '../database/connection.ts';
import type { Principal } from '../identity/principal.ts';
import type { Services } from '../services.ts';
import { AUDIT_OF_ROUTE } from './audit-of-route.ts';
import type { AuditDetails } from './call.ts';
import { clientAddress } from './client-address.ts';
import { clientProgram } from './client-program.ts';
import type { RequestContext } from './context.ts';
import { safeError } from './safe-error.ts';
import type { ServiceProblem } from './service-problem.ts';

/** One request on its way through the router. */
export interface Attempt {
  readonly context: RequestContext;
  readonly request: Request;
  readonly name: RouteName;
  principal: Principal | null;
  /** True once the call's own audit event is in the database. */
  isCommitted?: boolean;
}

/** Writes the event of an allowed access in its own transaction; of records of several sites one event for each site. */
export async function auditAccess(
  services: Services,
  transaction: Transaction,
  attempt: Attempt,
  { bySite = [{}], ...details }: AuditDetails,
): Promise<void> {
  const event = { ...eventOf(services, attempt, 0), ...AUDIT_OF_ROUTE[attempt.name], ...details };
  await recordAudit(transaction, ...bySite.map(part => ({ ...event, ...part })));
}

/** A refused access is an event of its own. Where it cannot be written, nothing was done that needs one: it is logged. */
export async function auditRefusal(services: Services, attempt: Attempt, problem: ServiceProblem): Promise<void> {
  const { code, status } = problem;
  // Counted in the metrics: writing would let a flood fill the database, or ask more of one that cannot keep up.
  if (code === 'too-many-requests' || code === 'unavailable') return;
  try {
    await services.database.transaction(async transaction => {
      const event = eventOf(services, attempt, status >= 500 ? 8 : 4);
      const asked = attempt.principal ? recordOf(attempt) : null;
      await recordAudit(transaction, {
        ...event,
        type: code === 'unauthenticated' ? 'authentication.refused' : 'access.refused',
        action: AUDIT_OF_ROUTE[attempt.name].action,
        ...(asked && { entities: [asked], site: (await siteOf(transaction, asked)) ?? event.site }),
        detail: { route: attempt.name, code },
      });
    });
  } catch (error) {
    services.logger.error({
      requestId: attempt.context.requestId,
      route: attempt.name,
      reason: 'refusal not audited',
      error: safeError(error),
    });
  }
}

/** What is known of every access. What concerns no particular record belongs to the site of who does it, where that is one. */
function eventOf(services: Services, { context, request, principal }: Attempt, outcome: AuditEventInput['outcome']) {
  const ip = clientAddress(request);
  const userAgent = clientProgram(request.headers['user-agent']);
  const sites = principal?.sites ?? [];
  return {
    outcome,
    actor: principal?.person ?? null,
    site: sites.length === 1 ? sites[0]! : null,
    roles: [...(principal?.roles ?? [])],
    requestId: context.requestId,
    durationMs: Math.round(performance.now() - context.startedMs),
    ...(ip && { ip }),
    ...(userAgent && { userAgent }),
    ...(principal?.sessionId && { session: services.authentication.sessionDigest(principal.sessionId) }),
  } satisfies Partial<AuditEventInput>;
}

type Asked = NonNullable<AuditEventInput['entities']>[number] & { readonly kind: 'prediction' | 'export' };

/** The record that an address names, where it is an id: what else was put there is not repeated. */
function recordOf({ request: { params, route } }: Attempt): Asked | null {
  const { id } = params;
  if (typeof id !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  return { kind: String(route.path).startsWith('/exports/') ? 'export' : 'prediction', id };
}

/** Whose record it is: the auditors of that site are told who tried. */
async function siteOf(transaction: Transaction, { kind, id }: Asked): Promise<string | undefined> {
  const query = { where: { id }, select: { site: true } } as const;
  const row =
    kind === 'export' ? await transaction.export.findUnique(query) : await transaction.prediction.findUnique(query);
  return row?.site;
}
