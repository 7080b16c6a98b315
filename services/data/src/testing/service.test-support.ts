import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PredictionInput, Role } from '@voxelwise/contract';
import { readConfiguration } from '../configuration.ts';
import { type TestDatabase, testDatabase } from '../database/database.test-support.ts';
import { AUDIENCE, startProvider, type TestProvider } from '../identity/provider.test-support.ts';
import { createKeyFile } from '../keys/key-file.ts';
import { type CompleteConfiguration, completeFromEnvironment, completeFromFolder } from '../local-folder.ts';
import { type RunningService, startService } from '../start-service.ts';

export interface TestPerson {
  readonly name?: string;
  readonly roles?: readonly (Role | string)[];
  readonly sites?: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  readonly json: any;
}

export interface TestService {
  readonly url: string;
  readonly folder: string;
  readonly database: TestDatabase;
  readonly provider: TestProvider;
  readonly running: RunningService;
  /** What was logged, as text; LOG_LEVEL is silent where not given. */
  logs(): string;
  /** The Authorization header of somebody; a reader of the site north where not said otherwise. */
  as(person?: TestPerson): Promise<string>;
  /** A request below /api. JSON bodies are given as values. */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Another process's worth of the service over the same database, objects and keys. Stop it before this one. */
  alsoWith(changes: Partial<CompleteConfiguration>): Promise<TestService>;
  stop(): Promise<void>;
}

export interface RequestOptions {
  readonly as?: TestPerson | null;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly mediaType?: string;
  readonly headers?: Record<string, string>;
}

/**
 * The whole service on loopback: a database of its own, a folder of objects, an OpenID provider, everything real. With an empty
 * OIDC_ISSUER it runs in local single-user mode.
 */
export async function startTestService(environment: Record<string, string> = {}): Promise<TestService> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-service-'));
  const [database, provider] = await Promise.all([testDatabase(), startProvider()]);
  const keysFile = path.join(folder, 'keys.json');
  await createKeyFile(keysFile);
  const configuration = readConfiguration({
    DATABASE_URL: database.appUrl,
    OBJECT_STORE: path.join(folder, 'objects'),
    KEYS_FILE: keysFile,
    OIDC_ISSUER: provider.issuer,
    OIDC_AUDIENCE: AUDIENCE,
    AUDIT_HEADS: path.join(folder, 'heads'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const complete = configuration.oidc
    ? completeFromEnvironment(configuration)
    : await completeFromFolder(configuration, folder);
  const lines: string[] = [];
  const logTo = { write: (line: string) => void lines.push(line) };
  const as = ({ name = 'reader-1', roles = ['reader'], sites = ['north'] }: TestPerson = {}) =>
    provider.authorization({ claims: { sub: name, roles, sites } });
  const shared = { folder, database, provider, as, logs: () => lines.join('') };

  const begin = async (settings: CompleteConfiguration, release: () => Promise<void>): Promise<TestService> => {
    const running = await startService(settings, 'api', { logTo });
    return {
      ...shared,
      url: running.url,
      running,
      alsoWith: changes => begin({ ...settings, ...changes }, async () => {}),
      request: (method, target, options) => sendRequest(`${running.url}/api${target}`, method, as, options),
      async stop() {
        await running.stop();
        await release();
      },
    };
  };
  return begin(complete.configuration, async () => {
    await Promise.all([database.drop(), provider.stop()]);
    await rm(folder, { recursive: true, force: true });
  });
}

async function sendRequest(
  url: string,
  method: string,
  authorizationOf: TestService['as'],
  { as: person = {}, json, bytes, mediaType, headers }: RequestOptions = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(person && { Authorization: await authorizationOf(person) }),
      ...(json !== undefined && { 'Content-Type': 'application/json' }),
      ...(mediaType && { 'Content-Type': mediaType }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(bytes && { body: bytes as Uint8Array<ArrayBuffer> }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A calcium score as a viewer sends it, new each time. */
export function calciumPrediction(changes: Partial<PredictionInput> = {}): PredictionInput {
  return {
    id: randomUUID(),
    kind: 'calcium',
    producedAt: '2026-11-30T08:15:30.123Z',
    subject: { patientId: 'MRN-0042', sex: 'female', ageBand: '60-69' },
    image: {
      studyUid: '1.2.826.0.1.3680043.8.498.1',
      seriesUid: '1.2.826.0.1.3680043.8.498.2',
      instances: [{ sopInstanceUid: '1.2.826.0.1.3680043.8.498.3' }],
      modality: 'CT',
      scanner: { manufacturer: 'SIEMENS', model: 'SOMATOM Force' },
    },
    algorithm: { name: 'Voxelwise calcium', version: '0.1.0' },
    confidence: 0.8,
    payload: {
      agatston: 120.5,
      volumeMm3: 98.25,
      massMg: null,
      lesions: 3,
      vessels: [
        { vessel: 'LAD', agatston: 100.5, volumeMm3: 80.25, massMg: null, lesions: 2 },
        { vessel: 'RCA', agatston: 20, volumeMm3: 18, massMg: null, lesions: 1 },
      ],
    },
    conventions: { thresholdHu: 130, connectivity: 8 },
    provenance: { viewer: { name: 'OHIF', version: '3.13.2' }, producer: 'wasm', timingsMs: { compute: 12.5 } },
    ...changes,
  } as PredictionInput;
}
