import { connect } from 'node:net';
import { problemSchema } from '@voxelwise/contract';
import { startTestService, type TestService } from './service.test-support.ts';
import { storedState } from './stored-rows.test-support.ts';

let service: TestService;
let authorization: string;
beforeAll(async () => {
  service = await startTestService({ WORKER: 'no' });
  authorization = await service.as({ roles: ['reader', 'reviewer', 'administrator', 'auditor'] });
});
afterAll(() => service?.stop());

const HEAD = () => ['Host: localhost', `Authorization: ${authorization}`];
const many = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: y`);

/** First lines and further headers; each is a whole request with a good token, if it were not for what is odd about it. */
test.each<[string, string, string[]]>([
  ['an asterisk', 'OPTIONS * HTTP/1.1', []],
  ['another host in the address', 'GET http://attacker.example/api/nothing HTTP/1.1', []],
  ['an address that begins with two slashes', 'GET //attacker.example/api/session HTTP/1.1', []],
  ['bytes beyond ASCII in the address', 'GET /api/s\u00e9ssion HTTP/1.1', []],
  ['a backslash in the address', 'GET /api\\session HTTP/1.1', []],
  ['an address of dots', 'GET /api/../api/nothing HTTP/1.1', []],
  ['5,000 headers', 'GET /api/nothing HTTP/1.1', many(5000)],
  ['two hosts', 'GET /api/session HTTP/1.1', ['Host: other']],
  ['two tokens', 'GET /api/session HTTP/1.1', ['Authorization: Bearer x.y.z']],
  [
    'a query of 1,500 names',
    `GET /api/predictions?${many(1500)
      .map((_, index) => `${index}=1`)
      .join('&')} HTTP/1.1`,
    [],
  ],
  ['a method of WebDAV', 'PROPFIND /api/predictions HTTP/1.1', []],
  [
    'an upgrade',
    'GET /api/nothing HTTP/1.1',
    [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ],
  ],
  [
    'an upgrade to HTTP/2',
    'GET /api/nothing HTTP/1.1',
    ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'],
  ],
  ['a method that is said in a header', 'GET /api/predictions/x HTTP/1.1', ['X-HTTP-Method-Override: DELETE']],
  ['a range', 'GET /api/predictions/x HTTP/1.1', ['Range: bytes=0-0,1-1,2-2']],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0', []],
  ['HTTP/1.0 without a host', 'GET /api/nothing HTTP/1.0', []],
])('%s is answered with a problem, and stores nothing', async (_what, line, further) => {
  const before = await storedState(service);
  const answer = await conversation(`${[line, ...HEAD(), ...further, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
  problemSchema.parse(JSON.parse(body.replace(/^[0-9a-f]+\r\n|\r\n0$/g, '')));
  expect(await storedState(service)).toEqual(before);
  expect((await service.request('GET', '/session')).status).toBe(200);
});

test('a request without a host is refused', async () => {
  const answer = await conversation(
    `GET /api/session HTTP/1.1\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*malformed-request.*must name one host/s);
});

test('HEAD tells what GET would, without it', async () => {
  const answer = await conversation(
    `HEAD /api/session HTTP/1.1\r\n${HEAD().join('\r\n')}\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer.split('\r\n\r\n')[1]).toBe('');
});

function conversation(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(service.running.port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')));
    let said = '';
    socket.setEncoding('utf8').on('data', chunk => (said += chunk));
    socket.once('close', () => resolve(said)).once('error', reject);
    socket.setTimeout(20_000, () => socket.destroy(new Error('There was no answer.')));
  });
}
