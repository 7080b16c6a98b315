import { send } from './http.test-support.ts';
import { cleanUp, serveArchive, writeFiles } from './viewer.test-support.ts';

let url: string;
let folder: string;
beforeAll(async () => {
  ({ url, folder } = await serveArchive());
  await writeFiles(folder, { 'secret.txt': 'secret', secret: 'secret' });
});
afterAll(cleanUp);

const navigation = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Sec-Fetch-Mode': 'navigate' };

test.each([
  ['/app.bundle.0123456789abcdef0123.js', /^(text|application)\/javascript/],
  ['/module.mjs', /^(text|application)\/javascript/],
  ['/0123456789abcdef.wasm', /^application\/wasm/],
  ['/app.css', /^text\/css/],
  ['/manifest.json', /^application\/json/],
  ['/index.html', /^text\/html/],
  ['/app-config.js', /^(text|application)\/javascript/],
  ['/plugins/calcium.js', /^(text|application)\/javascript/],
])('%s has its media type', async (file, type) => {
  const answer = await send(url, file);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(type);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

test.each([
  '/missing.js',
  '/missing.css',
  '/missing.bundle.js.map',
  '/missing.json',
  '/missing.wasm',
  '/.env',
  '/plugins/missing.js',
  '/plugins/missing',
  '/plugins/',
  '/plugins',
])('%s is missing, even for a navigation', async file => {
  const answer = await send(url, file, { headers: navigation });
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toMatch(/problem\+json/);
});

test.each(['/', '/viewer?StudyInstanceUIDs=1.2.3', '/calcium', '/calcium/dicomweb?StudyInstanceUIDs=1.2.3'])(
  'the navigation to %s gets the application',
  async page => {
    const answer = await send(url, page, { headers: navigation });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<title>OHIF</title>');
    expect(answer.headers['cache-control']).toBe('no-store');
  },
);

test('what a script asks for is not answered with the application', async () => {
  expect((await send(url, '/api/records', { headers: { Accept: 'application/json' } })).status).toBe(404);
  const fetched = { Accept: '*/*', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Site': 'same-origin' };
  expect((await send(url, '/api/records', { headers: fetched })).status).toBe(404);
  expect((await send(url, '/viewer', { method: 'POST', headers: navigation })).status).toBe(404);
});

test('files whose name carries a hash are kept by the browser, all others are asked for again', async () => {
  const cacheControl = async (file: string) => (await send(url, file)).headers['cache-control'];
  expect(await cacheControl('/app.bundle.0123456789abcdef0123.js')).toMatch(/immutable/);
  expect(await cacheControl('/0123456789abcdef.wasm')).toMatch(/immutable/);
  expect(await cacheControl('/app.css')).toBe('no-cache');
  expect(await cacheControl('/plugins/calcium.js')).toBe('no-cache');
  expect(await cacheControl('/app-config.js')).toBe('no-store');
});

const CLIMBING = [
  '..',
  '%2e%2e',
  '..%2f..%2f..',
  '..%5c..',
  '%2e%2e%2f%2e%2e%2f%2e%2e',
  '....//..',
  '%00',
  '%252e%252e',
];
test.each(
  CLIMBING.flatMap(up => [`/${up}/secret.txt`, `/plugins/${up}/secret.txt`, `/${up}/secret`, `/${up}%2fsecret`]),
)('%s leads nowhere', async file => {
  const answer = await send(url, file);
  expect(answer.text).not.toBe('secret');
  if (file.includes('.txt') || file.startsWith('/plugins')) expect([400, 403, 404]).toContain(answer.status);
});

test('a path that is not UTF-8 is a bad request, without a stack trace', async () => {
  const answer = await send(url, '/%ff%fe');
  expect([400, 404]).toContain(answer.status);
  expect(answer.text).not.toContain('node_modules');
});

test('health says what is served', async () => {
  const { text } = await send(url, '/healthz');
  expect(JSON.parse(text)).toMatchObject({ status: 'ok', dicomWeb: 'sample archive', studies: 0, instances: 0 });
});
