import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { openApiDocument } from './document.ts';
import { documentation } from './documentation.ts';

let server: Server;
let origin: string;

beforeAll(async () => {
  const app = express();
  app.use('/api', documentation());
  server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('the document is served as JSON', async () => {
  const response = await fetch(`${origin}/api/openapi.json`);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});

test('the page and everything that it names come from this service', async () => {
  const page = await fetch(`${origin}/api/docs`);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  const html = await page.text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => new URL(url!, page.url));
  expect(named.map(({ pathname }) => pathname).sort()).toEqual([
    '/api/docs/favicon-32x32.png',
    '/api/docs/page.css',
    '/api/docs/page.js',
    '/api/docs/swagger-ui-bundle.js',
    '/api/docs/swagger-ui.css',
    '/api/openapi.json',
  ]);
  for (const url of named) {
    expect(url.origin).toBe(origin);
    const response = await fetch(url);
    expect([url.pathname, response.status]).toEqual([url.pathname, 200]);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
});

test('with a slash at its end the address leads to the page', async () => {
  const response = await fetch(`${origin}/api/docs/`);
  expect(response.url).toBe(`${origin}/api/docs`);
  expect(response.status).toBe(200);
});

test('the page may run the scripts of this service, and talk with it alone', async () => {
  const page = await fetch(`${origin}/api/docs`);
  const policy = page.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(await page.text()).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=/);
  const script = await (await fetch(`${origin}/api/docs/page.js`)).text();
  expect(script).toMatch(/validatorUrl: null/);
  expect(script).toMatch(/persistAuthorization: false/);
});

test.each(['package.json', 'index.html', 'swagger-initializer.js', '..%2fdocument.ts', 'page/../document.ts'])(
  'nothing else of the folders is served: %s',
  async file => {
    expect((await fetch(`${origin}/api/docs/${file}`)).status).toBe(404);
  },
);
