import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { OAuth2Server } from 'oauth2-mock-server';
import type { Pseudonyms } from './principal.ts';

export const AUDIENCE = 'voxelwise';

export interface TokenContent {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  /** Which of the provider's keys signs. */
  readonly kid?: string;
  readonly expiresInS?: number;
}

export interface TestProvider {
  readonly server: OAuth2Server;
  readonly issuer: string;
  /** Makes a further key; returns its id. */
  addKey(): Promise<string>;
  /** A signed access token for AUDIENCE; claims and header entries of value undefined are left out of it. */
  token(content?: TokenContent): Promise<string>;
  /** What a client with this token sends. */
  authorization(content?: TokenContent): Promise<string>;
  stop(): Promise<void>;
}

/** A real OpenID provider on loopback: discovery, keys, signed tokens. */
export async function startProvider({
  algorithm = 'RS256',
  port = 0,
}: {
  algorithm?: 'RS256' | 'ES256';
  port?: number;
} = {}): Promise<TestProvider> {
  const server = new OAuth2Server();
  await addKey(server, algorithm);
  await server.start(port, '127.0.0.1');
  const issuer = server.issuer.url!;
  const token = ({ claims, header, kid, expiresInS }: TokenContent = {}) =>
    server.issuer.buildToken({
      kid,
      expiresIn: expiresInS,
      scopesOrTransform: (tokenHeader, payload) => {
        Object.assign(payload, { sub: 'reader-1', aud: AUDIENCE, roles: ['reader'], sites: ['north'] }, claims);
        Object.assign(tokenHeader, header);
      },
    });
  return {
    server,
    issuer,
    addKey: () => addKey(server, algorithm),
    token,
    authorization: async content => `Bearer ${await token(content)}`,
    stop: () => server.stop(),
  };
}

/** The server's own way to make a key does not work in jest, where objects of Node's crypto are of another realm. */
async function addKey(server: OAuth2Server, alg: 'RS256' | 'ES256'): Promise<string> {
  const { privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  await server.issuer.keys.add({ ...privateKey.export({ format: 'jwk' }), kid, alg });
  return kid;
}

/** Pseudonyms of two key versions, of the form that the database wants. */
export const testPseudonyms: Pseudonyms = (domain, value) =>
  [2, 1].map(
    version => `p${version}:${createHmac('sha256', `key ${version}`).update(`${domain} ${value}`).digest('base64url')}`,
  );
