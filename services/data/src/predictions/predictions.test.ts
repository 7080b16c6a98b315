import { randomUUID } from 'node:crypto';
import { calciumPrediction, startTestService, type TestService } from '../testing/service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service?.stop());

const reviewer = { name: 'reviewer-1', roles: ['reviewer'] };

test('a prediction is stored once, however often it is sent', async () => {
  const prediction = calciumPrediction();
  const first = await service.request('POST', '/predictions', { json: prediction });
  expect(first.json).toEqual({ results: [{ id: prediction.id, outcome: 'created' }] });
  expect(first.status).toBe(201);
  const second = await service.request('POST', '/predictions', { json: prediction });
  expect(second.json).toEqual({ results: [{ id: prediction.id, outcome: 'repeated' }] });
  expect(second.status).toBe(200);
});

test('50 identical posts at the same time are one row', async () => {
  const prediction = calciumPrediction();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => service.request('POST', '/predictions', { json: prediction })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 201]);
  expect(await service.database.db.prisma.prediction.count({ where: { id: prediction.id } })).toBe(1);
});

test('an id with other content is refused, and nothing of its batch is stored', async () => {
  const prediction = calciumPrediction();
  await service.request('POST', '/predictions', { json: prediction });
  const other = calciumPrediction();
  for (const changed of [
    { ...prediction, confidence: 0.7 },
    { ...prediction, subject: { ...prediction.subject, patientId: 'MRN-0043' } },
    { ...prediction, note: 'A note that was not there.' },
  ]) {
    const answer = await service.request('POST', '/predictions', { json: { predictions: [other, changed] } });
    expect([answer.status, answer.json.code]).toEqual([409, 'id-taken']);
  }
  expect(await service.database.db.prisma.prediction.count({ where: { id: other.id } })).toBe(0);
});

test('what was stored comes back, without the identifiers that it was sent with', async () => {
  const prediction = calciumPrediction({ note: 'Motion in the RCA of Mrs. Example.' });
  await service.request('POST', '/predictions', { json: prediction });
  const { json, text } = await service.request('GET', `/predictions/${prediction.id}`);
  expect(json.prediction).toMatchObject({
    id: prediction.id,
    site: 'north',
    createdByMe: true,
    producedAt: prediction.producedAt,
    image: prediction.image,
    payload: prediction.payload,
    conventions: prediction.conventions,
    provenance: prediction.provenance,
    confidence: 0.8,
    note: 'Motion in the RCA of Mrs. Example.',
    review: { count: 0, isBlinded: false, status: 'unreviewed', groundTruth: null, next: ['first'] },
    subject: { sex: 'female', ageBand: '60-69' },
  });
  expect(json.prediction.subject.patient).toMatch(/^p1:/);
  expect(text).not.toContain('MRN-0042');
});

test('free text is for those who care for patients', async () => {
  const prediction = calciumPrediction({ note: 'Motion.' });
  await service.request('POST', '/predictions', { json: prediction });
  const { json } = await service.request('GET', `/predictions/${prediction.id}`, {
    as: { name: 'x', roles: ['researcher'] },
  });
  expect(json.prediction.note).toBeNull();
});

test('the list goes on where the page before ended', async () => {
  const studyUid = '1.2.3.4.5';
  const sent = Array.from({ length: 5 }, () => calciumPrediction({ image: { studyUid } }));
  for (const prediction of sent) await service.request('POST', '/predictions', { json: prediction });
  const seen: string[] = [];
  let cursor = '';
  do {
    const { json } = await service.request(
      'GET',
      `/predictions?studyUid=${studyUid}&limit=2${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...json.items.map(({ id }: { id: string }) => id));
    cursor = json.next ?? '';
  } while (cursor);
  expect(seen).toEqual(sent.map(({ id }) => id).reverse());
});

test('the queue shows unreviewed ones, those without a confidence first, then the least confident', async () => {
  const confidences = [0.9, null, 0.1, 0.5];
  const site = 'queue';
  const sent = confidences.map(confidence => calciumPrediction({ confidence, site }));
  await service.request('POST', '/predictions', { json: { predictions: sent }, as: { sites: [site] } });
  const as = { ...reviewer, sites: [site] };
  const first = await service.request('GET', '/review-queue?limit=3', { as });
  const second = await service.request('GET', `/review-queue?limit=3&cursor=${first.json.next}`, { as });
  const shown = [...first.json.items, ...second.json.items].map(({ confidence }) => confidence);
  expect(shown).toEqual([null, 0.1, 0.5, 0.9]);
  expect(second.json.next).toBeNull();
});

test('another site sees nothing, and is told nothing', async () => {
  const prediction = calciumPrediction();
  await service.request('POST', '/predictions', { json: prediction });
  const as = { name: 'south-1', roles: ['reader', 'reviewer'], sites: ['south'] };
  const one = await service.request('GET', `/predictions/${prediction.id}`, { as });
  const none = await service.request('GET', `/predictions/${randomUUID()}`, { as });
  expect([one.status, one.json.code, one.json.detail]).toEqual([404, none.json.code, none.json.detail]);
  expect((await service.request('GET', '/predictions', { as })).json.items).toEqual([]);
  expect((await service.request('GET', '/predictions?site=north', { as })).json.items).toEqual([]);
  const write = await service.request('POST', '/predictions', { json: calciumPrediction({ site: 'north' }), as });
  expect([write.status, write.json.code]).toEqual([403, 'forbidden']);
});

test('whoever has several sites says which one a record is of', async () => {
  const as = { sites: ['north', 'south'] };
  const answer = await service.request('POST', '/predictions', { json: calciumPrediction(), as });
  expect([answer.status, answer.json.code]).toEqual([422, 'site-needed']);
  expect(
    (await service.request('POST', '/predictions', { json: calciumPrediction({ site: 'south' }), as })).status,
  ).toBe(201);
});

test('a request that does not match the contract says where, and repeats no value', async () => {
  const answer = await service.request('POST', '/predictions', {
    json: { predictions: [calciumPrediction(), { ...calciumPrediction(), confidence: 'Jane Doe', 'Jane Roe': 1 }] },
  });
  expect([answer.status, answer.json.code]).toEqual([422, 'invalid-request']);
  expect(answer.json.errors.map(({ path }: { path: string }) => path)).toContain('predictions[1].confidence');
  expect(answer.text).not.toMatch(/Jane/);
});

test('every access leaves one audit event, refused ones too', async () => {
  const prediction = calciumPrediction();
  const count = () => service.database.db.prisma.auditEvent.count();
  const before = await count();
  await service.request('POST', '/predictions', { json: prediction });
  await service.request('GET', `/predictions/${prediction.id}`);
  await service.request('GET', `/predictions/${prediction.id}`, { as: { sites: ['south'] } });
  await service.request('GET', '/metrics');
  await service.request('GET', '/predictions', { as: null });
  expect((await count()) - before).toBe(5);
  const events = await service.database.db.prisma.auditEvent.findMany({ orderBy: { seq: 'desc' }, take: 5 });
  expect(events.map(({ type, outcome }) => `${type} ${outcome}`).reverse()).toEqual([
    'prediction.create 0',
    'prediction.read 0',
    'access.refused 4',
    'access.refused 4',
    'authentication.refused 4',
  ]);
});
