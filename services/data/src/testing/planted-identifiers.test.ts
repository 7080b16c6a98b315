import { createHash, randomUUID } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { MASK_MEDIA_TYPE, ROLES } from '@voxelwise/contract';
import { testSuperuser } from '../database/database.test-support.ts';
import {
  type Answer,
  calciumPrediction,
  type RequestOptions,
  startTestService,
  type TestService,
} from './service.test-support.ts';
import { sealAuditNow } from './site-records.test-support.ts';
import { findSecrets, printedDuring, type Trace, tracesInDatabase, tracesInFolder } from './traces.test-support.ts';

const NAME = 'Quorngard^Zyxwalda';
const MRN = 'MRN77318842';
const ACCESSION = 'ACC99120457';
const ISSUER = 'Hospital-of-Zyxwald';
const SUBJECT = 'quorngard-4711@zyxwald.example';
const SENTENCE = 'Mrs. Quorngard fell down the lighthouse stairs.';
const PLANTED = [
  NAME,
  'Quorngard',
  'Zyxwald',
  MRN,
  '77318842',
  ACCESSION,
  '99120457',
  ISSUER,
  SUBJECT,
  SENTENCE,
  'lighthouse',
];

const subject = { patientId: MRN, issuerOfPatientId: ISSUER, accessionNumber: ACCESSION };

let service: TestService;
const answers: Answer[] = [];
const exported: Trace[] = [];
let printed = '';

beforeAll(async () => {
  service = await startTestService({ LOG_LEVEL: 'debug', BODY_LIMIT_BYTES: '20000', POOL_SIZE: '4' });
  printed = await printedDuring(async () => {
    const { id, sha256 } = await ordinaryLife();
    await mistakesInBodies(id);
    await mistakesInAddresses();
    await mistakesInHeaders();
    await troubleInDatabase();
    await troubleInObjectStore(id, sha256);
    await dataSets();
    await lookingBack();
    await send('POST', `/predictions/${id}/shredding`, { json: { reason: 'consent-withdrawn' } });
    await sealAuditNow(service);
  });
}, 240_000);
afterAll(() => service?.stop());

/** Everything as somebody who may do everything, whose token says who it is. */
async function send(method: string, target: string, options: RequestOptions = {}): Promise<Answer> {
  const Authorization = await service.provider.authorization({
    claims: {
      sub: SUBJECT,
      name: NAME,
      email: SUBJECT,
      preferred_username: SENTENCE,
      sid: `session of ${SUBJECT}`,
      roles: [...ROLES, NAME, SENTENCE],
      sites: ['north', SENTENCE],
    },
  });
  const answer = await service.request(method, target, {
    as: null,
    ...options,
    headers: { Authorization, ...options.headers },
  });
  answers.push(answer);
  return answer;
}

async function ordinaryLife() {
  const mask = Buffer.from(`${SENTENCE} ${NAME} ${MRN} ${'voxels '.repeat(2000)}`);
  const sha256 = createHash('sha256').update(mask).digest('hex');
  await send('PUT', `/objects/${sha256}`, { bytes: mask, mediaType: MASK_MEDIA_TYPE });
  const objects = [{ name: 'mask', sha256, sizeBytes: mask.length, mediaType: MASK_MEDIA_TYPE }];
  const json = calciumPrediction({ subject, note: `${SENTENCE} ${NAME}`, objects, consent: 'granted' });
  expect((await send('POST', '/predictions', { json })).status).toBe(201);
  expect((await send('POST', '/predictions', { json })).status).toBe(200);
  for (const changes of [
    { note: `${SENTENCE} Again.` },
    { subject: { ...subject, patientId: `${MRN}1` } },
    { confidence: 0.1 },
  ]) {
    expect((await send('POST', '/predictions', { json: { ...json, ...changes } })).status).toBe(409);
  }
  const review = { id: randomUUID(), action: 'reject', reasonCode: 'other', reason: SENTENCE };
  const reviews = `/predictions/${json.id}/reviews`;
  expect((await send('POST', reviews, { json: review })).status).toBe(201);
  expect((await send('POST', reviews, { json: { ...review, reason: NAME } })).status).toBe(409);
  const correction = { payload: calciumPrediction().payload };
  const edit = { id: randomUUID(), action: 'edit', reasonCode: 'other', reason: `${NAME} ${MRN}`, correction };
  expect((await send('POST', reviews, { json: edit })).status).toBe(201);
  const emergency = { id: randomUUID(), site: 'south', reason: `${SENTENCE} ${NAME}` };
  expect((await send('POST', '/emergency-access', { json: emergency })).status).toBe(201);
  expect((await send('POST', '/emergency-access', { json: { ...emergency, reason: MRN } })).status).toBe(409);
  return { id: json.id, sha256 };
}

