import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { attachContext, type RequestContext } from './context.ts';
import type { Limits } from './limits.ts';
import type { Logger } from './logger.ts';
import type { ServiceMetrics } from './service-metrics.ts';

export interface RequestContextOptions {
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly limits: Limits;
}

/** Gives every request an id, and one log line and one observation when it has ended. */
export function requestContext({ logger, metrics, limits }: RequestContextOptions): RequestHandler {
  return (request, response, next) => {
    const gone = new AbortController();
    const context: RequestContext = {
      requestId: randomUUID(),
      startedMs: performance.now(),
      signal: gone.signal,
      limits,
    };
    attachContext(request, context);
    response.set('X-Request-Id', context.requestId);
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
      const durationMs = performance.now() - context.startedMs;
      const route = context.route ?? 'none';
      // Not the address: a client may have put anything there.
      const { requestId, person, problem } = context;
      const { method } = request;
      const status = response.writableFinished ? response.statusCode : 499;
      metrics.requestSeconds.observe({ route, method: knownMethod(method), status: String(status) }, durationMs / 1000);
      if (problem) metrics.problems.inc({ route, code: problem });
      // Probes come every few seconds, and say nothing while all is well.
      const level = status >= 500 ? 'error' : context.route || status >= 400 ? 'info' : 'debug';
      logger[level](
        {
          requestId,
          method: knownMethod(method),
          route,
          status,
          code: problem,
          person,
          durationMs: Math.round(durationMs),
        },
        'request',
      );
    });
    next();
  };
}

/** Clients may send any word as method; it must not become a label. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].includes(method) ? method : 'other';
}
