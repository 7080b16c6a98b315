import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import os from 'node:os';
import { ROLES } from '@voxelwise/contract';
import fc from 'fast-check';
import { type LocalModeSettings, localModeProblem, localModeRefusal, localPrincipal } from './local-mode.ts';
import { testPseudonyms } from './provider.test-support.ts';

const SETTINGS: LocalModeSettings = {
  listenAddress: '127.0.0.1',
  oidcIssuer: null,
  trustedProxyHops: 0,
  allowedOrigins: [],
};

function refusal(
  headers: IncomingHttpHeaders,
  {
    remoteAddress = '127.0.0.1',
    httpVersion = '1.1',
    ...settings
  }: Partial<LocalModeSettings> & { remoteAddress?: string; httpVersion?: string } = {},
) {
  return localModeRefusal(
    { headers: { host: 'localhost:8080', ...headers }, httpVersion, socket: { remoteAddress } },
    { ...SETTINGS, ...settings },
  );
}

describe('allowed is', () => {
  test.each<[string, IncomingHttpHeaders, object?]>([
    ['a program on this machine', {}],
    [
      'the page that this service serves',
      {
        origin: 'http://localhost:8080',
        referer: 'http://localhost:8080/viewer?study=1',
        'sec-fetch-site': 'same-origin',
      },
    ],
    ['an address typed into the browser', { 'sec-fetch-site': 'none' }],
    ['127.0.0.1 as host', { host: '127.0.0.1:8080' }],
    ['[::1] as host', { host: '[::1]:8080' }, { remoteAddress: '::1', listenAddress: '::1' }],
    ['a host without port', { host: 'localhost' }],
    ['IPv4 within IPv6', {}, { remoteAddress: '::ffff:127.0.0.1' }],
    [
      'an allowed origin of this machine',
      { origin: 'http://localhost:3000', referer: 'http://localhost:3000/', 'sec-fetch-site': 'same-site' },
      { allowedOrigins: ['http://localhost:3000'] },
    ],
  ])('%s', (_case, headers, further = {}) => {
    expect(refusal(headers, further)).toBeNull();
  });
});

describe('refused is', () => {
  test.each<[string, IncomingHttpHeaders, object?, RegExp?]>([
    ['another machine', {}, { remoteAddress: '192.168.1.20' }, /this machine/],
    ['another machine by IPv6', {}, { remoteAddress: '::ffff:10.0.0.7' }, /this machine/],
    ['a connection that is gone', {}, { remoteAddress: '' }, /this machine/],
    ['a name that resolves to this machine', { host: 'attacker.example:8080' }, {}, /another host/],
    ['a name that begins like this machine', { host: 'localhost.attacker.example' }, {}, /another host/],
    ['a name with credentials', { host: 'localhost@attacker.example' }, {}, /another host/],
    ['no host', { host: undefined }, {}, /another host/],
    ['X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }, {}, /proxy/],
    ['X-Forwarded-Port', { 'x-forwarded-port': '443' }, {}, /proxy/],
    ['Forwarded', { forwarded: 'for=10.0.0.7' }, {}, /proxy/],
    ['Via', { via: '1.1 squid' }, {}, /proxy/],
    ['X-Real-IP', { 'x-real-ip': '10.0.0.7' }, {}, /proxy/],
    ['HTTP/1.0', {}, { httpVersion: '1.0' }, /proxy/],
    ['a page of another site', { origin: 'https://attacker.example' }, {}, /origin/],
    ['a page of another port of this machine', { origin: 'http://localhost:9000' }, {}, /origin/],
    ['a page of another scheme', { origin: 'https://localhost:8080' }, {}, /origin/],
    ['a page without origin', { origin: 'null' }, {}, /origin/],
    ['another name of this machine', { origin: 'http://127.0.0.1:8080' }, {}, /origin/],
    ['a picture in a page of another site', { 'sec-fetch-site': 'cross-site' }, {}, /origin/],
    ['a picture in a page of another port', { 'sec-fetch-site': 'same-site' }, {}, /origin/],
    ['a link from a page of another site', { referer: 'https://attacker.example/page' }, {}, /origin/],
    ['a referer that is no address', { referer: 'page' }, {}, /origin/],
    [
      'an allowed origin elsewhere',
      { origin: 'https://viewer.example' },
      { allowedOrigins: ['https://viewer.example'] },
      /origin/,
    ],
    ['everything where the service listens to the network', {}, { listenAddress: '0.0.0.0' }, /loopback/],
    ['everything where the service listens to every IPv6 address', {}, { listenAddress: '::' }, /loopback/],
    ['everything beside an identity provider', {}, { oidcIssuer: 'https://login.example' }, /identity provider/],
    ['everything behind a proxy', {}, { trustedProxyHops: 1 }, /proxy/],
  ])('%s', (_case, headers, further = {}, sentence = /./) => {
    expect(refusal(headers, further)).toMatch(sentence);
  });

  test('every origin and host that is not known', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.domain(), (url, domain) => {
        expect(refusal({ origin: new URL(url).origin })).not.toBeNull();
        expect(refusal({ host: `${domain}:8080` })).not.toBeNull();
        expect(refusal({ host: `${domain}:8080`, origin: `http://${domain}:8080` })).not.toBeNull();
      }),
    );
  });
});

describe('requests of Node', () => {
  test('hold what the rules look at', async () => {
    const refusals: (string | null)[] = [];
    const server = createServer((request, response) => {
      refusals.push(localModeRefusal(request, SETTINGS));
      response.end();
    });
    await new Promise<void>(resolve => server.listen(0, resolve));
    const { port } = server.address() as AddressInfo;
    const get = (host: string, headers: Record<string, string> = {}) =>
      new Promise<void>((resolve, reject) => {
        httpRequest({ host, port, headers }, response => response.resume().on('end', resolve))
          .on('error', reject)
          .end();
      });
    try {
      await get('127.0.0.1');
      await get('127.0.0.1', { 'X-FORWARDED-FOR': '10.0.0.7' });
      await get('127.0.0.1', { Host: 'attacker.example' });
      await rawHttp10(port);
      expect(refusals).toEqual([
        null,
        expect.stringMatching(/proxy/),
        expect.stringMatching(/host/),
        expect.stringMatching(/proxy/),
      ]);
      const outside = Object.values(os.networkInterfaces())
        .flat()
        .find(one => one && !one.internal && one.family === 'IPv4');
      if (outside) {
        await get(outside.address, { Host: 'localhost' });
        expect(refusals.at(-1)).toMatch(/this machine/);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

test('local mode has every role but that of programs, one site, and a pseudonym as everybody has', () => {
  const principal = localPrincipal(testPseudonyms);
  expect([...principal.roles, 'service'].sort()).toEqual([...ROLES].sort());
  expect(principal).toMatchObject({ sites: ['local'], isLocal: true, token: null, sessionId: null, expiresAt: null });
  expect(principal.person).toMatch(/^p2:[\w-]{43}$/);
  expect(principal.persons).toHaveLength(2);
  expect(localPrincipal(testPseudonyms, 'practice').sites).toEqual(['practice']);
});

test('what rules it out is said at the start', () => {
  expect(localModeProblem(SETTINGS)).toBeNull();
  expect(localModeProblem({ ...SETTINGS, listenAddress: 'localhost' })).toBeNull();
  expect(localModeProblem({ ...SETTINGS, listenAddress: '192.168.1.2' })).toMatch(/loopback/);
});

function rawHttp10(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n'));
    socket
      .on('error', reject)
      .on('close', () => resolve())
      .resume();
  });
}
