import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictionInput } from '@voxelwise/contract';
import { type Database, openDatabase } from '../database/connection.ts';
import { AUDIENCE, startProvider, type TestProvider } from '../identity/provider.test-support.ts';
import { createKeyFile } from '../keys/key-file.ts';
import { recordColumns, recordSha256 } from '../predictions/record-content.ts';
import { type Delivery, deliverAll, planDeliveries, randomMoments } from './durability.test-support.ts';
import { type KillablePostgres, startKillablePostgres } from './killable-postgres.test-support.ts';
import { calciumPrediction } from './service.test-support.ts';
import { runServiceCommand, type ServiceProcess, startServiceProcess } from './service-process.test-support.ts';

const KILLS_OF_SERVICE = 20;
const KILLS_OF_BACKEND = 3;
const PLAN = { batches: 425, batchSize: 20, singles: 1500, givenUpEvery: 8 };
const RECORDS = PLAN.batches * PLAN.batchSize + PLAN.singles;
const CLIENTS = 6;
const SITE = 'north';

let folder: string;
let postgres: KillablePostgres;
let provider: TestProvider;
let database: Database;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-durability-'));
  [postgres, provider] = await Promise.all([startKillablePostgres(folder), startProvider()]);
  const keysFile = path.join(folder, 'keys.json');
  await createKeyFile(keysFile);
  environment = {
    DATABASE_URL: postgres.appUrl,
    MIGRATION_DATABASE_URL: postgres.ownerUrl,
    OBJECT_STORE: path.join(folder, 'objects'),
    AUDIT_HEADS: path.join(folder, 'heads'),
    KEYS_FILE: keysFile,
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: AUDIENCE,
    PORT: '0',
    LOG_LEVEL: 'silent',
  };
  database = openDatabase({ url: postgres.appUrl, poolSize: 2 });
}, 120_000);

afterAll(async () => {
  await database?.close();
  await Promise.all([postgres?.stop(), provider?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

test('10,000 predictions survive 20 kills of the service and 4 of PostgreSQL, each acknowledged one exactly once', async () => {
  const deliveries = planDeliveries(PLAN);
  let service = await startServiceProcess({ environment });
  environment.PORT = String(service.port); // Clients find it at the same address again.
  let ended = 0;
  const over = new AbortController();
  try {
    const sending = deliverAll(deliveries, CLIENTS, {
      url: () => service.url,
      authorization: await provider.authorization({ expiresInS: 3600 }),
      signal: over.signal,
      onEnd: ({ predictions }) => (ended += predictions.length),
    });
    const kills = [
      ...Array<() => Promise<void>>(KILLS_OF_SERVICE).fill(async () => {
        await service.end('SIGKILL');
        service = await startServiceProcess({ environment });
      }),
      ...Array<() => Promise<void>>(KILLS_OF_BACKEND).fill(() => postgres.killBackend()),
      () => postgres.killServer(),
    ];
    const moments = randomMoments(kills.length, RECORDS * 0.95);
    for (const kill of kills.sort(() => randomInt(3) - 1)) {
      const moment = moments.shift()!;
      while (ended < moment) await Promise.race([sleep(5), sending]);
      await sleep(randomInt(50));
      await kill();
    }
    await sending;
  } finally {
    over.abort();
    await service.end('SIGTERM'); // Waits for what was given up and is on its way yet.
  }

  const acknowledged = predictionsOf(deliveries.filter(({ isAcknowledged }) => isAcknowledged));
  const givenUp = predictionsOf(deliveries.filter(({ isAcknowledged }) => !isAcknowledged));
  expect(acknowledged.length + givenUp.length).toBe(RECORDS);
  expect(givenUp.length).toBeGreaterThan(0);
  const stored = await storedDigests();
  expect(missingOf(acknowledged, stored)).toEqual([]);
  const sent = new Map([...acknowledged, ...givenUp].map(input => [input.id, sentDigest(input)]));
  expect([...stored].filter(([id, digest]) => sent.get(id) !== digest)).toEqual([]);

  // Of each record there is exactly one event that says that it was created, with the digest of its content.
  expect(await createdDigests()).toEqual(stored);
  const { exitCode, output } = await runServiceCommand(['verify-audit'], { environment });
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
}, 300_000);

test('50 identical posts at the same time to two processes on one database are one row', async () => {
  const processes = await Promise.all(
    [0, 1].map(() => startServiceProcess({ environment: { ...environment, PORT: '0' } })),
  );
  try {
    const prediction = calciumPrediction();
    const authorization = await provider.authorization();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => post(processes[index % 2]!, authorization, prediction)),
    );
    expect(answers.sort()).toEqual(['201 created', ...Array<string>(49).fill('200 repeated')].sort());
    expect(await database.prisma.prediction.count({ where: { id: prediction.id } })).toBe(1);
  } finally {
    await Promise.all(processes.map(one => one.end('SIGTERM')));
  }
}, 120_000);

async function post({ url }: ServiceProcess, authorization: string, prediction: PredictionInput): Promise<string> {
  const response = await fetch(`${url}/api/predictions`, {
    method: 'POST',
    headers: { Authorization: authorization, 'Content-Type': 'application/json' },
    body: JSON.stringify(prediction),
  });
  const { results } = (await response.json()) as { results: { outcome: string }[] };
  return `${response.status} ${results.map(({ outcome }) => outcome).join()}`;
}

function predictionsOf(deliveries: readonly Delivery[]): PredictionInput[] {
  return deliveries.flatMap(({ predictions }) => predictions);
}

function missingOf(predictions: readonly PredictionInput[], stored: ReadonlyMap<string, string>): string[] {
  return predictions.map(({ id }) => id).filter(id => !stored.has(id));
}

function sentDigest(input: PredictionInput): string {
  return recordSha256(recordColumns(input, SITE)).toString('hex');
}

/** The SHA-256 of each stored record by its id, from its columns; the stored one must be the same. */
async function storedDigests(): Promise<Map<string, string>> {
  const rows = await database.prisma.prediction.findMany({ orderBy: { id: 'asc' } });
  return new Map(
    rows.map(row => {
      const { createdAt, createdBy, patient, accession, noteSealed, dataKeyId, ...rest } = row;
      const columns = Object.fromEntries(
        Object.keys(recordColumns(calciumPrediction(), SITE)).map(name => [name, rest[name as keyof typeof rest]]),
      ) as ReturnType<typeof recordColumns>;
      const digest = recordSha256(columns).toString('hex');
      return [row.id, digest === Buffer.from(row.recordSha256).toString('hex') ? digest : 'is not what its row says'];
    }),
  );
}

/** The digests that audit events of creation name, by record; one that is named twice counts as none. */
async function createdDigests(): Promise<Map<string, string>> {
  const events = await database.prisma.auditEvent.findMany({
    where: { type: 'prediction.create', outcome: 0 },
    select: { event: true },
  });
  const digests = new Map<string, string>();
  for (const { event } of events) {
    const { detail, entities } = JSON.parse(event) as {
      detail: { created: number; repeated: number };
      entities: { id: string; digest: string }[];
    };
    // Deliveries are repeated as a whole: their event says created of all, or of none.
    expect([0, entities.length]).toContain(detail.created);
    if (detail.created === 0) continue;
    for (const { id, digest } of entities) digests.set(id, digests.has(id) ? 'created twice' : digest);
  }
  return new Map([...digests].sort(([a], [b]) => (a < b ? -1 : 1)));
}
