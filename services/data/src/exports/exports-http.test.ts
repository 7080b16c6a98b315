import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  calciumPrediction,
  startTestService,
  type TestPerson,
  type TestService,
} from '../testing/service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  for (let index = 0; index < 12; index++) {
    const prediction = calciumPrediction({
      subject: { patientId: `MRN-${index}`, sex: 'female', ageBand: '60-69' },
      consent: index === 0 ? 'refused' : 'granted',
      note: 'A sentence about Jane Doe.',
    });
    await service.request('POST', '/predictions', { json: prediction });
    await service.request('POST', `/predictions/${prediction.id}/reviews`, {
      json: { id: randomUUID(), action: 'accept', reason: 'A reason about Jane Doe.' },
      as: reviewer,
    });
  }
});
afterAll(() => service?.stop());

const reviewer: TestPerson = { name: 'reviewer', roles: ['reviewer'] };
const researcher: TestPerson = { name: 'researcher', roles: ['researcher'] };

const request = (changes = {}) => ({
  id: randomUUID(),
  query: {},
  profile: 'safe-harbor',
  line: 'calcium',
  recipient: 'Institute of Example',
  purpose: 'research',
  ...changes,
});

async function exported(changes = {}) {
  const json = request(changes);
  const asked = await service.request('POST', '/exports', { json, as: researcher });
  expect(asked.status).toBe(202);
  for (let wait = 0; wait < 300; wait++) {
    const { json: state } = await service.request('GET', `/exports/${json.id}`, { as: researcher });
    if (state.status !== 'queued' && state.status !== 'running') return { request: json, state };
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error('The export did not end.');
}

const file = async (id: string, name: string) =>
  (await service.request('GET', `/exports/${id}/files/${name}`, { as: researcher })).text;

test('an export is made in the background, downloaded with its manifest, and audited as a disclosure', async () => {
  const { request: asked, state } = await exported();
  expect(state).toMatchObject({
    status: 'ready',
    doneRows: 11,
    problem: null,
    manifest: { rows: 11, profile: 'safe-harbor' },
  });
  const lines = (await file(asked.id, 'records.jsonl')).trimEnd().split('\n');
  expect(lines).toHaveLength(11);
  for (const { name, sha256 } of state.manifest.files) {
    expect(
      createHash('sha256')
        .update(await file(asked.id, name))
        .digest('hex'),
    ).toBe(sha256);
  }
  const all = lines.join('\n') + (await file(asked.id, 'records.csv')) + (await file(asked.id, 'manifest.json'));
  expect(all).not.toMatch(/MRN|Jane|1\.2\.826|north/);
  const events = await service.database.db.prisma.auditEvent.findMany({ where: { type: 'export.disclose' } });
  expect(events.length).toBeGreaterThan(2);
  expect(JSON.parse(events[0]!.event)).toMatchObject({
    detail: { profile: 'safe-harbor', purpose: 'research', recipient: 'Institute_of_Example' },
  });
});

test('the same inputs give the same bytes', async () => {
  const asOf = new Date().toISOString();
  const first = await exported({ asOf });
  const second = await exported({ asOf, identifiersOf: first.request.id });
  for (const name of ['records.jsonl', 'records.csv', 'manifest.json']) {
    expect(await file(second.request.id, name)).toBe(await file(first.request.id, name));
  }
});

test('what lies in the object store is encrypted, and a flipped byte does not get out', async () => {
  const { request: asked } = await exported({ profile: 'limited-data-set' });
  const folder = path.join(service.folder, 'objects', 'exports', asked.id);
  const names = await readdir(folder);
  expect(names).toHaveLength(3);
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name));
    expect(bytes.includes('agatston')).toBe(false);
    bytes[bytes.length - 30]! ^= 1;
    await writeFile(path.join(folder, name), bytes);
  }
  const broken = await service
    .request('GET', `/exports/${asked.id}/files/manifest.json`, { as: researcher })
    .catch(() => 'cut off');
  expect(broken === 'cut off' || (broken as { status: number }).status >= 500).toBe(true);
});

test('an export can be cancelled, and its files are gone', async () => {
  const { request: asked } = await exported();
  const answer = await service.request('DELETE', `/exports/${asked.id}`, { as: researcher });
  expect(answer.json.status).toBe('cancelled');
  const download = await service.request('GET', `/exports/${asked.id}/files/manifest.json`, { as: researcher });
  expect([download.status, download.json.code]).toEqual([409, 'export-not-ready']);
  await expect(readdir(path.join(service.folder, 'objects', 'exports', asked.id))).resolves.toEqual([]);
});

test('an export of another site, and an id that is taken, are refused', async () => {
  const asked = request();
  await service.request('POST', '/exports', { json: asked, as: researcher });
  expect((await service.request('POST', '/exports', { json: asked, as: researcher })).status).toBe(200);
  const other = await service.request('POST', '/exports', { json: { ...asked, line: 'other' }, as: researcher });
  expect([other.status, other.json.code]).toEqual([409, 'id-taken']);
  const south = { name: 'south', roles: ['researcher'], sites: ['south'] };
  expect((await service.request('GET', `/exports/${asked.id}`, { as: south })).status).toBe(404);
  const future = await service.request('POST', '/exports', {
    json: request({ asOf: '2999-01-01T00:00:00Z' }),
    as: researcher,
  });
  expect([future.status, future.json.code]).toEqual([422, 'invalid-request']);
});
