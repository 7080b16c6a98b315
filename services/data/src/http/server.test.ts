import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemSchema } from '@voxelwise/contract';
import { createHttpServer, SERVER_LIMITS, type ServerLimits } from './server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Reads a body to its end, and says how long it was; what is asked for at /refused is answered before. */
const app: RequestListener = async (request, response) => {
  if (request.url === '/refused') {
    response.writeHead(403, { 'Content-Length': 2 }).end('no');
    return;
  }
  let bytes = 0;
  try {
    for await (const chunk of request) bytes += chunk.length;
    response.end(String(bytes));
  } catch {
    // The connection was cut.
  }
};

async function open(limits: Partial<ServerLimits> = {}): Promise<number> {
  const server = createHttpServer(app, { ...SERVER_LIMITS, ...limits });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Everything that comes on a connection until it is closed. */
function conversation(port: number): { socket: Socket; closed: Promise<string>; isOpen(): boolean } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isOpen = true;
  socket.setEncoding('utf8').on('data', chunk => (text += chunk));
  socket.on('error', () => {});
  const closed = new Promise<string>(resolve => {
    socket.on('close', () => {
      isOpen = false;
      resolve(text);
    });
  });
  return { socket, closed, isOpen: () => isOpen };
}

describe('what is no request is answered with a problem document, and the connection is closed:', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a TLS handshake', '\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000'],
    ['an unknown method', 'STORE / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['another version', 'GET / HTTP/7.3\r\nHost: x\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n'],
    ['a header with a line of its own', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n'],
    ['NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: \u0000\r\n\r\n'],
    ['headers that are too long', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`],
    ['an address that is too long', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a length that is no number', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n'],
    ['a negative length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'],
    ['an unknown way of transfer', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n'],
    ['a chunk whose size is no number', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a body that is cut off', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
    ['a wish for a tunnel', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n'],
    ['an expectation that is not known', 'POST / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nContent-Length: 0\r\n\r\n'],
  ])('%s', async (_what, bytes) => {
    const { socket, closed } = conversation(await open());
    socket.end(Buffer.from(bytes, 'latin1'));
    const [head = '', body = ''] = (await closed).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 4\d\d [\w ]+\r\n/);
    expect(head).toMatch(/\r\nContent-Type: application\/problem\+json/i);
    const problem = problemSchema.parse(JSON.parse(body));
    expect(head).toContain(`HTTP/1.1 ${problem.status} `);
  });
});

test('of two requests on one connection the second is broken: the first is answered in full', async () => {
  const { socket, closed } = conversation(await open());
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc');
  await sleep(100);
  socket.end('nonsense\r\n\r\n');
  const text = await closed;
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n3HTTP\/1\.1 400 /s);
});

describe('slow clients are let go, without an answer that would be taken for a refusal:', () => {
  const small = { headersMs: 300, requestMs: 600, checkMs: 50 };

  test('headers that do not end', async () => {
    const { socket, closed } = conversation(await open(small));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nA: b');
    expect(await closed).toBe('');
  });

  test('a body that does not end, although something comes now and then', async () => {
    const { socket, closed, isOpen } = conversation(await open(small));
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    while (isOpen()) {
      socket.write('1\r\na\r\n');
      await sleep(50);
    }
    expect(await closed).toBe('');
  });

  test('a connection on which nothing moves', async () => {
    const { socket, closed } = conversation(await open({ idleMs: 200 }));
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    expect(await closed).toBe('');
  });
});

test('a body that was refused is read for a while, so that the client gets to read the answer, and not for ever', async () => {
  const { socket, closed, isOpen } = conversation(await open({ lingerMs: 300 }));
  socket.write('POST /refused HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const startedMs = performance.now();
  while (isOpen()) {
    socket.write('1\r\na\r\n');
    await sleep(20);
  }
  expect(await closed).toMatch(/^HTTP\/1\.1 403 .*no$/s);
  expect(performance.now() - startedMs).toBeGreaterThan(250);
});

test('a request that was destroyed before its answer had ended harms nobody', async () => {
  const server = createHttpServer(
    (request, response) => {
      request.destroy();
      response.end('no');
    },
    { ...SERVER_LIMITS, lingerMs: 10 },
  );
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { socket, closed } = conversation((server.address() as AddressInfo).port);
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
  await closed;
  await sleep(50);
});

test('a connection is kept between requests for two minutes, longer than proxies keep theirs', async () => {
  const { socket, closed } = conversation(await open());
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await sleep(100);
  socket.end();
  expect(await closed).toMatch(/\r\nKeep-Alive: timeout=120\r\n/);
});

test('a connection is kept after a body that was refused and has ended', async () => {
  const { socket, closed } = conversation(await open({ lingerMs: 100 }));
  socket.write('POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n');
  await sleep(30);
  socket.write('abc');
  await sleep(200);
  socket.end('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab');
  expect(await closed).toMatch(/^HTTP\/1\.1 403 .*noHTTP\/1\.1 200 OK.*2$/s);
});
