import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROBLEMS, type ProblemCode, problemType, type RouteName } from '../contract.ts';
import { createDataService } from './data-service.ts';
import { closeServers, type Said, saying, serve } from './http-server.test-support.ts';
import { ServiceError } from './service-error.ts';

afterEach(closeServers);

const FIXTURES = path.join(__dirname, '../../../../services/contract/fixtures');
const fixture = (name: string): unknown => JSON.parse(readFileSync(path.join(FIXTURES, `${name}.json`), 'utf8'));
const SESSION = fixture('valid/Session/reader');
const ID = '0b1f6c9e-3a52-4d7e-9c1a-000000000001';

const problem = (code: ProblemCode, detail = 'The words of the service.') => ({
  type: problemType(code),
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  code,
  detail,
  requestId: 'r-1',
});

const serviceAt = (url: string, headers: () => Record<string, string> = () => ({})) =>
  createDataService({ url: `${url}/api`, authorizationHeaders: headers });

/** What is thrown for an answer. */
async function troubleOf(said: Said): Promise<ServiceError> {
  const { url } = await saying(said);
  const error = await serviceAt(url)
    .call('getSession', {})
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ServiceError);
  expect((error as Error).message).toMatch(/^[A-Z].*[.)]$/s);
  return error as ServiceError;
}

test('a route is called as the contract has it, with the token that the viewer holds at the time', async () => {
  const { url, arrived } = await saying({ status: 200, body: fixture('valid/PredictionPage/empty') });
  let token = 0;
  const service = serviceAt(url, () => ({ Authorization: `Bearer ${++token}` }));
  await service.call('listPredictions', { query: { studyUid: '1.2.3', limit: 20, site: undefined } });
  await service.call('listPredictions', {});
  expect(arrived.map(one => [one.method, one.url, one.headers.authorization])).toEqual([
    ['GET', '/api/predictions?studyUid=1.2.3&limit=20', 'Bearer 1'],
    ['GET', '/api/predictions', 'Bearer 2'],
  ]);
});

test('parameters stand in the path, bodies are JSON, and bytes are bytes', async () => {
  const { url, arrived } = await saying({ status: 201, body: fixture('valid/ReviewStored/first-read') });
  const review = { id: ID, action: 'accept' } as const;
  await serviceAt(url).call('reviewPrediction', { parameters: { id: ID }, body: review });
  expect(arrived[0]).toMatchObject({ method: 'POST', url: `/api/predictions/${ID}/reviews` });
  expect(arrived[0]?.headers['content-type']).toBe('application/json');
  expect(JSON.parse(arrived[0]?.body ?? '')).toEqual(review);

  const stored = await saying({ status: 201, body: fixture('valid/ObjectStored/created') });
  const bytes = { content: new TextEncoder().encode('mask'), mediaType: 'application/vnd.voxelwise.mask' };
  const sha256 = 'a'.repeat(64);
  await serviceAt(stored.url).call('writeObject', { parameters: { sha256 }, query: { site: 'north' } }, { bytes });
  expect(stored.arrived[0]).toMatchObject({ method: 'PUT', url: `/api/objects/${sha256}?site=north`, body: 'mask' });
  expect(stored.arrived[0]?.headers['content-type']).toBe('application/vnd.voxelwise.mask');
});

const ANSWERS: Partial<Record<RouteName, string>> = {
  getSession: 'Session',
  listPredictions: 'PredictionPage',
  storePredictions: 'PredictionsStored',
};
const cases = Object.entries(ANSWERS).flatMap(([route, schema]) =>
  readdirSync(path.join(FIXTURES, 'valid', schema)).map(file => [route as RouteName, schema, file] as const),
);
test.each(cases)('%s takes over the golden answer %s/%s as it is', async (route, schema, file) => {
  const body = fixture(`valid/${schema}/${path.parse(file).name}`);
  const { url } = await saying({ status: 200, body });
  const input = route === 'storePredictions' ? { body: {} } : {};
  expect(await serviceAt(url).call(route, input as never)).toEqual(body);
});

test.each([
  ['invalid/Session/role-unknown', 'roles.0'],
  ['invalid/ReviewStored/outcome-unknown', 'person'],
])('the answer %s, which the contract does not know, is no success', async (name, where) => {
  const { value } = fixture(name) as { value: unknown };
  const trouble = await troubleOf({ status: 200, body: value });
  expect(trouble.kind).toBe('foreign');
  expect(trouble.message).toContain(where);
});

