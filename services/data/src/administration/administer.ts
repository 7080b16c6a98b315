import type { Transaction } from '../database/connection.ts';
import type { AuditDetails, Call, Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { tombstoneView } from '../predictions/view.ts';
import type { Services } from '../services.ts';
import { shred } from './shred.ts';

type Administered = Call<'setConsent' | 'setRetention' | 'shredPrediction'>;

/** PUT /predictions/{id}/consent */
export function setConsent(_services: Services): Handler<'setConsent'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const row = await lockRecord(transaction, call, audit);
      const { consent } = call.body;
      audit.detail = { before: row.consent, after: consent };
      return administered(transaction, row.id, { consent });
    });
}

/** PUT /predictions/{id}/retention: until when the record is kept, and legal hold. */
export function setRetention(_services: Services): Handler<'setRetention'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const row = await lockRecord(transaction, call, audit);
      const { retentionUntil, legalHold } = call.body;
      audit.detail = { legalHoldBefore: row.legalHold, legalHold, ...(retentionUntil && { retentionUntil }) };
      return administered(transaction, row.id, {
        retentionUntil: retentionUntil === null ? null : new Date(`${retentionUntil}T00:00:00Z`),
        legalHold,
      });
    });
}

/** POST /predictions/{id}/shredding: repeating it is harmless. */
export function shredPrediction(services: Services): Handler<'shredPrediction'> {
  return async call => {
    const answer = await call.audited(async (transaction, audit) => {
      const row = await lockRecord(transaction, call, audit, { evenShredded: true });
      audit.detail = { reason: call.body.reason };
      if (!row.shreddedAt) await shred(transaction, row, call.body.reason, new Date());
      return tombstoneView(await transaction.prediction.findUniqueOrThrow({ where: { id: row.id } }));
    });
    services.metrics.shredded.inc();
    return { status: 200, json: answer };
  };
}

/** The record, locked against others, of a site of the caller. Administrators do not look into studies: the archive is not asked. */
async function lockRecord(
  transaction: Transaction,
  { parameters: { id }, principal }: Administered,
  audit: AuditDetails,
  { evenShredded = false } = {},
) {
  await transaction.$queryRaw`SELECT 1 FROM "prediction" WHERE "id" = ${id}::uuid FOR UPDATE`;
  const row = await transaction.prediction.findUnique({ where: { id } });
  if (!row || !principal.sites.includes(row.site)) throw new ServiceProblem('not-found');
  if (row.shreddedAt && !evenShredded) throw new ServiceProblem('shredded');
  Object.assign(audit, { site: row.site, studyUid: row.studyUid ?? undefined, entities: [{ kind: 'prediction', id }] });
  return row;
}

async function administered(
  transaction: Transaction,
  id: string,
  data: { consent?: string; retentionUntil?: Date | null; legalHold?: boolean },
) {
  const row = await transaction.prediction.update({ where: { id }, data });
  return {
    status: 200,
    json: {
      id,
      consent: row.consent as 'granted' | 'refused' | 'not-recorded',
      retentionUntil: row.retentionUntil?.toISOString().slice(0, 10) ?? null,
      legalHold: row.legalHold,
    },
  };
}
