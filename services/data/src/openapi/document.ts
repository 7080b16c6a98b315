import { isBytes, PERMISSIONS, problemSchema, ROUTES, type Route, type RouteName } from '@voxelwise/contract';
import type { z } from 'zod';
import { CONTRACT_VERSION, examplesOf } from './examples.ts';
import { type JsonSchema, type JsonSchemas, jsonSchemasOf, mergeComponents } from './json-schemas.ts';
import { operatorPaths } from './operator-paths.ts';
import { problemExamples, problemHeaders, problemResponses } from './problem-responses.ts';

const TAGS = {
  Session: 'Who you are to the service',
  Predictions: 'What algorithms said',
  Reviews: 'What readers say of it',
  Objects: 'Masks and other large payloads',
  Metrics: 'How well algorithms do',
  Exports: 'Data sets for research and training',
  Administration: 'Consent, retention and erasure',
  'Emergency access': 'Break-glass',
  Audit: 'Who did what, and the proof that nothing was changed',
  Operations: 'For those who run the service',
  Documentation: 'About the service itself',
} as const;

const TAG_OF_ROUTE: Record<RouteName, keyof typeof TAGS> = {
  getSession: 'Session',
  storePredictions: 'Predictions',
  listPredictions: 'Predictions',
  readQueue: 'Reviews',
  readPrediction: 'Predictions',
  reviewPrediction: 'Reviews',
  setConsent: 'Administration',
  setRetention: 'Administration',
  shredPrediction: 'Administration',
  writeObject: 'Objects',
  readObject: 'Objects',
  readMetrics: 'Metrics',
  requestExport: 'Exports',
  listExports: 'Exports',
  readExport: 'Exports',
  cancelExport: 'Exports',
  readExportFile: 'Exports',
  takeEmergencyAccess: 'Emergency access',
  listEmergencyAccess: 'Emergency access',
  readAudit: 'Audit',
  readTreeHead: 'Audit',
  proveInclusion: 'Audit',
  proveConsistency: 'Audit',
};

const routes = Object.entries(ROUTES) as [RouteName, Route][];

/** The OpenAPI 3.1 document of everything that the service answers, made from the routes of the contract. */
export function openApiDocument() {
  const sent = jsonSchemasOf(bodySchemas(), 'input');
  const answered = jsonSchemasOf({ ...answerSchemas(), problem: problemSchema }, 'output');
  // Words of an address and its query are read as what they mean: a limit is a number.
  const addressed = jsonSchemasOf(addressSchemas(), 'output');
  const schemas = mergeComponents(mergeComponents(addressed.components, sent.components), answered.components);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of routes) {
    const address = `/api${route.path}`;
    paths[address] = { ...paths[address], [route.method]: operationOf(name, route, { sent, answered, addressed }) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Voxelwise data service',
      version: CONTRACT_VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Predictions, reviews and corrections of quantitative imaging, kept beside the archive. Not for diagnostic use.\n\n' +
        'Sign in at the identity provider of the hospital and send its access token as bearer token. What a request may do depends ' +
        'on the roles of the token, what it may see on its sites and on the archive. In local single-user mode nobody signs in.\n\n' +
        'Records carry ids that clients choose: repeating a request is harmless. Every problem is an RFC 9457 document with a code ' +
        'of a closed set. Every access is audited.',
    },
    servers: [{ url: '/', description: 'This service' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }],
    paths: { ...paths, ...operatorPaths },
    components: {
      schemas: sorted(schemas),
      examples: usedExamples(paths, schemas),
      headers: problemHeaders,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of the identity provider, with the claims for roles and sites',
        },
      },
    },
  };
}

interface SchemasOfRoutes {
  readonly sent: JsonSchemas;
  readonly answered: JsonSchemas;
  readonly addressed: JsonSchemas;
}

