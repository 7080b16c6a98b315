import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, exportSPKI, importJWK, SignJWT } from 'jose';
import { createTokenVerifier, type TokenVerifierOptions, type Verification } from './oidc.ts';
import { AUDIENCE, startProvider, type TestProvider, testPseudonyms } from './provider.test-support.ts';

let provider: TestProvider;

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());

function verifier(options: Partial<TokenVerifierOptions> = {}) {
  return createTokenVerifier({ issuer: provider.issuer, audience: AUDIENCE, pseudonyms: testPseudonyms, ...options });
}

const reasonOf = (verification: Verification) =>
  verification.outcome === 'refused' ? verification.reason : verification.outcome;

async function principalOf(claims: Record<string, unknown>, options: Partial<TokenVerifierOptions> = {}) {
  const verification = await verifier(options).verify(await provider.authorization({ claims }));
  if (verification.outcome !== 'verified') throw new Error(JSON.stringify(verification));
  return verification.principal;
}

describe('a good token', () => {
  test('makes a principal of pseudonyms, roles, sites, session and expiry', async () => {
    const token = await provider.token({ claims: { sid: 'session-7', jti: 'token-9', sites: ['north', 'south'] } });
    const verification = await verifier().verify(`Bearer ${token}`);
    const persons = testPseudonyms('person', JSON.stringify([provider.issuer, 'reader-1']));
    expect(verification).toEqual({
      outcome: 'verified',
      principal: {
        person: persons[0],
        persons,
        roles: ['reader'],
        sites: ['north', 'south'],
        sessionId: 'session-7',
        token,
        expiresAt: expect.any(Date),
        isLocal: false,
      },
    });
    const { principal } = verification as Extract<Verification, { outcome: 'verified' }>;
    expect(Math.abs(principal.expiresAt!.getTime() - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  test('is found whatever the case of the scheme', async () => {
    expect((await verifier().verify(`bearer ${await provider.token()}`)).outcome).toBe('verified');
  });

  test('names its session by jti where there is no sid, and by nothing where there is neither', async () => {
    expect((await principalOf({ jti: 'token-9' })).sessionId).toBe('token-9');
    expect((await principalOf({ sid: 12 })).sessionId).toBeNull();
  });

  test('may be for several audiences', async () => {
    expect((await principalOf({ aud: ['account', AUDIENCE] })).roles).toEqual(['reader']);
  });

  test('may be signed by an elliptic key', async () => {
    const elliptic = await startProvider({ algorithm: 'ES256' });
    try {
      const checked = await verifier({ issuer: elliptic.issuer }).verify(await elliptic.authorization());
      expect(checked.outcome).toBe('verified');
    } finally {
      await elliptic.stop();
    }
  });

  test('gives the same subject of another issuer another person', async () => {
    const other = await startProvider();
    try {
      const checked = await verifier({ issuer: other.issuer }).verify(await other.authorization());
      const here = await principalOf({});
      expect(checked).toMatchObject({ outcome: 'verified' });
      expect(checked).not.toMatchObject({ principal: { person: here.person } });
    } finally {
      await other.stop();
    }
  });
});

describe('roles and sites', () => {
  test('unknown roles are ignored, and none at all permits nothing', async () => {
    expect((await principalOf({ roles: ['offline_access', 'reviewer', 'constructor', 7] })).roles).toEqual([
      'reviewer',
    ]);
    expect((await principalOf({ roles: ['offline_access'] })).roles).toEqual([]);
    expect((await principalOf({ roles: undefined })).roles).toEqual([]);
    expect((await principalOf({ roles: { reader: true } })).roles).toEqual([]);
  });

  test('a role claim is found by its path, also where names have dots', async () => {
    const nested = { roles: undefined, resource_access: { 'voxelwise.north': { roles: ['auditor'] } } };
    expect((await principalOf(nested, { rolesClaim: 'resource_access.voxelwise.north.roles' })).roles).toEqual([
      'auditor',
    ]);
    const named = { roles: undefined, 'https://voxelwise.example/roles': 'reader reviewer' };
    expect((await principalOf(named, { rolesClaim: 'https://voxelwise.example/roles' })).roles).toEqual([
      'reader',
      'reviewer',
    ]);
    expect((await principalOf({}, { rolesClaim: '__proto__.roles' })).roles).toEqual([]);
  });

  test('with a map only mapped names count', async () => {
    const roleMap = new Map([['radiologist', ['reader', 'reviewer'] as const]]);
    expect((await principalOf({ roles: ['radiologist', 'administrator'] }, { roleMap })).roles).toEqual([
      'reader',
      'reviewer',
    ]);
  });

  test('sites are an array, or words with spaces between them; what is no name is dropped', async () => {
    expect((await principalOf({ sites: 'north south north' })).sites).toEqual(['north', 'south']);
    expect((await principalOf({ sites: ['north', '../south', '', 5, 'x'.repeat(65), '*'] })).sites).toEqual(['north']);
    expect((await principalOf({ sites: undefined })).sites).toEqual([]);
    expect((await principalOf({ sites: undefined, hospital: 'north' }, { sitesClaim: 'hospital' })).sites).toEqual([
      'north',
    ]);
  });

  test('a purpose of use is read from the claim that is configured', async () => {
    expect((await principalOf({ purpose_of_use: ['TREAT'] }, { purposeClaim: 'purpose_of_use' })).purpose).toBe(
      'TREAT',
    );
    expect((await principalOf({ purpose_of_use: ['TREAT'] })).purpose).toBeUndefined();
    const sentence = { purpose_of_use: 'of Jane Doe!' };
    expect((await principalOf(sentence, { purposeClaim: 'purpose_of_use' })).purpose).toBeUndefined();
  });
});

describe('refused is', () => {
  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another scheme', `Basic ${Buffer.from('reader:secret').toString('base64')}`],
    ['a scheme alone', 'Bearer'],
  ])('%s: no token', async (_case, header) => {
    expect(reasonOf(await verifier().verify(header))).toBe('no-token');
  });

  test.each([
    ['what is no JWT', 'Bearer abc'],
    ['two tokens', 'Bearer a.b.c, a.b.c'],
    ['JSON that does not parse', `Bearer ${base64url.encode('{')}.${base64url.encode('{}')}.AAAA`],
    ['an encrypted token', `Bearer a.b.c.d.e`],
    ['a token of a megabyte', `Bearer a.${'b'.repeat(1_000_000)}.c`],
  ])('%s: malformed', async (_case, header) => {
    expect(reasonOf(await verifier().verify(header))).toBe('malformed');
  });

  test.each([
    ['another audience', { claims: { aud: 'another-service' } }, 'wrong-audience'],
    ['no audience', { claims: { aud: undefined } }, 'wrong-audience'],
    ['another issuer', { claims: { iss: 'https://login.example' } }, 'wrong-issuer'],
    ['no subject', { claims: { sub: undefined } }, 'malformed'],
    ['an empty subject', { claims: { sub: '' } }, 'malformed'],
    ['no expiry', { claims: { exp: undefined } }, 'malformed'],
    ['an expiry beyond all dates', { claims: { exp: 1e300 } }, 'malformed'],
    ['an expired token', { expiresInS: -60 }, 'expired'],
    ['a token of the future', { claims: { nbf: Math.floor(Date.now() / 1000) + 300 } }, 'not-yet-valid'],
    ['a logout token', { header: { typ: 'logout+jwt' } }, 'wrong-type'],
    ['a key that the provider does not have', { header: { kid: 'another' } }, 'unknown-key'],
  ] as const)('%s', async (_case, content, reason) => {
    expect(reasonOf(await verifier().verify(await provider.authorization(content as never)))).toBe(reason);
  });

  test('clocks may be 30 s apart, and no more', async () => {
    expect(reasonOf(await verifier().verify(await provider.authorization({ expiresInS: -10 })))).toBe('verified');
    expect(
      reasonOf(await verifier({ clockToleranceS: 0 }).verify(await provider.authorization({ expiresInS: -10 }))),
    ).toBe('expired');
  });

  test('a token with a critical extension that nobody knows: malformed', async () => {
    const [header, ...rest] = (await provider.token()).split('.');
    const critical = { ...JSON.parse(Buffer.from(header!, 'base64url').toString()), crit: ['x'], x: 1 };
    const token = [base64url.encode(JSON.stringify(critical)), ...rest].join('.');
    expect(reasonOf(await verifier().verify(`Bearer ${token}`))).toBe('malformed');
  });

  test('a token without signature: algorithm', async () => {
    const [, payload] = (await provider.token()).split('.');
    const header = base64url.encode(JSON.stringify({ alg: 'none', typ: 'JWT' }));
    expect(reasonOf(await verifier().verify(`Bearer ${header}.${payload}.`))).toBe('algorithm');
  });

  test('a token signed with the public key as if it were a shared secret: algorithm', async () => {
    const [jwk] = provider.server.issuer.keys.toJSON();
    const publicKey = await exportSPKI((await importJWK(jwk!, 'RS256')) as CryptoKey);
    const forged = await new SignJWT({ sub: 'reader-1', roles: ['administrator'], sites: ['north'] })
      .setProtectedHeader({ alg: 'HS256', kid: jwk!.kid! })
      .setIssuer(provider.issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(publicKey));
    expect(reasonOf(await verifier().verify(`Bearer ${forged}`))).toBe('algorithm');
  });

  test('an algorithm that is not configured, though the provider uses it', async () => {
    expect(reasonOf(await verifier({ algorithms: ['ES256'] }).verify(await provider.authorization()))).toBe(
      'algorithm',
    );
  });

  test('a token whose claims were changed, or that another provider signed: bad signature, unknown key', async () => {
    const [header, payload, signature] = (await provider.token()).split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString());
    const changed = base64url.encode(JSON.stringify({ ...claims, roles: ['administrator'] }));
    expect(reasonOf(await verifier().verify(`Bearer ${header}.${changed}.${signature}`))).toBe('bad-signature');

    const other = await startProvider();
    try {
      const foreign = await other.authorization({ claims: { iss: provider.issuer } });
      expect(reasonOf(await verifier().verify(foreign))).toBe('unknown-key');
    } finally {
      await other.stop();
    }
  });

  test('a token without the id of its key, where the provider has several', async () => {
    const several = await startProvider();
    try {
      const lone = verifier({ issuer: several.issuer });
      expect(reasonOf(await lone.verify(await several.authorization({ header: { kid: undefined } })))).toBe('verified');
      await several.addKey();
      const fresh = verifier({ issuer: several.issuer });
      expect(reasonOf(await fresh.verify(await several.authorization({ header: { kid: undefined } })))).toBe(
        'unknown-key',
      );
    } finally {
      await several.stop();
    }
  });
});

describe('keys of the provider', () => {
  test('a rotated key is loaded when the first token names it', async () => {
    const rotating = await startProvider();
    try {
      const patient = verifier({ issuer: rotating.issuer, cooldownMs: 0 });
      expect(reasonOf(await patient.verify(await rotating.authorization()))).toBe('verified');
      const kid = await rotating.addKey();
      expect(reasonOf(await patient.verify(await rotating.authorization({ kid })))).toBe('verified');
    } finally {
      await rotating.stop();
    }
  });

  test('tokens with invented keys load them no more than once within the cool-down', async () => {
    const counted = await startCountingProvider();
    try {
      const checked = verifier({ issuer: counted.issuer });
      expect(reasonOf(await checked.verify(await counted.token()))).toBe('unknown-key');
      for (let i = 0; i < 20; i++) {
        expect(reasonOf(await checked.verify(await counted.token()))).toBe('unknown-key');
      }
      expect(counted.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
    } finally {
      await counted.stop();
    }
  });

  test('a provider that is down refuses nobody, is left alone for a while, and is back by itself', async () => {
    const first = await startProvider();
    const { port } = first.server.address();
    const patient = verifier({ issuer: first.issuer, retryAfterMs: 600_000 });
    const eager = verifier({ issuer: first.issuer, retryAfterMs: 0 });
    const authorization = await first.authorization();
    await first.stop();
    for (const waiting of [patient, eager]) {
      expect(reasonOf(await waiting.verify(authorization))).toBe('unavailable');
      expect(await waiting.problem()).toMatch(/keys of the identity provider/);
    }

    const again = await startProvider({ port });
    try {
      expect(reasonOf(await patient.verify(await again.authorization()))).toBe('unavailable');
      expect(reasonOf(await eager.verify(await again.authorization()))).toBe('verified');
      expect(await eager.problem()).toBeNull();
    } finally {
      await again.stop();
    }
  });

  test('known keys go on working while the provider is down, whatever invented keys come by', async () => {
    const leaving = await startProvider();
    const going = verifier({ issuer: leaving.issuer, cooldownMs: 0 });
    const authorization = await leaving.authorization();
    expect(reasonOf(await going.verify(authorization))).toBe('verified');
    const invented = await leaving.authorization({ header: { kid: 'another' } });
    await leaving.stop();
    expect(reasonOf(await going.verify(invented))).toBe('unavailable');
    expect(reasonOf(await going.verify(authorization))).toBe('verified');
  });

  test.each([
    ['another issuer', { issuer: 'https://login.example' }, 'another issuer'],
    ['keys over http from elsewhere', { jwks_uri: 'http://keys.example/jwks' }, 'over http'],
    ['no keys', { jwks_uri: undefined }, 'names no keys'],
  ])('a discovery document with %s is not used', async (_case, change, sentence) => {
    const counted = await startCountingProvider(change);
    try {
      const checked = verifier({ issuer: counted.issuer });
      expect(reasonOf(await checked.verify(await counted.token()))).toBe('unavailable');
      expect(await checked.problem()).toContain(sentence);
    } finally {
      await counted.stop();
    }
  });

  test('a provider that hangs is given up after the time limit', async () => {
    const hanging = createServer(() => {});
    const issuer = await listen(hanging);
    try {
      const checked = verifier({ issuer, timeoutMs: 100 });
      expect(reasonOf(await checked.verify(await provider.authorization()))).toBe('unavailable');
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  });
});

test.each([
  ['http from elsewhere', { issuer: 'http://login.example' }, /https/],
  ['what is no address', { issuer: 'login.example' }, /https address/],
  ['a query', { issuer: 'https://login.example/?realm=1' }, /without user/],
  ['a shared secret', { algorithms: ['HS256'] as never }, /Tokens can be signed with/],
  ['no algorithm', { algorithms: [] }, /Tokens can be signed with/],
])('a configuration with %s is refused with a sentence', (_case, options, sentence) => {
  expect(() => verifier(options)).toThrow(sentence);
});

/** A provider that has no key of any token, and counts who asks. */
async function startCountingProvider(change: Record<string, unknown> = {}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url!);
    const isDiscovery = request.url!.startsWith('/.well-known/');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys`, ...change } : { keys: [] }));
  });
  const issuer = await listen(server);
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { issuer, requests, stop, token: () => provider.authorization({ claims: { iss: issuer } }) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