test.each<[string, Said]>([
  ['a sign-in page', { status: 200, body: '<!doctype html>', headers: { 'Content-Type': 'text/html' } }],
  ['JSON without its media type', { status: 200, body: SESSION, headers: { 'Content-Type': 'text/plain' } }],
  ['text that is no JSON', { status: 200, body: '{"person":' }],
  ['null', { status: 200, body: null }],
  ['another status', { status: 204, body: '' }],
  [
    'the page of a server without the service',
    { status: 404, body: 'Not found', headers: { 'Content-Type': 'text/html' } },
  ],
  ['a problem of something else', { status: 404, body: { type: 'about:blank', status: 404, detail: 'Nothing here.' } }],
  [
    'a problem with a code that is not known',
    { status: 403, body: (fixture('invalid/Problem/code-unknown') as { value: object }).value },
  ],
  ['a failure without words', { status: 500, body: '' }],
])('%s is not the data service', async (_, said) => {
  const trouble = await troubleOf(said);
  expect([trouble.kind, trouble.code]).toEqual(['foreign', null]);
});

test('a redirection, as to a sign-in page, is not followed', async () => {
  let followed = 0;
  const url = await serve((request, response) => {
    if (request.url === '/login') {
      followed++;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(SESSION));
    } else response.writeHead(302, { Location: '/login' }).end();
  });
  await expect(serviceAt(url).call('getSession', {})).rejects.toMatchObject({ kind: 'foreign' });
  expect(followed).toBe(0);
});

test.each<[ProblemCode, ServiceError['kind']]>([
  ['unauthenticated', 'signed-out'],
  ['forbidden', 'refused'],
  ['study-refused', 'refused'],
  ['not-found', 'refused'],
  ['id-taken', 'refused'],
  ['shredded', 'refused'],
  ['too-large', 'refused'],
  ['invalid-request', 'refused'],
  ['object-missing', 'refused'],
  ['too-many-requests', 'unavailable'],
  ['internal', 'failed'],
  ['unavailable', 'unavailable'],
  ['archive-unavailable', 'unavailable'],
])('the problem %s is %s, in the words of the service', async (code, kind) => {
  const trouble = await troubleOf({ status: PROBLEMS[code].status, body: problem(code) });
  expect([trouble.kind, trouble.code]).toEqual([kind, code]);
  expect(trouble.message).toContain('The words of the service.');
});

test('a problem says where the request is wrong', async () => {
  const { message } = await troubleOf({ status: 422, body: fixture('valid/Problem/invalid-request') });
  const { errors } = fixture('valid/Problem/invalid-request') as { errors: { path: string; message: string }[] };
  expect(message).toContain(`${errors[0]?.path}: ${errors[0]?.message}`);
});

test.each([
  ['7', 7_000],
  [new Date(Date.now() + 90_000).toUTCString(), 90_000],
  ['soon', null],
  [undefined, null],
])('Retry-After %s is kept', async (text, ms) => {
  const headers: Record<string, string> = text === undefined ? {} : { 'Retry-After': text };
  const { retryAfterMs } = await troubleOf({ status: 503, body: problem('unavailable'), headers });
  if (ms === null) expect(retryAfterMs).toBeNull();
  else expect(Math.abs((retryAfterMs ?? 0) - ms)).toBeLessThan(2_000);
});

test.each([502, 503, 504])('a proxy that says %s speaks for a service that is away', async status => {
  const trouble = await troubleOf({ status, body: '<html>', headers: { 'Content-Type': 'text/html' } });
  expect([trouble.kind, trouble.code]).toEqual(['unavailable', null]);
});

test('nobody there, an answer that breaks off, and one that never comes: unreachable', async () => {
  const gone = await serve(() => undefined);
  await closeServers();
  await expect(serviceAt(gone).call('getSession', {})).rejects.toMatchObject({ kind: 'unreachable' });

  const cut = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
    response.write('{', () => response.destroy());
  });
  await expect(serviceAt(cut).call('getSession', {})).rejects.toMatchObject({ kind: 'unreachable' });

  const silent = await serve(() => undefined);
  const late = serviceAt(silent).call('getSession', {}, { timeoutMs: 50 });
  await expect(late).rejects.toThrow('The data service has not answered for 0.05 s.');
});

test('a call that is given up ends with the reason that was given', async () => {
  const silent = await serve(() => undefined);
  const giving = new AbortController();
  const call = serviceAt(silent).call('getSession', {}, { signal: giving.signal });
  giving.abort(new Error('the study was closed'));
  await expect(call).rejects.toThrow('the study was closed');
});
