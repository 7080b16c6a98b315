import type { Emergency } from '@voxelwise/contract';
import type { Transaction } from '../database/connection.ts';
import type { EmergencyAccess } from '../generated/prisma/client.ts';
import type { Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { takeEmergencyAccess as grant, listEmergencyAccesses, type ReasonSeal } from '../identity/emergency.ts';
import { createDataKey, openDataKey } from '../keys/data-keys.ts';
import { ShreddedError } from '../keys/errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { open, seal, sealedField } from '../keys/sealed-fields.ts';
import type { Services } from '../services.ts';
import { sitesForReading } from './sites.ts';

const DEFAULT_LIMIT = 50;

/** POST /emergency-access: the audit event is there at once, for the auditor to see. */
export function takeEmergencyAccess(services: Services): Handler<'takeEmergencyAccess'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const reasons = reasonSeal(services.keys.keys());
      const granted = await grant(transaction, call.principal, call.body, reasons, new Date());
      if (granted.outcome === 'id-taken') throw new ServiceProblem('id-taken', 'Another emergency access has this id.');
      const { access, outcome } = granted;
      Object.assign(audit, {
        site: access.site,
        studyUid: access.studyUid ?? undefined,
        emergencyAccessId: access.id,
        entities: [{ kind: 'emergency-access', id: access.id }],
        purposeOfUse: 'ETREAT',
      });
      return { status: outcome === 'created' ? 201 : 200, json: emergencyView(access, null) };
    });
}

/** GET /emergency-access: reasons are for auditors. */
export function listEmergencyAccess(services: Services): Handler<'listEmergencyAccess'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const { query, principal } = call;
      const sites = sitesForReading(principal, query.site);
      const accesses = await listEmergencyAccesses(transaction, sites, query.limit ?? DEFAULT_LIMIT);
      audit.detail = { shown: accesses.length };
      const showsReasons = principal.roles.includes('auditor');
      const reasons = showsReasons ? await reasonSeal(services.keys.keys()).open(transaction, accesses) : [];
      return {
        status: 200,
        json: { accesses: accesses.map((access, index) => emergencyView(access, reasons[index] ?? null)) },
      };
    });
}

function emergencyView(
  { id, site, studyUid, actor, grantedAt, expiresAt }: EmergencyAccess,
  reason: string | null,
): Emergency {
  return {
    id,
    site,
    studyUid,
    person: actor,
    reason,
    grantedAt: grantedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

function reasonSeal(keys: KeyRing): ReasonSeal {
  return {
    async seal(transaction: Transaction, id, reason) {
      const dataKey = await createDataKey(transaction, keys);
      return {
        reasonSealed: seal(sealedField('emergency_access', 'reason_sealed', id, dataKey), reason),
        dataKeyId: dataKey.id,
      };
    },
    async open(transaction, accesses) {
      const reasons: (string | null)[] = [];
      for (const { id, reasonSealed, dataKeyId } of accesses) {
        try {
          const dataKey = await openDataKey(transaction, keys, dataKeyId);
          reasons.push(open(sealedField('emergency_access', 'reason_sealed', id, dataKey), reasonSealed));
        } catch (error) {
          if (!(error instanceof ShreddedError)) throw error;
          reasons.push(null);
        }
      }
      return reasons;
    },
  };
}
