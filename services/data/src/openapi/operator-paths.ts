// What the service answers beside the contract: to its operators, and about itself. Nobody signs in for it.

const text = { schema: { type: 'string' } };

function answer(summary: string, operationId: string, tag: string, responses: Record<string, unknown>) {
  return { get: { operationId, summary, tags: [tag], security: [], responses } };
}

function json(description: string, properties: Record<string, unknown>) {
  const schema = { type: 'object', properties, required: Object.keys(properties) };
  return { description, content: { 'application/json': { schema } } };
}

const readiness = (statuses: readonly string[]) => ({
  status: { type: 'string', enum: statuses },
  checks: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What it needs, each with what is wrong; empty where it is well',
  },
});

export const operatorPaths = {
  '/livez': answer('Whether the process is alive', 'readLiveness', 'Operations', {
    200: json('Alive', { status: { type: 'string', const: 'alive' } }),
  }),
  '/readyz': answer('Whether everything that the service needs is there', 'readReadiness', 'Operations', {
    200: json('Ready', readiness(['ready'])),
    503: json('Not ready, or about to stop', readiness(['not ready', 'stopping'])),
  }),
  '/metrics': answer('Metrics for Prometheus', 'readServiceMetrics', 'Operations', {
    200: { description: 'Text format of Prometheus', content: { 'text/plain': text } },
  }),
  '/version': answer('What is running', 'readVersion', 'Operations', {
    200: json('Version', {
      service: { type: 'string', const: 'voxelwise-data' },
      version: { type: 'string' },
      commit: { type: ['string', 'null'] },
    }),
  }),
  '/api/openapi.json': answer('This document', 'readOpenApi', 'Documentation', {
    200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
  }),
  '/api/docs': answer('This document as a page', 'readDocumentation', 'Documentation', {
    200: { description: 'Page', content: { 'text/html': text } },
  }),
};
