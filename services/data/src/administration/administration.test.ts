import { randomUUID } from 'node:crypto';
import { eraseExpired } from '../jobs/retention.ts';
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

const administrator: TestPerson = { name: 'administrator', roles: ['administrator'] };
const reviewer: TestPerson = { name: 'reviewer', roles: ['reviewer'] };

async function stored(changes = {}): Promise<string> {
  const prediction = calciumPrediction({ note: 'Mrs. Example moved.', ...changes });
  await service.request('POST', '/predictions', { json: prediction });
  return prediction.id;
}

const rowOf = async (id: string) =>
  (await service.database.owner.pool.query('SELECT * FROM prediction WHERE id = $1', [id])).rows[0] as Record<
    string,
    unknown
  >;

test('an erased record is a tombstone: content and key are gone, and so are reviews', async () => {
  const id = await stored();
  await service.request('POST', `/predictions/${id}/reviews`, {
    json: { id: randomUUID(), action: 'reject', reasonCode: 'other', reason: 'Because.' },
    as: reviewer,
  });
  const before = await rowOf(id);
  const answer = await service.request('POST', `/predictions/${id}/shredding`, {
    json: { reason: 'consent-withdrawn' },
    as: administrator,
  });
  expect([answer.status, answer.json.shredded.reason]).toEqual([200, 'consent-withdrawn']);

  const row = await rowOf(id);
  const kept = [
    'id',
    'site',
    'kind',
    'created_at',
    'created_by',
    'record_sha256',
    'algorithm_name',
    'algorithm_version',
  ];
  for (const column of kept) expect(row[column]).toEqual(before[column]);
  for (const column of [
    'patient',
    'study_uid',
    'payload',
    'conventions',
    'provenance',
    'note_sealed',
    'confidence',
    'ground_truth',
  ]) {
    expect([column, row[column]]).toEqual([column, null]);
  }
  const key = await service.database.db.prisma.dataKey.findUniqueOrThrow({
    where: { id: before.data_key_id as string },
  });
  expect([key.wrapped, key.destroyedAt]).toEqual([null, expect.any(Date)]);

  const seen = await service.request('GET', `/predictions/${id}`, { as: reviewer });
  expect(seen.json).toEqual({ prediction: answer.json, reviews: [] });
  const review = await service.request('POST', `/predictions/${id}/reviews`, {
    json: { id: randomUUID(), action: 'accept' },
    as: reviewer,
  });
  expect([review.status, review.json.code]).toEqual([410, 'shredded']);
  const again = await service.request('POST', `/predictions/${id}/shredding`, {
    json: { reason: 'error' },
    as: administrator,
  });
  expect(again.json).toEqual(answer.json);
});

test('a record under legal hold is not erased, by nobody', async () => {
  const id = await stored();
  const held = await service.request('PUT', `/predictions/${id}/retention`, {
    json: { retentionUntil: '2020-01-01', legalHold: true },
    as: administrator,
  });
  expect(held.json).toMatchObject({ legalHold: true, retentionUntil: '2020-01-01' });
  const answer = await service.request('POST', `/predictions/${id}/shredding`, {
    json: { reason: 'requested' },
    as: administrator,
  });
  expect([answer.status, answer.json.code]).toEqual([409, 'legal-hold']);
  await eraseExpired(service.running.services, new Date());
  expect((await rowOf(id)).shredded_at).toBeNull();
});

test('what is past its retention is erased by the background work, with an audit event', async () => {
  const id = await stored({ retentionUntil: '2026-01-01' });
  const later = await stored({ retentionUntil: '2999-01-01' });
  expect(await eraseExpired(service.running.services, new Date())).toBe(1);
  expect((await rowOf(id)).shred_reason).toBe('retention-ended');
  expect((await rowOf(later)).shredded_at).toBeNull();
  const events = await service.database.db.prisma.auditEvent.findMany({
    where: { type: 'record.shred' },
    orderBy: { seq: 'desc' },
    take: 1,
  });
  expect(events[0]?.event).toContain(id);
});

test('consent is recorded, and every change of it is audited', async () => {
  const id = await stored();
  const answer = await service.request('PUT', `/predictions/${id}/consent`, {
    json: { consent: 'refused' },
    as: administrator,
  });
  expect(answer.json.consent).toBe('refused');
  const [event] = await service.database.db.prisma.auditEvent.findMany({
    where: { type: 'record.consent' },
    orderBy: { seq: 'desc' },
    take: 1,
  });
  expect(JSON.parse(event!.event).detail).toEqual({ before: 'not-recorded', after: 'refused' });
});

test('the content of a prediction cannot be changed, not even by the owner of the schema', async () => {
  const id = await stored();
  await expect(
    service.database.owner.pool.query('UPDATE prediction SET confidence = 0.1 WHERE id = $1', [id]),
  ).rejects.toThrow('immutable');
});
