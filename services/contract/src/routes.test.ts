import { PROBLEM_CODES, PROBLEMS } from './problem.ts';
import { hasPermission, PERMISSIONS, ROLES } from './roles.ts';
import { COMMON_PROBLEMS, isBytes, ROUTES, type Route, type RouteName } from './routes.ts';

const routes = Object.entries(ROUTES) as [RouteName, Route][];

test.each(routes)('%s has the parameters that its path names', (_name, { path, parameters }) => {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(Object.keys(parameters?.shape ?? {}).sort()).toEqual(named.sort());
});

test('method and path are one route each', () => {
  const addresses = routes.map(([, { method, path }]) => `${method} ${path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
});

test.each(routes)('%s asks for a permission that somebody has', (_name, { permission }) => {
  expect(permission).not.toBeNull();
  expect(ROLES.some(role => hasPermission([role], permission!))).toBe(true);
});

test.each(routes)('%s with a body says what is wrong with bodies', (_name, { body, problems }) => {
  const ofBodies = isBytes(body) ? ['too-large', 'unsupported-media-type'] : ['malformed-json', 'too-large'];
  expect(problems.filter(code => ofBodies.includes(code)).sort()).toEqual(body ? ofBodies.sort() : []);
});

test('nobody without a role may do anything, and no role may do everything', () => {
  for (const permission of Object.keys(PERMISSIONS) as (keyof typeof PERMISSIONS)[]) {
    expect(hasPermission([], permission)).toBe(false);
  }
  for (const role of ROLES) {
    expect(Object.values(PERMISSIONS).every(roles => (roles as readonly string[]).includes(role))).toBe(false);
  }
});

test('who counts what others did may not do it, and who does it may not erase it', () => {
  expect(hasPermission(['auditor'], 'predictions:read')).toBe(false);
  expect(hasPermission(['administrator'], 'audit:read')).toBe(false);
  expect(hasPermission(['reader', 'reviewer', 'researcher', 'service'], 'records:administer')).toBe(false);
});

test('problems have an error status, and every route can have the common ones', () => {
  for (const code of PROBLEM_CODES) expect(PROBLEMS[code].status).toBeGreaterThanOrEqual(400);
  for (const [, { problems }] of routes) expect(problems.filter(code => COMMON_PROBLEMS.includes(code))).toEqual([]);
});
