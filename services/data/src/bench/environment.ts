import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Role } from '@voxelwise/contract';
import pg from 'pg';
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts';
import { APPLICATION } from '../database/embedded-roles.ts';
import { migrate } from '../database/migrate.ts';
import { AUDIENCE, startProvider } from '../identity/provider.test-support.ts';
import { createKeyFile } from '../keys/key-file.ts';
import { startServiceProcess } from '../testing/service-process.test-support.ts';
import { type BenchClient, openClient } from './client.ts';

export const SITE = 'north';

/** Each request is of one of so many people, whose tokens are verified each time. */
const PEOPLE = 20;

/** The service as a process of its own on a PostgreSQL of its own, all on loopback, and a second database for the floors. */
export interface BenchEnvironment {
  readonly serviceUrl: string;
  /** Connects as the owner of the service's tables. */
  readonly owner: pg.Pool;
  /** Connects to an empty database of the same schema on the same server, as the application's role. */
  readonly floorUrl: string;
  /** What production is set to, as this server says of itself. */
  readonly settings: Readonly<Record<string, string>>;
  client(connections: number, ...roles: Role[]): Promise<BenchClient>;
  stop(): Promise<void>;
}

/**
 * @param nodeOptions of the service's process, such as --cpu-prof
 */
export async function startEnvironment(nodeOptions: readonly string[]): Promise<BenchEnvironment> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-bench-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const postgres = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres') });
    closing.push(() => postgres.stop());
    const provider = await startProvider();
    closing.push(() => provider.stop());
    const owner = new pg.Pool({ connectionString: postgres.ownerUrl, max: 2 });
    owner.on('error', () => {});
    closing.push(() => owner.end());
    const keysFile = path.join(folder, 'keys.json');
    await createKeyFile(keysFile);
    const service = await startServiceProcess({
      nodeOptions,
      environment: {
        DATABASE_URL: postgres.appUrl,
        MIGRATION_DATABASE_URL: postgres.ownerUrl,
        OBJECT_STORE: path.join(folder, 'objects'),
        AUDIT_HEADS: path.join(folder, 'heads'),
        KEYS_FILE: keysFile,
        OIDC_ISSUER: provider.issuer,
        OIDC_AUDIENCE: AUDIENCE,
        PORT: '0',
        REQUESTS_PER_MINUTE: '1000000', // All people share one address here.
      },
    });
    closing.push(() => service.end('SIGTERM'));
    return {
      serviceUrl: service.url,
      owner,
      floorUrl: await makeFloorDatabase(owner, postgres),
      settings: await settingsOf(owner),
      async client(connections, ...roles) {
        const authorizations = await Promise.all(
          Array.from({ length: PEOPLE }, (_, index) =>
            provider.authorization({ claims: { sub: `person-${index}`, roles, sites: [SITE] }, expiresInS: 24 * 3600 }),
          ),
        );
        return openClient({ url: service.url, authorizations, connections });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeFloorDatabase(
  owner: pg.Pool,
  { ownerUrl, appUrl }: { readonly ownerUrl: string; readonly appUrl: string },
): Promise<string> {
  await owner.query('CREATE DATABASE floor');
  const inFloor = (url: string) => Object.assign(new URL(url), { pathname: '/floor' }).href;
  await migrate({ ownerUrl: inFloor(ownerUrl), appRole: APPLICATION });
  return inFloor(appUrl);
}

async function settingsOf(owner: pg.Pool): Promise<Record<string, string>> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers'];
  const { rows } = await owner.query<{ name: string; value: string }>(
    'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
    [names],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