async function mistakesInBodies(id: string) {
  const good = calciumPrediction({ subject });
  const bodies: unknown[] = [
    NAME,
    [NAME],
    { [NAME]: MRN },
    { ...good, [SENTENCE]: 1 },
    { ...good, id: MRN },
    { ...good, kind: NAME },
    { ...good, site: SENTENCE },
    { ...good, producedAt: SENTENCE },
    { ...good, confidence: MRN },
    { ...good, subject: { ...subject, patientName: NAME, sex: NAME, patientId: `${NAME} ${'x'.repeat(100)}` } },
    { ...good, image: { studyUid: MRN, modality: NAME } },
    { ...good, conventions: { [NAME]: SENTENCE, patient: `${SENTENCE}\u0000` } },
    { ...good, provenance: { timingsMs: { [NAME]: 1 } } },
    { ...good, note: `${SENTENCE}\ud800` },
    { ...good, note: `${NAME}${'x'.repeat(5000)}` },
    { predictions: [good, { ...good, note: { text: SENTENCE } }] },
  ];
  for (const json of bodies) {
    for (const target of ['/predictions', `/predictions/${id}/reviews`, '/exports', '/emergency-access']) {
      expect((await send('POST', target, { json })).status).toBeGreaterThanOrEqual(400);
    }
  }
  const texts = [
    `{"note": "${SENTENCE}`,
    `${NAME}`,
    `{"a": ${MRN}}`,
    `{"${SENTENCE}\n    at ${NAME}": x}`,
    `${SENTENCE}\xff`,
    'x'.repeat(30_000) + NAME,
  ];
  const types = ['application/json', 'text/plain', `application/${NAME}`, `application/json; charset=${NAME}`];
  for (const text of texts) {
    for (const mediaType of types) {
      const options = { bytes: Buffer.from(text, 'latin1'), mediaType };
      expect((await send('POST', '/predictions', options)).status).toBeGreaterThanOrEqual(400);
    }
  }
  for (const encoding of ['gzip', NAME]) {
    await send('POST', '/predictions', { json: good, headers: { 'Content-Encoding': encoding } });
  }
  await send('PUT', `/objects/${'0'.repeat(64)}`, { bytes: Buffer.from(SENTENCE), mediaType: MASK_MEDIA_TYPE });
}

async function mistakesInAddresses() {
  for (const planted of PLANTED) {
    const text = encodeURIComponent(planted);
    for (const target of [
      `/predictions/${text}`,
      `/predictions/${text}/objects/${text}`,
      `/exports/${text}/files/${text}`,
      `/objects/${text}`,
      `/${text}`,
      `/patients/${text}%`,
      `/predictions?patient=${text}&${text}=1`,
      `/predictions?studyUid=${text}&site=${text}&algorithmName=${text}&cursor=${text}`,
      `/audit?actor=${text}&type=${text}`,
      `/session?name=${text}`,
    ]) {
      await send('GET', target);
      await send('POST', target, { json: {} });
    }
  }
}

async function mistakesInHeaders() {
  const ofEveryKind = Object.fromEntries(
    [
      'User-Agent',
      'X-Request-Id',
      'X-Forwarded-For',
      'Forwarded',
      'Cookie',
      'Referer',
      'Origin',
      'Accept',
      'Traceparent',
      'If-Match',
      NAME.replace('^', '-'),
    ].map(name => [name, `${SENTENCE} ${NAME} ${MRN}`]),
  );
  await send('GET', '/session', { headers: ofEveryKind });
  await send('POST', '/predictions', { json: { note: NAME }, headers: ofEveryKind });
  for (const agent of [`${NAME}/1.0 (${MRN})`, `Mozilla/5.0 (${SENTENCE}) Chrome/${MRN}`, `curl/77318842 ${NAME}`]) {
    await send('GET', '/predictions', { headers: { 'User-Agent': agent } });
  }
  const tokens = [
    NAME,
    `Bearer ${NAME}`,
    `Bearer ${MRN}.${MRN}.${MRN}`,
    `Basic ${Buffer.from(`${SUBJECT}:${MRN}`).toString('base64')}`,
  ];
  const expired = await service.provider.authorization({ claims: { sub: SUBJECT, name: NAME }, expiresInS: -3600 });
  const elsewhere = await service.provider.authorization({ claims: { sub: SUBJECT, aud: SENTENCE } });
  for (const Authorization of [...tokens, expired, elsewhere]) {
    expect((await send('GET', '/session', { headers: { Authorization } })).status).toBe(401);
  }
  await raw(`${NAME} / HTTP/1.1\r\n\r\n`);
  await raw(`GET /${MRN} HTTP/1.1\r\nHost: x\r\n${SENTENCE}\r\n\r\n`);
  await raw(`GET /api/session HTTP/1.1\r\nHost: ${NAME}\r\nExpect: ${MRN}\r\n\r\n`);
}

