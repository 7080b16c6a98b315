import { ROLES } from '@voxelwise/contract';
import fc from 'fast-check';
import { BODY_LIMIT_BYTES, JSON_ROUTES } from './bodies-nearby.test-support.ts';
import {
  goodRequests,
  inWords,
  malformedRequests,
  problemCodeOf,
  rawClient,
  withNewIds,
} from './requests-nearby.test-support.ts';
import { startTestService, type TestService } from './service.test-support.ts';
import { fillSite, type SiteRecords } from './site-records.test-support.ts';
import { storedState } from './stored-rows.test-support.ts';

const REQUESTS = 10_000;
const GOOD_REQUESTS = 1500;
const AT_ONCE = 20;
/** FUZZ_SEED repeats a run. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

let service: TestService;
let records: SiteRecords;
let authorization: string;
let client: ReturnType<typeof rawClient>;

beforeAll(async () => {
  process.stdout.write(`Malformed requests of FUZZ_SEED=${SEED}\n`);
  service = await startTestService({ BODY_LIMIT_BYTES: String(BODY_LIMIT_BYTES), REQUESTS_PER_MINUTE: '1000000' });
  records = await fillSite(service, 'north');
  // Whoever may do everything: no request is refused for who sends it.
  authorization = await service.as({ name: 'everybody', roles: ROLES });
  client = rawClient(service.running.port, AT_ONCE);
}, 120_000);
afterAll(async () => {
  client?.close();
  await service?.stop();
});

test('every route with a JSON body has bodies to begin with', () => {
  for (const { path, seeds } of JSON_ROUTES) expect([path, seeds.length]).not.toEqual([path, 0]);
});

test(`${REQUESTS} malformed requests: each is answered with a problem of its client, and nothing is stored`, async () => {
  const before = await storedState(service);
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(malformedRequests, { minLength: AT_ONCE, maxLength: AT_ONCE }), async requests => {
      const answers = await Promise.all(requests.map(send));
      for (const [index, answer] of answers.entries()) {
        const code = problemCodeOf(answer);
        if (code === null)
          throw new Error(`${inWords(requests[index]!)}\nis answered with ${answer.status} ${answer.text}`);
        codes.add(code);
      }
    }),
    { numRuns: REQUESTS / AT_ONCE, seed: SEED, endOnFailure: true },
  );
  expect(await storedState(service)).toEqual(before);
  expect(Object.keys(Object.prototype)).toEqual([]);
  // Many sorts of wrong were met, not one.
  expect(codes.size).toBeGreaterThan(6);
  expect((await service.request('GET', '/session')).status).toBe(200);
}, 300_000);

test('what the contract lets in is no internal error, and what was stored of it can be read again', async () => {
  const good = fc.sample(goodRequests, { numRuns: GOOD_REQUESTS, seed: SEED });
  let stored = 0;
  for (let at = 0; at < good.length; at += AT_ONCE) {
    await Promise.all(
      good.slice(at, at + AT_ONCE).map(async request => {
        const answer = await send({ ...request, body: request.body && withNewIds(request.body) });
        if (answer.status >= 500)
          throw new Error(`${inWords(request)}\nis answered with ${answer.status} ${answer.text}`);
        if (answer.status === 201) stored++;
      }),
    );
  }
  expect(stored).toBeGreaterThan(100);
  const as = { name: 'everybody', roles: ROLES };
  let cursor = '';
  do {
    const page = await service.request('GET', `/predictions?limit=20${cursor}`, { as });
    expect([page.status, page.text]).toEqual([200, page.text]);
    for (const { id } of page.json.items) {
      const one = await service.request('GET', `/predictions/${id}`, { as });
      expect([one.status, one.text]).toEqual([200, one.text]);
    }
    cursor = page.json.next ? `&cursor=${page.json.next}` : '';
  } while (cursor);
}, 120_000);

test('a cursor that was changed, cut, made up or given out by another address is refused', async () => {
  const [ofList, ofQueue, ofAudit] = records.cursors;
  const changed = [...ofList!].map(
    (_, at) => `${ofList!.slice(0, at)}${ofList![at] === 'A' ? 'B' : 'A'}${ofList!.slice(at + 1)}`,
  );
  const madeUp = Buffer.from(JSON.stringify(['2026-01-01T00:00:00Z', records.predictions.calcium])).toString(
    'base64url',
  );
  const as = { name: 'everybody', roles: ['reader', 'auditor'] };
  for (const cursor of [...changed, ofList!.slice(0, -1), ofList!.slice(1), ofQueue!, ofAudit!, madeUp, 'A', 'Li4v']) {
    const answer = await service.request('GET', `/predictions?cursor=${cursor}`, { as });
    expect([cursor, answer.status, answer.json.code]).toEqual([cursor, 422, 'invalid-request']);
  }
  expect((await service.request('GET', `/predictions?cursor=${ofList}`, { as })).status).toBe(200);
});

function send(request: Parameters<typeof client.send>[0]) {
  return client.send({ ...request, target: withRecords(request.target) }, authorization);
}

/** So that it is not the record that is missing. */
function withRecords(target: string): string {
  const id = target.startsWith('/exports/') ? records.exportId : records.predictions.segmentation;
  return target
    .replaceAll('{id}', id)
    .replaceAll('{name}', records.objectName)
    .replaceAll('{sha256}', records.objectSha256);
}
