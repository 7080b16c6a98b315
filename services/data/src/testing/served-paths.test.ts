import { request as httpRequest } from 'node:http';
import type { Express } from 'express';
import { createHandlers } from '../handlers.ts';
import { createApp } from '../http/app.ts';
import { openApiDocument } from '../openapi/document.ts';
import { startTestService, type TestService } from './service.test-support.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ WORKER: 'no' });
});
afterAll(() => service?.stop());

/** Files that the documentation page is made of. */
const PARTS_OF_A_PAGE = /^get \/api\/docs\//;

test('what is served is what is documented', () => {
  const documented = Object.entries(openApiDocument().paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map(method => `${method} ${path}`),
  );
  const served = servedBy(appOf('api')).filter(route => !PARTS_OF_A_PAGE.test(route));
  expect(served.sort()).toEqual(documented.sort());
});

test('a worker answers operators alone', () => {
  expect(servedBy(appOf('worker')).sort()).toEqual(['get /livez', 'get /metrics', 'get /readyz', 'get /version']);
});

test.each([
  ['GET', '/'],
  ['GET', '/api'],
  ['GET', '/api/'],
  ['GET', '/API/session'],
  ['GET', '/api/Session'],
  ['GET', '/api/session/'],
  ['GET', '/api//session'],
  ['GET', '/session'],
  ['GET', '/api/docs/../../package.json'],
  ['GET', '/api/docs/%2e%2e/%2e%2e/package.json'],
  ['GET', '/api/docs/index.html'],
  ['GET', '/api/docs/swagger-ui-bundle.js.map'],
  ['GET', '/.env'],
  ['GET', '/metrics/'],
  ['POST', '/livez'],
  ['DELETE', '/api/predictions/0b1f6c9e-3a52-4d7e-9c1a-000000000001/reviews/0b1f6c9e-3a52-4d7e-9c1a-000000000002'],
])('nothing is at %s %s', async (method, path) => {
  const { status, text } = await ask(method, path);
  expect([status, JSON.parse(text).code]).toEqual([404, 'not-found']);
});

function appOf(work: 'api' | 'worker'): Express {
  const { services } = service.running;
  const readiness = { isStopping: () => false, check: async () => ({}) };
  return createApp(services, createHandlers(services), readiness, { servesApi: work === 'api' });
}

/** Addresses as they are: fetch would tidy them up. */
async function ask(method: string, path: string): Promise<{ status: number; text: string }> {
  const { port } = service.running;
  const headers = { Authorization: await service.as() };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers });
    request.once('error', reject).once('response', async response => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode!, text });
    });
    request.end();
  });
}

/** What Express keeps of a route, or of a router that is mounted somewhere. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
  readonly handle: { readonly stack?: readonly Layer[] };
  match(path: string): { readonly pattern?: string } | false;
}

/** Every method and path that Express has a route for, as the contract writes paths; refusals of other methods are left out. */
function servedBy(app: Express): string[] {
  return routesOf((app as unknown as { router: { stack: Layer[] } }).router.stack, '');
}

function routesOf(stack: readonly Layer[], mount: string): string[] {
  return stack.flatMap(layer => {
    const { route, handle } = layer;
    if (route) {
      const path = `${mount}${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
      return Object.keys(route.methods).flatMap(method => (method === '_all' ? [] : [`${method} ${path}`]));
    }
    const found = handle.stack ? layer.match('/api/anything') : false;
    const pattern = found && found.pattern !== '/' ? found.pattern : '';
    return handle.stack ? routesOf(handle.stack, `${mount}${pattern}`) : [];
  });
}
