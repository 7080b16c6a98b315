import { parse as parseQuery } from 'node:querystring';
import { ROUTES, type Route } from '@voxelwise/contract';
import fc from 'fast-check';
import type { NearRequest } from './requests-nearby.test-support.ts';

const routes = Object.values(ROUTES) as Route[];

const wrongIds = fc.oneof(
  fc.constantFrom(
    '..',
    '%2e%2e%2f%2e%2e',
    '%00',
    '%',
    '%zz',
    '%c0%af',
    '%ff',
    'null',
    '0',
    '-1',
    '*',
    'a'.repeat(5000),
  ),
  fc
    .uuid()
    .map(id => id.toUpperCase())
    .filter(id => /[A-F]/.test(id)),
  fc.uuid().map(id => `${id}x`),
  fc.uuid().map(id => `%7b${id}%7d`),
  fc.string({ minLength: 1 }).map(text => encodeURIComponent(text.toWellFormed())),
);

const queryTexts = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1',
    '1e3',
    '0x10',
    '1.5',
    'NaN',
    '9007199254740993',
    '99999999999999999999',
    'x'.repeat(3000),
  ),
  fc.constantFrom('%00', '1%00', '%ff', '%', '%zz', '+', '__proto__', "'", 'Li4v', 'WyIxIl0', '2026-02-30', 'north'),
  fc.constantFrom('0000-01-01T00:00:00Z', '2999-12-31T23:59:59-23:59', '1900-01-01T00:00:00.123456789Z', '1.2.3'),
  fc.base64String({ minLength: 1, maxLength: 200 }).map(encodeURIComponent),
  fc.string().map(text => encodeURIComponent(text.toWellFormed())),
);

const queriesOf = (most: number) =>
  fc.constantFrom(...routes).chain(({ method, path, query }) => {
    const names = [...Object.keys(query?.shape ?? {}), 'x', '__proto__', 'limit[]', 'a.b'];
    const pairs = fc.array(fc.tuple(fc.constantFrom(...names), queryTexts), { minLength: 1, maxLength: most });
    return pairs.map(list => {
      const text = list.map(([name, value]) => `${name}=${value}`).join('&');
      // Only what reads is sent where it is good.
      const isGood = method === 'get' && (query?.safeParse({ ...parseQuery(text) }).success ?? false);
      return plain(method, `${path}?${text}`, isGood);
    });
  });

const paths = fc.constantFrom(...routes).chain(({ method, path }) => {
  const ends = fc.constantFrom('/', '//', '/..', '/%2e%2e', '.json', ';x=1', '%20', '%00', '/\\');
  const methods = fc.constantFrom('patch', 'trace', 'propfind', 'purge', 'link', 'options', 'delete', 'put', 'post');
  return fc.oneof(
    wrongIds.map(id => plain(method, path.includes('{') ? path.replaceAll(/\{\w+\}/g, () => id) : `${path}/${id}`)),
    ends.map(end => plain(method, `${path}${end}`)),
    methods
      .filter(odd => !routes.some(other => other.path === path && other.method === odd))
      .map(odd => plain(odd, path)),
    fc.constant(plain(method, path.toUpperCase())),
  );
});

/** Requests whose addresses, queries or methods are wrong, or at the edge of it. */
export const addressesNearby: fc.Arbitrary<NearRequest> = fc.oneof(queriesOf(5), paths);

/** Queries that match the contract, at the edge of it. */
export const goodQueries: fc.Arbitrary<NearRequest> = queriesOf(1).filter(({ isGood }) => isGood);

function plain(method: string, target: string, isGood = false): NearRequest {
  return { method: method.toUpperCase(), target, headers: {}, body: null, isGood };
}
