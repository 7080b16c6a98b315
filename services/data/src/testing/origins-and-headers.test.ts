import { ROUTES, type Route } from '@voxelwise/contract';
import { startTestService, type TestService } from './service.test-support.ts';

const ALLOWED = 'https://viewer.example.org';

let closed: TestService;
let open: TestService;
beforeAll(async () => {
  closed = await startTestService({ WORKER: 'no' });
  open = await startTestService({ WORKER: 'no', ALLOWED_ORIGINS: `${ALLOWED},http://localhost:3000` });
});
afterAll(() => Promise.all([closed?.stop(), open?.stop()]));

const paths = [...new Set((Object.values(ROUTES) as Route[]).map(({ path }) => path.replaceAll(/[{}]/g, '')))];
const corsHeaders = ({ headers }: { headers: Headers }) =>
  [...headers.keys()].filter(name => name.startsWith('access-control-'));
const preflight = (service: TestService, path: string, Origin: string) =>
  service.request('OPTIONS', path, {
    as: null,
    headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
  });

describe('without ALLOWED_ORIGINS', () => {
  test.each(paths)('no page of another origin gets anything of %s', async path => {
    for (const Origin of [ALLOWED, 'null', closed.url, 'https://attacker.example']) {
      const asked = await preflight(closed, path, Origin);
      expect([asked.status, asked.json.code, corsHeaders(asked)]).toEqual([405, 'method-not-allowed', []]);
      expect(corsHeaders(await closed.request('GET', path, { headers: { Origin } }))).toEqual([]);
    }
  });
});

describe('with ALLOWED_ORIGINS', () => {
  test('these may ask, with a token of their own and no cookies', async () => {
    for (const Origin of [ALLOWED, 'http://localhost:3000']) {
      const asked = await preflight(open, '/predictions', Origin);
      expect(asked.status).toBe(204);
      expect(asked.headers.get('Access-Control-Allow-Origin')).toBe(Origin);
      expect(asked.headers.get('Access-Control-Allow-Headers')).toBe('authorization');
      expect(asked.headers.get('Access-Control-Allow-Credentials')).toBeNull();
      expect(asked.headers.get('Vary')).toMatch(/Origin/);
      const read = await open.request('GET', '/session', { headers: { Origin } });
      expect(read.headers.get('Access-Control-Allow-Origin')).toBe(Origin);
      expect(read.headers.get('Access-Control-Expose-Headers')).toMatch(/Retry-After/);
      const refused = await open.request('GET', '/audit', { headers: { Origin } });
      expect([refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([403, Origin]);
    }
  });

  test.each([
    'null',
    'https://viewer.example.org.attacker.example',
    'https://attacker.example/https://viewer.example.org',
    'http://viewer.example.org',
    'https://viewer.example.org:8443',
    'https://VIEWER.example.org',
    'https://viewer.example.org/',
    'http://localhost:30000',
    'https://viewerXexample.org',
  ])('%s is none of them', async Origin => {
    const answers = [
      await preflight(open, '/predictions', Origin),
      await open.request('GET', '/session', { headers: { Origin } }),
    ];
    for (const { headers } of answers) expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

describe('security headers are on', () => {
  const reader = { name: 'reader', roles: ['reader'] };
  test.each<[string, string, string, object]>([
    ['an answer', 'GET', '/api/session', {}],
    ['a refusal', 'GET', '/api/audit', {}],
    ['a refused sign-in', 'GET', '/api/session', { as: null }],
    ['a method that is not known', 'PATCH', '/api/session', {}],
    ['an address that is not known', 'GET', '/api/nothing', {}],
    ['an address that cannot be read', 'GET', '/api/predictions/%', {}],
    ['an address elsewhere', 'GET', '/', {}],
    ['the OpenAPI document', 'GET', '/api/openapi.json', {}],
    ['the documentation page', 'GET', '/api/docs', {}],
    ['a file of it', 'GET', '/api/docs/swagger-ui.css', {}],
    ['a probe', 'GET', '/livez', {}],
    ['the metrics', 'GET', '/metrics', {}],
  ])('%s', async (_what, method, path, options) => {
    const { headers } = await open.request(method, `/..${path}`, { as: reader, ...options });
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('Content-Security-Policy')).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('Strict-Transport-Security')).toMatch(/^max-age=/);
    expect(headers.get('X-Powered-By')).toBeNull();
    expect(headers.get('Cache-Control')).toMatch(/no-store|no-cache/);
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('Set-Cookie')).toBeNull();
  });
});
