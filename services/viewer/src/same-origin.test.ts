import { connect } from 'node:net';
import os from 'node:os';
import { text } from 'node:stream/consumers';
import express from 'express';
import { send } from './http.test-support.ts';
import { type GuardOptions, isLoopback, sameOriginGuard } from './same-origin.ts';
import { networkWarning } from './start.ts';
import { cleanUp, serve } from './viewer.test-support.ts';

afterEach(cleanUp);

async function guarded(options: GuardOptions, listenOn = '127.0.0.1'): Promise<{ url: string; port: string }> {
  const app = express();
  app.use(sameOriginGuard(options));
  app.use((_request, response) => void response.send('passed'));
  const url = await serve(app, listenOn);
  return { url, port: new URL(url).port };
}

/** Status of a request with these headers; `PORT` stands for the server's own port. */
async function statusOf(server: { url: string; port: string }, headers: Record<string, string>, method = 'GET') {
  const filled = Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', server.port)]);
  return (await send(server.url, '/dicom-web/studies', { method, headers: Object.fromEntries(filled) })).status;
}

test.each(['localhost:PORT', '127.0.0.1:PORT', '[::1]:PORT', 'LOCALHOST:PORT'])(
  'on loopback, the host %s is served',
  async host => {
    expect(await statusOf(await guarded({ host: '127.0.0.1' }), { Host: host })).toBe(200);
  },
);

test.each([
  'evil.example',
  'evil.example:PORT',
  '127.0.0.1.nip.io:PORT', // names that resolve to this machine: DNS rebinding
  'localhost.evil.example:PORT',
  'localhost.:PORT',
  'localhost',
  'localhost:1',
  '192.168.0.7:PORT',
  '0.0.0.0:PORT',
  'user@localhost:PORT',
  'localhost:PORT:80',
  '[::1',
  '::1',
])('on loopback, the host "%s" is refused', async host => {
  expect(await statusOf(await guarded({ host: '127.0.0.1' }), { Host: host })).toBe(403);
});

test('a request without Host is refused', async () => {
  const { port } = await guarded({ host: '127.0.0.1' });
  const socket = connect(Number(port), '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 403/);
});

test('IPv6 loopback is served under its own address', async () => {
  const server = await guarded({ host: '::1' }, '::1');
  expect(await statusOf(server, { Host: '[::1]:PORT' })).toBe(200);
  expect(await statusOf(server, { Host: '[::2]:PORT' })).toBe(403);
});

test('an explicit address is served under that address only', async () => {
  const server = await guarded({ host: '192.0.2.7' });
  expect(await statusOf(server, { Host: '192.0.2.7:PORT' })).toBe(200);
  expect(await statusOf(server, { Host: '192.0.2.8:PORT' })).toBe(403);
  expect(await statusOf(server, { Host: 'evil.example:PORT' })).toBe(403);
});

test.each(['0.0.0.0', '::'])('on %s, addresses and the own name are served, other names are not', async host => {
  const server = await guarded({ host });
  expect(await statusOf(server, { Host: '192.0.2.7:80' })).toBe(200);
  expect(await statusOf(server, { Host: '[2001:db8::1]:PORT' })).toBe(200);
  expect(await statusOf(server, { Host: `${os.hostname()}:PORT` })).toBe(200);
  expect(await statusOf(server, { Host: 'evil.example:PORT' })).toBe(403);
});

test('a name of --allow-host is served with any port', async () => {
  const server = await guarded({ host: '127.0.0.1', allowedHosts: ['Viewer.Example'] });
  expect(await statusOf(server, { Host: 'viewer.example' })).toBe(200);
  expect(await statusOf(server, { Host: 'viewer.example:443', Origin: 'https://viewer.example:443' })).toBe(200);
  expect(await statusOf(server, { Host: 'other.viewer.example' })).toBe(403);
});

describe.each(['GET', 'POST', 'OPTIONS'])('%s', method => {
  test.each(['http://evil.example', 'null', 'http://localhost:1', 'http://127.0.0.1:PORT', 'file://', ''])(
    'of the origin "%s" is refused',
    async origin => {
      const server = await guarded({ host: '127.0.0.1' });
      expect(await statusOf(server, { Host: 'localhost:PORT', Origin: origin }, method)).toBe(403);
    },
  );

  test('of the own origin is served', async () => {
    const server = await guarded({ host: '127.0.0.1' });
    const headers = { Host: 'localhost:PORT', Origin: 'http://localhost:PORT', 'Sec-Fetch-Site': 'same-origin' };
    expect(await statusOf(server, headers, method)).toBe(200);
  });

  // An image or script of another page carries no Origin.
  test.each(['cross-site', 'same-site'])('of a %s page is refused', async site => {
    const server = await guarded({ host: '127.0.0.1' });
    const headers = { Host: 'localhost:PORT', 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors' };
    expect(await statusOf(server, headers, method)).toBe(403);
  });
});

test('a link of another page may lead here, a form of another page may not post', async () => {
  const server = await guarded({ host: '127.0.0.1' });
  const headers = { Host: 'localhost:PORT', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
  expect(await statusOf(server, headers)).toBe(200);
  expect(await statusOf(server, headers, 'POST')).toBe(403);
});

test('only loopback comes without a warning', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
    expect(isLoopback(host)).toBe(true);
    expect(networkWarning(host)).toBeUndefined();
  }
  for (const host of ['0.0.0.0', '::', '192.168.0.7', '127.0.0.1.evil.example', 'viewer.example', '']) {
    expect(isLoopback(host)).toBe(false);
    expect(networkWarning(host)).toMatch(/nothing here is authenticated[\s\S]*ORTHANC_URL/);
  }
});
