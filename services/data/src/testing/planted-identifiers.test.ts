import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { livePlanted, MRN, NAME, PLANTED, type PlantedLife, SENTENCE, SUBJECT } from './planted-life.test-support.ts';
import { findSecrets, tracesInDatabase, tracesInFolder } from './traces.test-support.ts';

let life: PlantedLife;
beforeAll(async () => {
  life = await livePlanted();
}, 240_000);
afterAll(() => life?.service.stop());

test('the search would find them, however they were written', () => {
  const hidden = [
    MRN,
    `x${Buffer.from(SENTENCE).toString('base64')}`,
    Buffer.from(NAME).toString('hex'),
    JSON.stringify({ a: [SUBJECT.toUpperCase()] }),
    createHash('sha256').update(MRN).digest('base64url'),
  ];
  for (const text of hidden)
    expect([text, findSecrets([{ place: 'x', content: Buffer.from(text) }], PLANTED)]).not.toEqual([text, []]);
  expect(findSecrets([{ place: 'x', content: Buffer.from(randomUUID()) }], PLANTED)).toEqual([]);
});

test('they were there: a reader gets the note back', () => {
  expect(life.answers.some(({ status, text }) => status === 201 && text.includes('created'))).toBe(true);
});

test('no log line, and nothing else that was printed, holds one', () => {
  expect(life.service.logs().split('\n').length).toBeGreaterThan(200);
  expect(life.service.logs()).toContain('"level":"error"');
  expect(
    findSecrets(
      [
        { place: 'logs', content: Buffer.from(life.service.logs()) },
        { place: 'output', content: Buffer.from(life.printed) },
      ],
      PLANTED,
    ),
  ).toEqual([]);
});

test('no refusal and no error holds one', () => {
  const refusals = life.answers.filter(({ status }) => status >= 400);
  expect(refusals.length).toBeGreaterThan(300);
  const traces = refusals.map(({ status, text, headers }) => ({
    place: `${status} ${text}`,
    content: Buffer.from(`${text}${JSON.stringify([...headers])}`),
  }));
  expect(findSecrets(traces, PLANTED)).toEqual([]);
});

test('no metric holds one', async () => {
  const metrics = await (await fetch(`${life.service.url}/metrics`)).text();
  expect(findSecrets([{ place: 'metrics', content: Buffer.from(metrics) }], PLANTED)).toEqual([]);
});

test('no table holds one, jobs and audit events among them', async () => {
  const traces = await tracesInDatabase(life.service.database.owner.pool);
  expect(traces.length).toBeGreaterThan(500);
  expect(findSecrets(traces, PLANTED)).toEqual([]);
});

test('no file holds one: objects, exports, tree heads', async () => {
  const folders = await Promise.all(
    ['objects', 'heads'].map(name => tracesInFolder(path.join(life.service.folder, name))),
  );
  for (const traces of folders) expect(traces.length).toBeGreaterThan(0);
  expect(findSecrets(folders.flat(), PLANTED)).toEqual([]);
});

test('no data set, no audit search, no metric of predictions and no list of exports holds one', () => {
  expect(life.exported.length).toBeGreaterThan(10);
  expect(findSecrets(life.exported, PLANTED)).toEqual([]);
});
