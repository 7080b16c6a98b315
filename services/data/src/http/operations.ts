import { Router } from 'express';
import type { Services } from '../services.ts';
import { VERSION } from '../version.generated.ts';

/** What a working service needs, each with its state in words; '' where it is well. */
export type ReadinessChecks = Readonly<Record<string, string>>;

export interface Readiness {
  /** True from the signal to stop until the end: a load balancer sends nothing new. */
  readonly isStopping: () => boolean;
  check(): Promise<ReadinessChecks>;
}

/** How long an answer of /readyz is used again. */
const READINESS_AGE_MS = 1500;

/**
 * /livez (the process), /readyz (what it needs), /metrics (Prometheus), /version. They are for the machine's operators: a proxy in front
 * passes on /api alone.
 */
export function operations({ metrics, configuration }: Services, readiness: Readiness): Router {
  const router = Router({ caseSensitive: true, strict: true });
  let last: { readonly atMs: number; readonly checks: Promise<ReadinessChecks> } | undefined;

  router.get('/livez', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'alive' });
  });

  router.get('/readyz', async (_request, response) => {
    if (!last || performance.now() - last.atMs > READINESS_AGE_MS) {
      last = { atMs: performance.now(), checks: readiness.check() };
    }
    const checks = await last.checks;
    const isReady = !readiness.isStopping() && Object.values(checks).every(problem => problem === '');
    response
      .status(isReady ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: isReady ? 'ready' : readiness.isStopping() ? 'stopping' : 'not ready', checks });
  });

  router.get('/metrics', async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type(metrics.registry.contentType)
      .send(await metrics.registry.metrics());
  });

  router.get('/version', (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .json({ service: 'voxelwise-data', version: VERSION, commit: configuration.commit });
  });
  return router;
}
