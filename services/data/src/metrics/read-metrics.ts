import { sitesForReading } from '../access/sites.ts';
import type { Handler } from '../http/call.ts';
import { foldSources } from '../reviews/fold-sources.ts';
import type { Services } from '../services.ts';
import { metricsOf } from './metrics.ts';

/** GET /metrics */
export function readMetrics(services: Services): Handler<'readMetrics'> {
  return call =>
    call.audited(
      async (transaction, audit) => {
        const { site, kind, truthLevel, from, until } = call.query;
        if (site) audit.site = site;
        const query = {
          sites: sitesForReading(call.principal, site),
          ...(kind && { kind }),
          ...(truthLevel && { truthLevel }),
          ...(from && { from: new Date(from) }),
          ...(until && { until: new Date(until) }),
        };
        return { status: 200, json: await metricsOf(transaction, query, foldSources(services), new Date()) };
      },
      { isolationLevel: 'RepeatableRead' },
    );
}
