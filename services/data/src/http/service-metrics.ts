import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics. Labels are names of routes, statuses and codes: never a site's, a person's or a patient's. */
export interface ServiceMetrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'route' | 'method' | 'status'>;
  readonly problems: Counter<'route' | 'code'>;
  readonly predictions: Counter<'kind' | 'outcome'>;
  readonly reviews: Counter<'action'>;
  readonly unsealedEvents: Gauge;
  readonly oldestUnsealedSeconds: Gauge;
  readonly sealedEvents: Counter;
  readonly exports: Counter<'outcome'>;
  readonly shredded: Counter;
}

export function createServiceMetrics(): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'voxelwise_request_seconds',
      help: 'Duration of requests',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    problems: new Counter({
      name: 'voxelwise_problems_total',
      help: 'Problem documents sent',
      labelNames: ['route', 'code'],
      registers,
    }),
    predictions: new Counter({
      name: 'voxelwise_predictions_total',
      help: 'Predictions received',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    reviews: new Counter({
      name: 'voxelwise_reviews_total',
      help: 'Reviews stored',
      labelNames: ['action'],
      registers,
    }),
    unsealedEvents: new Gauge({
      name: 'voxelwise_audit_unsealed_events',
      help: 'Audit events not sealed yet',
      registers,
    }),
    oldestUnsealedSeconds: new Gauge({
      name: 'voxelwise_audit_oldest_unsealed_seconds',
      help: 'Age of the oldest audit event that is not sealed yet',
      registers,
    }),
    sealedEvents: new Counter({
      name: 'voxelwise_audit_sealed_events_total',
      help: 'Audit events sealed here',
      registers,
    }),
    exports: new Counter({
      name: 'voxelwise_exports_total',
      help: 'Exports ended here',
      labelNames: ['outcome'],
      registers,
    }),
    shredded: new Counter({ name: 'voxelwise_shredded_total', help: 'Records erased here', registers }),
  };
}
