import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { calciumPrediction, startTestService, type TestService } from '../testing/service.test-support.ts';
import { advancePseudonyms, countOldPseudonyms, PSEUDONYM_COLUMNS } from './advance-pseudonyms.ts';
import { addMasterKey, addPseudonymKey } from './key-file.ts';
import { rewrapDataKeys } from './rewrap-data-keys.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service?.stop());

const reviewer = { name: 'reviewer', roles: ['reviewer'] };

test('keys are rotated while the service goes on: nothing is refused, doubled or lost', async () => {
  const keysFile = path.join(service.folder, 'keys.json');
  const { keys } = service.running.services;
  const { owner } = service.database;
  const before = Array.from({ length: 30 }, (_, index) => calciumPrediction({ note: `Note ${index}.` }));
  await service.request('POST', '/predictions', { json: { predictions: before } });
  const reviewOf = new Map(
    before.map(({ id }) => [id, { id: randomUUID(), action: 'reject', reasonCode: 'other', reason: 'Because.' }]),
  );
  for (const { id } of before.slice(0, 10))
    await service.request('POST', `/predictions/${id}/reviews`, { json: reviewOf.get(id), as: reviewer });

  await addPseudonymKey(keysFile);
  await addMasterKey(keysFile);
  const others: ReturnType<typeof calciumPrediction>[] = [];
  const traffic = (async () => {
    for (let round = 0; round < 30; round++) {
      const prediction = calciumPrediction({ note: 'New.' });
      others.push(prediction);
      const answers = [
        await service.request('POST', '/predictions', { json: prediction }),
        await service.request('POST', '/predictions', { json: before[round] }),
        await service.request('GET', `/predictions/${before[round]!.id}`),
        await service.request('POST', `/predictions/${before[round % 10]!.id}/reviews`, {
          json: reviewOf.get(before[round % 10]!.id),
          as: reviewer,
        }),
      ];
      expect(answers.map(({ status, json }) => json.outcome ?? status)).toEqual([201, 200, 200, 'repeated']);
      expect(answers[2]!.json.prediction).toMatchObject({ createdByMe: true, note: `Note ${round}.` });
    }
  })();
  const options = { batch: 7 };
  await Promise.all([
    traffic,
    rewrapDataKeys(owner, keys.keys(), options),
    advancePseudonyms(owner.pool, keys.keys(), options),
  ]);
  await rewrapDataKeys(owner, keys.keys());
  await advancePseudonyms(owner.pool, keys.keys());

  expect(await countOldPseudonyms(owner.pool, keys.keys())).toBe(0);
  const { rows } = await owner.pool.query('SELECT DISTINCT patient FROM prediction');
  expect(rows.map(({ patient }) => patient)).toEqual([expect.stringMatching(/^p2:/)]);
  expect(await owner.prisma.dataKey.count({ where: { masterKeyId: { not: 'm2' } } })).toBe(0);
  for (const prediction of [...before, ...others]) {
    const again = await service.request('POST', '/predictions', { json: prediction });
    expect(again.json.results[0].outcome).toBe('repeated');
  }
});

test('every column that holds pseudonyms is among those that are advanced, but for the audit trail', async () => {
  await service.request('POST', '/emergency-access', {
    json: { id: randomUUID(), site: 'south', reason: 'Resuscitation.' },
    as: { name: 'reader-9' },
  });
  const { pool } = service.database.owner;
  const { rows: columns } = await pool.query(
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type IN ('text', 'ARRAY', 'jsonb')`,
  );
  const holding: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const { rows } = await pool.query(
      `SELECT 1 FROM "${table}" WHERE "${column}"::text ~ '(^|[^A-Za-z0-9])p[0-9]+:[A-Za-z0-9_-]{43}' LIMIT 1`,
    );
    if (rows.length > 0 && table !== 'audit_event') holding.push(`${table}.${column}`);
  }
  expect(holding).toEqual(
    expect.arrayContaining(['prediction.patient', 'prediction.created_by', 'review.reader', 'emergency_access.actor']),
  );
  const advanced = new Set(PSEUDONYM_COLUMNS.map(({ table, column }) => `${table}.${column}`));
  expect(holding.filter(name => !advanced.has(name))).toEqual([]);
});
