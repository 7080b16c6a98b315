import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type TestDatabase, testDatabase, testSuperuser } from '../database/database.test-support.ts';
import { AUDIENCE, startProvider, type TestProvider } from '../identity/provider.test-support.ts';
import { createKeyFile } from '../keys/key-file.ts';
import { calciumPrediction } from './service.test-support.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.test-support.ts';

const CUTS = 20;
const CLIENTS = 6;

let folder: string;
let database: TestDatabase;
let provider: TestProvider;
let service: ServiceProcess;
let authorization: string;

// A process of its own: a rejection that nobody handles ends it.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-cut-'));
  [database, provider] = await Promise.all([testDatabase(), startProvider()]);
  const keysFile = path.join(folder, 'keys.json');
  await createKeyFile(keysFile);
  service = await startServiceProcess({
    environment: {
      DATABASE_URL: database.appUrl,
      OBJECT_STORE: path.join(folder, 'objects'),
      AUDIT_HEADS: path.join(folder, 'heads'),
      KEYS_FILE: keysFile,
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      PORT: '0',
      LOG_LEVEL: 'silent',
    },
  });
  const claims = { roles: ['reader', 'reviewer', 'researcher'], sites: ['north'] };
  authorization = await provider.authorization({ claims });
}, 120_000);
afterAll(async () => {
  await service?.end('SIGTERM');
  await Promise.all([database?.drop(), provider?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

async function send(method: string, target: string, json?: unknown) {
  const response = await fetch(`${service.url}/api${target}`, {
    method,
    headers: { Authorization: authorization, 'Content-Type': 'application/json' },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  return { status: response.status, json: await response.json() };
}

/** As the outbox of a viewer does: the same again, until it is acknowledged. */
async function deliver(target: string, json: unknown, refused: string[]): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { status, json: answer } = await send('POST', target, json);
    if (status < 300) return;
    refused.push(`${status} ${answer.code}`);
    await sleep(50);
  }
  throw new Error(`${target} was not acknowledged.`);
}

test(`every database connection is cut ${CUTS} times during traffic: what was acknowledged is there once, and work goes on`, async () => {
  const exportInput = {
    id: randomUUID(),
    query: { consents: ['not-recorded'], minimumTruth: null },
    profile: 'safe-harbor',
  };
  await send('POST', '/exports', { ...exportInput, line: 'cuts', recipient: 'Institute', purpose: 'research' });

  const acknowledged: { prediction: string; review: string }[] = [];
  const refused: string[] = [];
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!isOver) {
      const prediction = calciumPrediction({ note: 'A note.' });
      await deliver('/predictions', prediction, refused);
      const review = { id: randomUUID(), action: 'reject', reasonCode: 'other', reason: 'A reason.' };
      await deliver(`/predictions/${prediction.id}/reviews`, review, refused);
      acknowledged.push({ prediction: prediction.id, review: review.id });
      await send('GET', '/predictions?limit=5');
    }
  });
  const superuser = await testSuperuser(database);
  for (let cut = 0; cut < CUTS; cut++) {
    await sleep(150 + Math.random() * 200);
    await superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'voxelwise-data%'`,
    );
  }
  await superuser.end();
  isOver = true;
  await Promise.all(clients);

  // Only with words that tell the client to send the same again.
  expect([...new Set(refused)]).toEqual(['503 unavailable']);
  expect(acknowledged.length).toBeGreaterThan(50);
  const { prisma } = database.db;
  const predictions = acknowledged.map(({ prediction }) => prediction);
  const reviews = acknowledged.map(({ review }) => review);
  expect(await prisma.prediction.count({ where: { id: { in: predictions } } })).toBe(predictions.length);
  expect(await prisma.prediction.count()).toBe(predictions.length);
  expect(await prisma.review.count({ where: { id: { in: reviews } } })).toBe(reviews.length);
  expect(await prisma.review.count()).toBe(reviews.length);
  // What was done has its event, and nothing that was not done has one.
  const { rows } = await database.owner.pool.query(
    `SELECT type, sum((event::jsonb -> 'detail' ->> 'created')::int) AS created FROM audit_event
    WHERE type IN ('prediction.create') AND outcome = 0 GROUP BY type`,
  );
  expect(rows).toEqual([{ type: 'prediction.create', created: String(predictions.length) }]);

  const ready = await fetch(`${service.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready' }]);
  expect(await exportEnds(exportInput.id)).toBe('ready');
}, 240_000);

async function exportEnds(id: string): Promise<string> {
  for (;;) {
    const { json } = await send('GET', `/exports/${id}`);
    if (!['queued', 'running'].includes(json.status)) return json.status;
    await sleep(500);
  }
}