/** Errors of PostgreSQL whose messages hold whole rows, and connections that go in the middle. */
async function troubleInDatabase() {
  const { owner } = service.database;
  const json = () => calciumPrediction({ subject, note: SENTENCE });
  await owner.pool.query(`ALTER TABLE prediction ADD CONSTRAINT trouble CHECK (confidence > 0.9) NOT VALID`);
  expect((await send('POST', '/predictions', { json: json() })).status).toBe(500);
  await owner.pool.query('ALTER TABLE prediction DROP CONSTRAINT trouble');

  const lock = await owner.pool.connect();
  await lock.query('BEGIN; LOCK TABLE prediction IN ACCESS EXCLUSIVE MODE');
  const waiting = Array.from({ length: 12 }, () => send('POST', '/predictions', { json: json() }));
  await new Promise(resolve => setTimeout(resolve, 500));
  const superuser = await testSuperuser(service.database);
  const sessions = `FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'voxelwise-data' AND usename <> session_user`;
  await superuser.query(`SELECT pg_cancel_backend(pid) ${sessions}`);
  await new Promise(resolve => setTimeout(resolve, 500));
  await superuser.query(
    `SELECT pg_terminate_backend(pid) ${sessions} AND pid <> ${(lock as unknown as { processID: number }).processID}`,
  );
  await superuser.end();
  await lock.query('ROLLBACK');
  lock.release();
  const statuses = (await Promise.all(waiting)).map(({ status }) => status);
  expect(statuses).toContain(503);
}

async function troubleInObjectStore(id: string, sha256: string) {
  const folder = path.join(service.folder, 'objects');
  await rename(folder, `${folder}.away`);
  expect((await send('GET', `/predictions/${id}/objects/mask`)).status).toBeGreaterThanOrEqual(500);
  const bytes = Buffer.from(`${SENTENCE} ${sha256}`);
  const digest = createHash('sha256').update(bytes).digest('hex');
  expect(
    (await send('PUT', `/objects/${digest}`, { bytes, mediaType: MASK_MEDIA_TYPE })).status,
  ).toBeGreaterThanOrEqual(500);
  await rename(`${folder}.away`, folder);
}

async function dataSets() {
  for (const profile of ['safe-harbor', 'limited-data-set']) {
    const id = randomUUID();
    const query = { minimumTruth: null, consents: ['granted', 'refused', 'not-recorded'] };
    const json = { id, query, profile, line: 'all', recipient: 'Institute', purpose: 'research' };
    expect((await send('POST', '/exports', { json })).status).toBe(202);
    let state = await send('GET', `/exports/${id}`);
    while (['queued', 'running'].includes(state.json.status)) {
      await new Promise(resolve => setTimeout(resolve, 200));
      state = await send('GET', `/exports/${id}`);
    }
    expect(state.json.status).toBe('ready');
    expect(state.json.manifest.rows).toBeGreaterThan(0);
    for (const { name } of state.json.manifest.files) {
      const { text } = await send('GET', `/exports/${id}/files/${name}`);
      exported.push({ place: `export ${profile} ${name}`, content: Buffer.from(text) });
    }
    exported.push({ place: `manifest of ${profile}`, content: Buffer.from(state.text) });
  }
}

async function lookingBack() {
  for (const target of ['/audit?limit=200', '/metrics', '/session', '/exports']) {
    const { status, text } = await send('GET', target);
    expect(status).toBe(200);
    exported.push({ place: target, content: Buffer.from(text) });
  }
}

function raw(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(service.running.port, '127.0.0.1', () => socket.end(text));
    let said = '';
    socket
      .setEncoding('utf8')
      .on('data', chunk => (said += chunk))
      .once('error', reject);
    socket.once('close', () => {
      exported.push({ place: 'answer to broken HTTP', content: Buffer.from(said) });
      resolve();
    });
  });
}

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
  expect(answers.some(({ status, text }) => status === 201 && text.includes('created'))).toBe(true);
});

test('no log line, and nothing else that was printed, holds one', () => {
  expect(service.logs().split('\n').length).toBeGreaterThan(200);
  expect(service.logs()).toContain('"level":"error"');
  expect(
    findSecrets(
      [
        { place: 'logs', content: Buffer.from(service.logs()) },
        { place: 'output', content: Buffer.from(printed) },
      ],
      PLANTED,
    ),
  ).toEqual([]);
});

test('no refusal and no error holds one', () => {
  const refusals = answers.filter(({ status }) => status >= 400);
  expect(refusals.length).toBeGreaterThan(300);
  const traces = refusals.map(({ status, text, headers }) => ({
    place: `${status} ${text}`,
    content: Buffer.from(`${text}${JSON.stringify([...headers])}`),
  }));
  expect(findSecrets(traces, PLANTED)).toEqual([]);
});

test('no metric holds one', async () => {
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(findSecrets([{ place: 'metrics', content: Buffer.from(metrics) }], PLANTED)).toEqual([]);
});

test('no table holds one, jobs and audit events among them', async () => {
  const traces = await tracesInDatabase(service.database.owner.pool);
  expect(traces.length).toBeGreaterThan(500);
  expect(findSecrets(traces, PLANTED)).toEqual([]);
});

test('no file holds one: objects, exports, tree heads', async () => {
  const folders = await Promise.all(['objects', 'heads'].map(name => tracesInFolder(path.join(service.folder, name))));
  for (const traces of folders) expect(traces.length).toBeGreaterThan(0);
  expect(findSecrets(folders.flat(), PLANTED)).toEqual([]);
});

test('no data set, no audit search, no metric of predictions and no list of exports holds one', () => {
  expect(exported.length).toBeGreaterThan(10);
  expect(findSecrets(exported, PLANTED)).toEqual([]);
});
