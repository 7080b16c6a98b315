import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DataServiceProcess, startDataService } from '@voxelwise/viewer';
import { OAuth2Server } from 'oauth2-mock-server';
import { REPOSITORY } from './paths.ts';

const AUDIENCE = 'voxelwise';

/** A folder for a service's database, objects and keys; it outlives the service. */
export async function dataFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-data-'));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The real data service as a process of its own, with its embedded PostgreSQL. Without an issuer nobody signs in. */
export function startTestDataService(
  folder: string,
  environment: Record<string, string> = {},
): Promise<DataServiceProcess> {
  return startDataService({
    repositoryRoot: REPOSITORY,
    folder,
    viewerHost: '127.0.0.1',
    environment: { ...process.env, ...environment },
  });
}

export interface Person {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly sites: readonly string[];
}

export interface Provider {
  /** Environment of a service that trusts it. */
  readonly environment: Record<string, string>;
  token(person: Person): Promise<string>;
  close(): Promise<void>;
}

/** A real OpenID provider on loopback: discovery, keys, signed tokens. */
export async function startProvider(): Promise<Provider> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  return {
    environment: { OIDC_ISSUER: server.issuer.url ?? '', OIDC_AUDIENCE: AUDIENCE },
    token: person =>
      server.issuer.buildToken({
        scopesOrTransform: (_header, payload) => {
          Object.assign(payload, { aud: AUDIENCE, ...person });
        },
      }),
    close: () => server.stop(),
  };
}