function operationOf(name: RouteName, route: Route, { sent, answered, addressed }: SchemasOfRoutes) {
  const parameters = [
    ...Object.keys(route.parameters?.shape ?? {}).map(parameter => ({ in: 'path', parameter })),
    ...Object.keys(route.query?.shape ?? {}).map(parameter => ({ in: 'query', parameter })),
  ].map(({ in: where, parameter }) => {
    const { schema, isRequired } = addressed.of(`${name} ${where} ${parameter}`);
    return { name: parameter, in: where, required: isRequired, ...described(schema), schema };
  });
  return {
    operationId: name,
    summary: route.summary,
    description: needsOf(route),
    tags: [TAG_OF_ROUTE[name]],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: contentOfBody(name, route.body, sent) } }),
    responses: {
      ...Object.fromEntries(
        Object.keys(route.responses).map(status => [status, responseOf(name, route, status, answered)]),
      ),
      ...problemResponses(route),
    },
  };
}

// Schemas by route and name.

function bodySchemas(): Record<string, z.ZodType> {
  const bodies = routes.flatMap(([name, { body }]) =>
    body && !isBytes(body) ? [[`${name} body`, body] as const] : [],
  );
  return Object.fromEntries(bodies);
}

function answerSchemas(): Record<string, z.ZodType> {
  const answers = routes.flatMap(([name, { responses }]) =>
    Object.entries(responses).flatMap(([status, schema]) => (schema ? [[`${name} ${status}`, schema] as const] : [])),
  );
  return Object.fromEntries(answers);
}

function addressSchemas(): Record<string, z.ZodType> {
  const fields = routes.flatMap(([name, { parameters, query }]) => [
    ...fieldsOf(parameters, `${name} path`),
    ...fieldsOf(query, `${name} query`),
  ]);
  return Object.fromEntries(fields);
}

function fieldsOf(schema: z.ZodObject | undefined, prefix: string): [string, z.ZodType][] {
  return Object.entries(schema?.shape ?? {}).map(([field, type]) => [`${prefix} ${field}`, type as z.ZodType]);
}

function contentOfBody(name: RouteName, body: NonNullable<Route['body']>, sent: JsonSchemas): Record<string, unknown> {
  if (isBytes(body)) return Object.fromEntries(body.mediaTypes.map(mediaType => [mediaType, {}]));
  return { 'application/json': contentOf(sent.of(`${name} body`).schema) };
}

function responseOf(name: RouteName, { responses }: Route, status: string, answered: JsonSchemas) {
  const isJson = responses[Number(status)] !== null;
  const statuses = Object.keys(responses);
  return {
    description: isJson ? meaningOf(status, statuses) : 'The bytes, of the media type that the answer names',
    headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
    content: isJson ? { 'application/json': contentOf(answered.of(`${name} ${status}`).schema) } : { '*/*': {} },
  };
}

function meaningOf(status: string, statuses: readonly string[]): string {
  if (status === '201') return 'Stored';
  if (status === '202') return 'Accepted, and under way';
  return statuses.length > 1 ? 'The same was sent before: nothing is changed' : 'Done';
}

/** A schema with the examples of what it refers to. */
function contentOf(schema: JsonSchema) {
  const names = JSON.stringify(schema).match(/(?<=#\/components\/schemas\/)\w+/g) ?? [];
  const examples = names.flatMap(namedExamples).map(([name]) => [name, { $ref: `#/components/examples/${name}` }]);
  return { schema, ...(examples.length > 0 && { examples: Object.fromEntries(examples) }) };
}

/** Those that something refers to. */
function usedExamples(paths: object, schemas: object): Record<string, unknown> {
  const all = { ...Object.fromEntries(Object.keys(schemas).flatMap(namedExamples)), ...problemExamples() };
  const used = JSON.stringify(paths);
  return Object.fromEntries(Object.entries(all).filter(([name]) => used.includes(`"#/components/examples/${name}"`)));
}

function namedExamples(schemaId: string): [string, { value: unknown }][] {
  return Object.entries(examplesOf(schemaId)).map(([name, value]) => [`${schemaId}.${name}`, { value }]);
}

function needsOf({ permission }: Route): string {
  if (permission === null) return 'Open to everybody.';
  return `Needs the permission \`${permission}\`, which these roles have: ${PERMISSIONS[permission].join(', ')}.`;
}

function described({ description }: JsonSchema) {
  return typeof description === 'string' ? { description } : {};
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
