import type { Handler } from '../http/call.ts';
import { openDataKey } from '../keys/data-keys.ts';
import { reviewView } from '../reviews/review-content.ts';
import { standingOf } from '../reviews/standing.ts';
import type { Services } from '../services.ts';
import { findRecord } from './find-record.ts';
import { maySeeFreeText, notesOf } from './notes.ts';
import { predictionView } from './view.ts';

/** GET /predictions/{id}: with its reviews; a person who may still file a read sees none but the own ones. */
export function readPrediction(services: Services): Handler<'readPrediction'> {
  return async call => {
    const { principal } = call;
    const { row, access } = await findRecord(services, call, call.parameters.id);
    return call.audited(async (transaction, audit) => {
      Object.assign(audit, {
        site: row.site,
        studyUid: row.studyUid ?? undefined,
        entities: [{ kind: 'prediction', id: row.id }],
      });
      if (access.emergencyAccessId) audit.emergencyAccessId = access.emergencyAccessId;
      if (row.shreddedAt)
        return { status: 200, json: { prediction: predictionView(row, principal, null), reviews: [] } };

      const keys = services.keys.keys();
      const notes = await notesOf(transaction, keys, [row], principal);
      const { isBlinded } = standingOf(principal, row, row.reviews);
      const reviews = await transaction.review.findMany({ where: { predictionId: row.id }, orderBy: { seq: 'asc' } });
      const visible = isBlinded ? reviews.filter(({ reader }) => principal.persons.includes(reader)) : reviews;
      const dataKey = row.dataKeyId && visible.length > 0 ? await openDataKey(transaction, keys, row.dataKeyId) : null;
      return {
        status: 200,
        json: {
          prediction: predictionView(row, principal, notes.get(row.id) ?? null),
          reviews: visible.map(review => reviewView(review, principal, dataKey, maySeeFreeText(principal))),
        },
      };
    });
  };
}
