import { randomUUID } from 'node:crypto';
import { invalidFixtures, malformedFixtures, validFixtures } from '../openapi/fixtures.test-support.ts';
import { calciumPrediction, startTestService, type TestService } from './service.test-support.ts';

// The fixtures of the contract against the running service: what the contract lets in is taken, what it refuses is refused at the
// same place.

let service: TestService;
let predictionId: string;
const everybody = {
  name: 'everybody',
  roles: ['reader', 'reviewer', 'researcher', 'administrator'],
  sites: ['north', 'south', 'site-a'],
};

beforeAll(async () => {
  service = await startTestService();
  const prediction = calciumPrediction({ site: 'north' });
  predictionId = prediction.id;
  await service.request('POST', '/predictions', { json: prediction, as: everybody });
});
afterAll(() => service?.stop());

/** Where a body of each schema is sent. */
const ADDRESSES: Record<string, () => [string, string]> = {
  PredictionInput: () => ['POST', '/predictions'],
  PredictionBatch: () => ['POST', '/predictions'],
  ReviewInput: () => ['POST', `/predictions/${predictionId}/reviews`],
  ConsentInput: () => ['PUT', `/predictions/${predictionId}/consent`],
  RetentionInput: () => ['PUT', `/predictions/${predictionId}/retention`],
  ShredInput: () => ['POST', `/predictions/${randomUUID()}/shredding`],
  ExportInput: () => ['POST', '/exports'],
  EmergencyInput: () => ['POST', '/emergency-access'],
};
const bodies = <Fixture extends { schema: string; name: string }>(fixtures: Fixture[]) =>
  fixtures
    .filter(({ schema }) => schema in ADDRESSES)
    .map(fixture => [`${fixture.schema} ${fixture.name}`, fixture] as const);

test('every body of the contract has valid and invalid fixtures here', () => {
  const schemas = (fixtures: { schema: string }[]) => new Set(fixtures.map(({ schema }) => schema));
  for (const schema of Object.keys(ADDRESSES)) {
    expect([schema, schemas(validFixtures()).has(schema), schemas(invalidFixtures()).has(schema)]).toEqual([
      schema,
      true,
      true,
    ]);
  }
});

test.each(bodies(validFixtures()))(
  'the service does not find fault with the form of %s',
  async (_name, { schema, value }) => {
    const [method, address] = ADDRESSES[schema]!();
    const { status, json } = await service.request(method, address, { json: value, as: everybody });
    // What they refer to (objects, records, other exports, sites) is not here; that is said by other codes.
    expect(['malformed-json', 'malformed-request', 'invalid-request', 'internal']).not.toContain(json.code);
    expect(status).toBeLessThan(500);
  },
);

test.each(bodies(invalidFixtures()))(
  'the service refuses %s at the place that the fixture names',
  async (_name, { schema, value, path }) => {
    const [method, address] = ADDRESSES[schema]!();
    const { status, json } = await service.request(method, address, { json: value, as: everybody });
    expect([status, json.code]).toEqual([422, 'invalid-request']);
    // The service puts * for names that the client made up.
    const places = json.errors.map((error: { path: string }) => error.path);
    expect(places.some((place: string) => place === path || place.includes('*'))).toBe(true);
  },
);

test.each(malformedFixtures())('text that is no JSON is told apart: %s', async (_name, text) => {
  const answer = await service.request('POST', '/predictions', {
    bytes: Buffer.from(text),
    mediaType: 'application/json',
    as: everybody,
  });
  expect([answer.status, answer.json.code]).toEqual([400, 'malformed-json']);
});
