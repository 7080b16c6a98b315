import type { AddressInfo } from 'node:net';
import { problemSchema } from '@voxelwise/contract';
import express from 'express';
import { type ServiceProblem, sendProblem } from '../http/service-problem.ts';
import { type Authentication, localAuthentication, oidcAuthentication, type SignInRefusal } from './authentication.ts';
import { createTokenVerifier } from './oidc.ts';
import { AUDIENCE, startProvider, type TestProvider, testPseudonyms } from './provider.test-support.ts';

let provider: TestProvider;
const refusals: SignInRefusal[] = [];
const options = {
  pseudonyms: testPseudonyms,
  sessionDigest: (id: string) => `digest of ${id.length}`,
  onRefusal: (reason: SignInRefusal) => void refusals.push(reason),
};
const LOCAL = { listenAddress: '127.0.0.1', oidcIssuer: null, trustedProxyHops: 0, allowedOrigins: [] };

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());
beforeEach(() => void refusals.splice(0));

function signIn() {
  const verifier = createTokenVerifier({ issuer: provider.issuer, audience: AUDIENCE, pseudonyms: testPseudonyms });
  return oidcAuthentication(verifier, options);
}

test('a person who has signed in is known', async () => {
  const authorization = await provider.authorization({ claims: { roles: ['reviewer'] } });
  expect(await ask(signIn(), { authorization })).toMatchObject({
    status: 200,
    body: { roles: ['reviewer'], sites: ['north'] },
  });
});

test('a person without a role is known too, so that the refusal can name them', async () => {
  const authorization = await provider.authorization({ claims: { roles: [] } });
  expect(await ask(signIn(), { authorization })).toMatchObject({
    status: 200,
    body: { person: expect.any(String), roles: [] },
  });
});

test('nobody else is: the problem says why, and the reason is told to those who count', async () => {
  const expired = await provider.authorization({ expiresInS: -3600 });
  expect(await ask(signIn(), {})).toMatchObject({
    status: 401,
    challenge: 'Bearer',
    body: { code: 'unauthenticated', detail: expect.stringMatching(/Sign in/) },
  });
  expect(await ask(signIn(), { authorization: expired })).toMatchObject({
    status: 401,
    body: { detail: expect.stringMatching(/expired/) },
  });
  expect(refusals).toEqual(['no-token', 'expired']);
});

test('a problem repeats nothing of the token', async () => {
  const authorization = await provider.authorization({ claims: { aud: 'Doe^Jane', sub: 'Doe^Jane' } });
  const { body } = await ask(signIn(), { authorization });
  expect(JSON.stringify(body)).not.toMatch(/Doe|eyJ/);
});

test('while the provider is away the service says that it cannot answer, and when to come back', async () => {
  const leaving = await startProvider();
  const authorization = await leaving.authorization();
  await leaving.stop();
  const verifier = createTokenVerifier({ issuer: leaving.issuer, audience: AUDIENCE, pseudonyms: testPseudonyms });
  const answer = await ask(oidcAuthentication(verifier, options), { authorization });
  expect(answer).toMatchObject({ status: 503, retryAfter: '5', body: { code: 'unavailable' } });
  expect(refusals).toEqual(['provider-unavailable']);
});

test('in local mode whoever sits at this machine is known, and a request through a proxy is refused', async () => {
  const local = localAuthentication({ ...LOCAL, site: 'practice' }, options);
  expect(await ask(local, {})).toMatchObject({ status: 200, body: { isLocal: true, sites: ['practice'] } });
  expect(await ask(local, { 'x-forwarded-for': '10.0.0.7' })).toMatchObject({
    status: 403,
    body: { code: 'local-mode-refused' },
  });
  expect(refusals).toEqual(['local-mode']);
});

test('local mode does not start where it cannot be safe', () => {
  expect(() => localAuthentication({ ...LOCAL, listenAddress: '0.0.0.0' }, options)).toThrow(/loopback/);
  expect(() => localAuthentication({ ...LOCAL, oidcIssuer: provider.issuer }, options)).toThrow(/identity provider/);
});

/** Sends a request to a service that answers with who is known. */
async function ask(authentication: Authentication, headers: Record<string, string>) {
  const app = express();
  app.use(async (request, response) => {
    try {
      response.json(await authentication.authenticate(request));
    } catch (error) {
      sendProblem(response, error as ServiceProblem, 'request-1');
    }
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers });
    const body = await response.json();
    if (!response.ok) problemSchema.parse(body);
    const challenge = response.headers.get('www-authenticate');
    return { status: response.status, challenge, retryAfter: response.headers.get('retry-after'), body };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
