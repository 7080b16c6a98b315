import { createDataService } from '../client/data-service.ts';
import { closeServers, serve } from '../client/http-server.test-support.ts';
import { PROBLEMS, type ProblemCode, problemType } from '../contract.ts';
import { deliver } from './delivery.ts';
import type { Attachment, Entry } from './entry.ts';

afterEach(closeServers);

const SHA = 'a'.repeat(64);
const mask: Attachment = {
  name: 'mask-LAD',
  sha256: SHA,
  mediaType: 'application/vnd.voxelwise.mask',
  content: new Blob(['bits']),
};
const entryOf = (change: Partial<Entry> = {}): Entry => ({
  id: '0b1f6c9e-3a52-4d7e-9c1a-000000000001',
  predictionId: '0b1f6c9e-3a52-4d7e-9c1a-000000000001',
  sequence: 1,
  content: { kind: 'prediction', body: { id: 'x' } } as unknown as Entry['content'],
  attachments: [mask],
  owner: 'me',
  title: 'Calcium score 1',
  studyUid: '1.2',
  madeAt: 0,
  state: 'waiting',
  isUploaded: false,
  failures: 0,
  notBefore: 0,
  problem: '',
  ...change,
});

/** A service that answers each request by what the function says: a problem, or null for success. */
async function delivering(entry: Entry, problemOf: (asked: string, count: number) => ProblemCode | null) {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    request.resume();
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      const code = problemOf(`${request.method} ${request.url}`, asked.length);
      if (code) {
        const { status, title } = PROBLEMS[code];
        const detail = `It says ${code}.`;
        const body = JSON.stringify({ type: problemType(code), title, status, code, detail, requestId: 'r' });
        response.writeHead(status, { 'Content-Type': 'application/problem+json', 'Retry-After': '9' }).end(body);
        return;
      }
      const { id } = entry;
      const body = request.url?.startsWith('/objects')
        ? { site: 'north', sha256: SHA, sizeBytes: 4, outcome: 'created' }
        : request.url?.endsWith('/reviews')
          ? { id, outcome: 'created', part: 'first' }
          : { results: [{ id, outcome: 'created' }] };
      response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const uploads: boolean[] = [];
  const service = createDataService({ url, authorizationHeaders: () => ({}) });
  const outcome = await deliver(entry, service, {
    signal: new AbortController().signal,
    onUploaded: async isUploaded => void uploads.push(isUploaded),
  });
  return { asked, uploads, outcome };
}

test('masks go before the record that needs them', async () => {
  const { asked, uploads, outcome } = await delivering(entryOf({ site: 'north' }), () => null);
  expect(asked).toEqual([`PUT /objects/${SHA}?site=north`, 'POST /predictions']);
  expect(uploads).toEqual([true]);
  expect(outcome).toEqual({ kind: 'delivered' });
});

test('a review goes to its prediction', async () => {
  const content = { kind: 'review', body: { id: 'y', action: 'accept' } } as unknown as Entry['content'];
  const { asked } = await delivering(entryOf({ content, attachments: [] }), () => null);
  expect(asked).toEqual(['POST /predictions/0b1f6c9e-3a52-4d7e-9c1a-000000000001/reviews']);
});

test('masks that have arrived are not sent again, unless the service has forgotten them meanwhile', async () => {
  const again = await delivering(entryOf({ isUploaded: true }), () => null);
  expect(again.asked).toEqual(['POST /predictions']);

  const forgotten = await delivering(entryOf({ isUploaded: true }), (_, count) =>
    count === 1 ? 'object-missing' : null,
  );
  expect(forgotten.asked).toEqual(['POST /predictions', `PUT /objects/${SHA}`, 'POST /predictions']);
  expect(forgotten.uploads).toEqual([false, true]);
  expect(forgotten.outcome).toEqual({ kind: 'delivered' });
});

test.each<ProblemCode>([
  'forbidden',
  'study-refused',
  'id-taken',
  'shredded',
  'too-large',
  'invalid-request',
  'object-missing',
])('what is refused (%s) is refused for good', async code => {
  const { outcome } = await delivering(entryOf(), asked => (asked.startsWith('POST') ? code : null));
  expect(outcome).toEqual({ kind: 'refused', problem: `It says ${code}.` });
});

test('a mask that is too large refuses the record, which is not sent', async () => {
  const { asked, outcome } = await delivering(entryOf(), () => 'too-large');
  expect(asked).toHaveLength(1);
  expect(outcome.kind).toBe('refused');
});

test.each<ProblemCode>(['unauthenticated', 'too-many-requests', 'unavailable', 'archive-unavailable'])(
  '%s makes everything wait, as long as the service asks for',
  async code => {
    const { outcome } = await delivering(entryOf(), () => code);
    expect(outcome).toMatchObject({ kind: 'paused', retryAfterMs: 9_000 });
  },
);

test('a mistake of the service holds up this record alone', async () => {
  const { outcome } = await delivering(entryOf(), () => 'internal');
  expect(outcome).toEqual({ kind: 'failed', problem: 'It says internal.' });
});
