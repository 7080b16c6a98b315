import { randomUUID } from 'node:crypto';
import type { ReviewInput } from '@voxelwise/contract';
import {
  calciumPrediction,
  startTestService,
  type TestPerson,
  type TestService,
} from '../testing/service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service?.stop());

const sender: TestPerson = { name: 'sender', roles: ['reader'] };
const alice: TestPerson = { name: 'alice', roles: ['reviewer'] };
const bob: TestPerson = { name: 'bob', roles: ['reviewer'] };
const carol: TestPerson = { name: 'carol', roles: ['reviewer'] };

const accept = (): ReviewInput => ({ id: randomUUID(), action: 'accept' });
const reject = (): ReviewInput => ({
  id: randomUUID(),
  action: 'reject',
  reasonCode: 'false-positive',
  reason: 'Mrs. Example has a stent.',
});
const edit = (agatston: number): ReviewInput => ({
  id: randomUUID(),
  action: 'edit',
  reasonCode: 'wrong-measurement',
  correction: { payload: { agatston, volumeMm3: 80, massMg: null, lesions: 2, vessels: [] } },
});

async function stored(): Promise<string> {
  const prediction = calciumPrediction();
  await service.request('POST', '/predictions', { json: prediction, as: sender });
  return prediction.id;
}

const review = (id: string, json: ReviewInput, as: TestPerson) =>
  service.request('POST', `/predictions/${id}/reviews`, { json, as });
const look = async (id: string, as: TestPerson) => (await service.request('GET', `/predictions/${id}`, { as })).json;

test('one read gives a ground truth of one read', async () => {
  const id = await stored();
  const answer = await review(id, edit(110), alice);
  expect([answer.status, answer.json.part]).toEqual([201, 'first']);
  const { prediction } = await look(id, alice);
  expect(prediction.review).toMatchObject({
    count: 1,
    isBlinded: false,
    status: 'single-read',
    next: ['revise'],
    groundTruth: { level: 'single', payload: { agatston: 110 } },
  });
  expect(prediction.review.groundTruth.agreement).toBeCloseTo(110 / 120.5, 9);
  expect(prediction.quality.reasons).toContain('read-once');
});

test('the second reader learns nothing of the first read until the own one is filed', async () => {
  const id = await stored();
  const first = reject();
  await review(id, first, alice);
  const before = await service.request('GET', `/predictions/${id}`, { as: bob });
  expect(before.json.prediction.review).toEqual({
    count: 1,
    isBlinded: true,
    status: null,
    groundTruth: null,
    next: ['second'],
  });
  expect([before.json.prediction.quality, before.json.reviews]).toEqual([null, []]);
  for (const secret of ['reject', 'false-positive', 'stent', first.id]) expect(before.text).not.toContain(secret);
  const listed = await service.request('GET', '/predictions', { as: bob });
  expect(listed.text).not.toMatch(/single-read|false-positive/);

  expect((await review(id, reject(), bob)).json.part).toBe('second');
  const after = await look(id, bob);
  expect(after.prediction.review).toMatchObject({
    status: 'agreed',
    groundTruth: { level: 'double', payload: null, agreement: 0 },
  });
  expect(after.reviews.map(({ reason }: { reason: string }) => reason)).toEqual([
    'Mrs. Example has a stent.',
    'Mrs. Example has a stent.',
  ]);
});

test('two reads that disagree are decided by a third person', async () => {
  const id = await stored();
  await review(id, accept(), alice);
  await review(id, edit(40), bob);
  expect((await look(id, bob)).prediction.review).toMatchObject({ status: 'disputed', groundTruth: null });
  const own = await review(id, { ...accept(), adjudicates: true }, alice);
  expect([own.status, own.json.code]).toEqual([409, 'own-read']);
  expect((await review(id, { ...edit(42), adjudicates: true }, carol)).json.part).toBe('adjudication');
  expect((await look(id, alice)).prediction.review).toMatchObject({
    status: 'adjudicated',
    groundTruth: { payload: { agatston: 42 } },
  });
});

test('a review is filed once, and another one of its id is refused', async () => {
  const id = await stored();
  const input = edit(100);
  expect((await review(id, input, alice)).status).toBe(201);
  const again = await review(id, input, alice);
  expect([again.status, again.json.outcome]).toEqual([200, 'repeated']);
  const other = await review(id, { ...input, reason: 'Another reason.' }, alice);
  expect([other.status, other.json.code]).toEqual([409, 'id-taken']);
  const elsewhere = await review(await stored(), input, alice);
  expect([elsewhere.status, elsewhere.json.code]).toEqual([409, 'id-taken']);
});

test('ten reviewers at the same time: two reads, and eight are told that both are there', async () => {
  const id = await stored();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => review(id, accept(), { name: `reviewer-${index}`, roles: ['reviewer'] })),
  );
  expect(answers.map(({ status, json }) => json.part ?? `${status} ${json.code}`).sort()).toEqual([
    ...Array(8).fill('409 already-read'),
    'first',
    'second',
  ]);
});

test('readers review what they have sent, and revise it', async () => {
  const id = await stored();
  const other = await review(id, accept(), { name: 'other-reader', roles: ['reader'] });
  expect([other.status, other.json.code]).toEqual([403, 'forbidden']);
  await review(id, edit(100), sender);
  expect((await review(id, edit(90), sender)).json.part).toBe('first');
  const { prediction, reviews } = await look(id, sender);
  expect(prediction.review).toMatchObject({ count: 1, groundTruth: { payload: { agatston: 90 } } });
  expect(reviews).toHaveLength(2);
});

test('a correction of another kind is refused', async () => {
  const id = await stored();
  const answer = await review(
    id,
    { id: randomUUID(), action: 'edit', reasonCode: 'other', correction: { payload: { segments: [] } } },
    alice,
  );
  expect([answer.status, answer.json.code]).toEqual([422, 'correction-mismatch']);
});

test('the free text of a review lies sealed', async () => {
  const id = await stored();
  await review(id, reject(), alice);
  const rows = await service.database.owner.pool.query(
    'SELECT row_to_json(r)::text AS row FROM review r WHERE prediction_id = $1',
    [id],
  );
  expect(rows.rows).toHaveLength(1);
  expect(rows.rows[0].row).toMatch(/"reason_sealed":"f1:/);
  expect(rows.rows[0].row).not.toContain('stent');
});
