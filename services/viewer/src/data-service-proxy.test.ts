import { createServer, request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import express from 'express';
import { dataServiceProxy, parseDataServiceUrl } from './data-service-proxy.ts';
import { send } from './http.test-support.ts';
import { freePort } from './orthanc.test-support.ts';
import { UserError } from './user-error.ts';
import { cleanUp, serve, serveArchive } from './viewer.test-support.ts';

afterEach(cleanUp);

/** The viewer with this data service behind it. */
const viewerOf = async (dataServiceUrl: string | null) => (await serveArchive({}, { dataServiceUrl })).url;

interface Echo {
  url: string;
  headers: Record<string, string>;
}

/** Answers with what it was asked. */
function echo(): Promise<string> {
  const app = express();
  app.use((request, response) => void response.json({ url: request.originalUrl, headers: request.headers }));
  return serve(app);
}

test.each([
  ['http://127.0.0.1:8090', 'http://127.0.0.1:8090'],
  ['http://127.0.0.1:8090/', 'http://127.0.0.1:8090'],
  ['https://data.example/voxelwise/api/', 'https://data.example/voxelwise'],
])('%s is the data service at %s', (text, url) => {
  expect(parseDataServiceUrl(text)).toBe(url);
});

test.each(['', '127.0.0.1:8090', 'ftp://data.example', 'https://user:secret@data.example'])(
  'the address "%s" is refused in one sentence, without a password',
  text => {
    expect(() => parseDataServiceUrl(text)).toThrow(UserError);
    expect(() => parseDataServiceUrl(text)).toThrow(/^DATA_SERVICE_URL [^\n]*$/);
    expect(() => parseDataServiceUrl(text)).not.toThrow(/secret/);
  },
);

test('a request is passed on as it is: path, host and token, and nothing of a proxy', async () => {
  const url = await viewerOf(await echo());
  const headers = { Authorization: 'Bearer theirs', Origin: url, Cookie: 'session=1' };
  const seen = JSON.parse((await send(url, '/api/predictions?studyUid=1.2', { headers })).text) as Echo;
  expect(seen.url).toBe('/api/predictions?studyUid=1.2');
  expect(seen.headers).toMatchObject({ authorization: 'Bearer theirs', origin: url, host: new URL(url).host });
  expect(seen.headers).not.toHaveProperty('cookie');
  expect(Object.keys(seen.headers).filter(name => /forwarded|via|real-ip/.test(name))).toEqual([]);
});

test('what a proxy in front has added is passed on', async () => {
  const url = await viewerOf(await echo());
  const headers = { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https', Forwarded: 'for=192.0.2.7' };
  const seen = JSON.parse((await send(url, '/api/session', { headers })).text) as Echo;
  expect(seen.headers).toMatchObject({
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-proto': 'https',
    forwarded: 'for=192.0.2.7',
  });
});

test('a body arrives while it is sent: an object is not held in memory', async () => {
  let firstBytes: () => void = () => undefined;
  const arrived = new Promise<void>(resolve => {
    firstBytes = resolve;
  });
  let size = 0;
  const service = await serve((request, response) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      firstBytes();
    });
    request.on('end', () => response.writeHead(201, { 'X-Size': String(size) }).end());
  });
  const url = await viewerOf(service);
  const upload = httpRequest(`${url}/api/objects/x`, { method: 'PUT', headers: { 'Content-Length': 200_000 } });
  const answered = new Promise<number | undefined>(resolve => {
    upload.on('response', response => {
      response.resume();
      resolve(Number(response.headers['x-size']));
    });
  });
  upload.write(Buffer.alloc(100_000));
  await arrived; // before the rest is sent
  upload.end(Buffer.alloc(100_000));
  expect(await answered).toBe(200_000);
});

test('a service that is down is a problem of its own contract: unavailable', async () => {
  const url = await viewerOf(`http://127.0.0.1:${await freePort()}`);
  const answer = await send(url, '/api/session');
  expect(answer.status).toBe(503);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'unavailable', detail: 'The data service does not answer.' });
});

test('an answer that is cut off is cut off for the browser too', async () => {
  const broken = await serve((_request, response) => {
    response.writeHead(200, { 'Content-Length': 1000 });
    response.write('half', () => response.destroy());
  });
  await expect(send(await viewerOf(broken), '/api/session')).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
});

test.each(['/api/../metrics', '/api/%2e%2e/metrics', '/api/x/..%2f..%2fmetrics'])(
  '%s, which would reach what is for operators, is refused',
  async path => {
    expect((await send(await viewerOf(await echo()), path)).status).toBe(400);
  },
);

test('a foreign page does not reach the service', async () => {
  const url = await viewerOf(await echo());
  expect((await send(url, '/api/session', { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
  expect((await send(url, '/api/session', { headers: { Host: 'evil.example' } })).status).toBe(403);
});

test('without a data service nothing is there, which is not the page of OHIF', async () => {
  const answer = await send(await viewerOf(null), '/api/session');
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.detail).toBe('There is no data service here.');
});

const networkAddress = Object.values(networkInterfaces())
  .flat()
  .find(address => address && !address.internal && address.family === 'IPv4')?.address;

(networkAddress ? test : test.skip)(
  'whoever comes over a network is named, so that local mode does not take them for this machine',
  async () => {
    const app = express();
    app.use('/api', dataServiceProxy(await echo()));
    const server = createServer(app);
    await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve));
    try {
      const { port } = server.address() as { port: number };
      const seen = JSON.parse(
        (await send(`http://${networkAddress}:${port}`, '/api/session', { headers: { Host: 'localhost' } })).text,
      ) as Echo;
      expect(seen.headers['x-forwarded-for']).toBe(networkAddress);
    } finally {
      server.close();
    }
  },
);
