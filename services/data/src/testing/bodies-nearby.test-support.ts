import { isUtf8 } from 'node:buffer';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { isBytes, ROUTES, type Route } from '@voxelwise/contract';
import fc from 'fast-check';
import type { z } from 'zod';
import { invalidFixtures, malformedFixtures, validFixtures } from '../openapi/fixtures.test-support.ts';
import type { NearRequest } from './requests-nearby.test-support.ts';

/** What the service is started with. */
export const BODY_LIMIT_BYTES = 65_536;

interface JsonRoute {
  readonly method: string;
  readonly path: string;
  readonly schema: z.ZodType;
  /** Bodies that match the contract. */
  readonly seeds: readonly unknown[];
}

/** Every route that takes JSON. */
export const JSON_ROUTES: readonly JsonRoute[] = (Object.values(ROUTES) as Route[]).flatMap(
  ({ method, path, body }) => {
    if (!body || isBytes(body)) return [];
    const seeds = validFixtures().map(({ value }) => value);
    return [{ method, path, schema: body, seeds: seeds.filter(value => body.safeParse(value).success) }];
  },
);

const edgeNumbers = fc.constantFrom(0, -0, -1, 1, 1.5, 1e308, 5e-324, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 63));
const HALVES = ['\ud800', 'x\udc00', '\u0000', 'a\u0000b'];
const edgeTexts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HALVES, '', ' ', '\u202e\ufeff', 'e\u0301\u{1f600}') },
  fc.constantFrom('NaN', '../../etc/passwd', "'; DROP TABLE prediction; --", '%s%n', '=1+1', '1.2.3', 'p1:x', 'a'),
  fc.constantFrom('2999-12-31T23:59:59-23:59', '2999-12-31T23:59:59.99999Z', '0000-01-01T00:00:00Z', '1900-01-01'),
  fc.constantFrom('FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);

/** Values that are wrong in most places. */
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]),
  edgeNumbers,
  edgeTexts,
  fc.integer({ min: 1, max: 40 }).map(size => 'x'.repeat(size * 1000)),
  fc.integer({ min: 1, max: 500 }).map(nested),
  fc.jsonValue({ maxDepth: 3 }),
);

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'length', '', 'id', 'site', 'kind', '0'];
const keyNames = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: 'binary', maxLength: 10 }));

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

/** Every place in a document, the root first. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, child]) => placesOf(child, [...path, key]))];
}

type Change = (parent: Record<string, unknown>, key: string) => void;

/** A copy that is changed at a place. */
function changedAt(document: unknown, path: readonly string[], change: Change): unknown {
  const whole = { '': structuredClone(document) };
  let parent = whole as Record<string, unknown>;
  const keys = ['', ...path];
  for (const key of keys.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  change(parent, keys.at(-1)!);
  return whole[''];
}

/** Also __proto__, which an assignment would not make a key. */
function setOwn(object: object, key: string, value: unknown): void {
  if (Array.isArray(object) && key === 'length') return;
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

const changes: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: junk.map(
      (value): Change =>
        (parent, key) =>
          setOwn(parent, key, value),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Change>((parent, key) => delete parent[key]) },
  { weight: 1, arbitrary: fc.constant<Change>((parent, key) => setOwn(parent, key, [parent[key]])) },
  {
    weight: 2,
    arbitrary: fc.tuple(keyNames, junk).map(
      ([name, value]): Change =>
        (parent, key) => {
          const target = parent[key];
          if (typeof target === 'object' && target !== null) setOwn(target, name, value);
          else setOwn(parent, name, value);
        },
    ),
  },
);

const jsonRoute = fc.constantFrom(...JSON_ROUTES);

/** Documents that are near to good ones. */
const changedDocuments = jsonRoute.chain(route =>
  fc.constantFrom(...route.seeds).chain(seed =>
    fc
      .array(fc.tuple(fc.nat(), changes), { minLength: 1, maxLength: 3 })
      .map(list =>
        list.reduce<unknown>((document, [at, change]) => {
          const places = placesOf(document);
          return changedAt(document, places[at % places.length]!, change);
        }, seed),
      )
      .map(document => toRequest(route, Buffer.from(JSON.stringify(document) ?? ''))),
  ),
);

/** Documents in which one text or number is another one: good, or just not. */
const gentlyChanged = jsonRoute.chain(route =>
  fc.constantFrom(...route.seeds).chain(seed =>
    fc.tuple(fc.nat(), edgeTexts, edgeNumbers).map(([at, text, number]) => {
      const leaves = placesOf(seed).filter(path => ['string', 'number'].includes(typeof valueAt(seed, path)));
      const path = leaves[at % leaves.length] ?? [];
      const value = typeof valueAt(seed, path) === 'number' ? number : text;
      return toRequest(
        route,
        Buffer.from(JSON.stringify(changedAt(seed, path, (parent, key) => setOwn(parent, key, value)))),
      );
    }),
  ),
);

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Record<string, unknown>)[key], document);
}

/** Texts that are near to good ones. */
const changedTexts = jsonRoute.chain(route =>
  fc.constantFrom(...route.seeds).chain(seed => {
    const bytes = Buffer.from(JSON.stringify(seed));
    const place = fc.nat({ max: bytes.length - 1 });
    const cut = place.map(at => bytes.subarray(0, at));
    const insert = fc
      .tuple(place, fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 4 }), fc.constantFrom(...INSERTED)))
      .map(([at, inserted]) => Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]));
    const flip = fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const copy = Buffer.from(bytes);
      copy[at]! ^= mask;
      return copy;
    });
    const twice = fc.constantFrom('', ',', '\n').map(between => Buffer.from(`${bytes}${between}${bytes}`));
    return fc.oneof(cut, insert, flip, twice).map(body => toRequest(route, body));
  }),
);

const INSERTED = 'NaN Infinity -Infinity 1e999 \u0000 , ] } " \\ // \\ud800 {"a":'
  .split(' ')
  .map(text => Buffer.from(text));

const malformedTexts = fc
  .tuple(jsonRoute, fc.constantFrom(...malformedFixtures()))
  .map(([route, [, text]]) => toRequest(route, Buffer.from(text)));

const knownToBeInvalid = fc
  .constantFrom(...invalidFixtures())
  .chain(({ value }) => jsonRoute.map(route => toRequest(route, Buffer.from(JSON.stringify(value)))));

/** Small on the way, and 20 MB when they are unpacked. */
const BOMBS: [string, Buffer][] = [
  ['gzip', gzipSync(Buffer.alloc(20_000_000, ' '))],
  ['br', brotliCompressSync(Buffer.alloc(20_000_000, ' '))],
];

/** Good documents that are said to be something else, or are packed in a wrong way. */
const wronglyPacked = jsonRoute.chain(route => {
  const body = Buffer.from(JSON.stringify(route.seeds[0]));
  const types = ['text/plain', 'application/xml', 'multipart/form-data', 'application/json5', '', ';', 'json'];
  const charsets = ['utf-16', 'latin1', 'utf-7', 'utf-32', 'x', '"', 'utf-8; charset=utf-16'];
  const encodings = ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip', 'x', 'compress'];
  return fc.oneof(
    fc.constantFrom(...types).map(type => toRequest(route, body, { 'Content-Type': type })),
    fc.constantFrom(...charsets).map(charset =>
      toRequest(route, Buffer.from(body.toString(), 'utf16le'), {
        'Content-Type': `application/json; charset=${charset}`,
      }),
    ),
    fc.constantFrom(...encodings).map(encoding => toRequest(route, body, { 'Content-Encoding': encoding })),
    fc
      .nat({ max: 40 })
      .map(cut => toRequest(route, gzipSync(body).subarray(0, -1 - cut), { 'Content-Encoding': 'gzip' })),
    fc.constantFrom(...BOMBS).map(([encoding, packed]) => toRequest(route, packed, { 'Content-Encoding': encoding })),
    fc.constant(toRequest(route, Buffer.concat([body, Buffer.alloc(100_000, ' ')]))),
  );
});

/** Bodies that match the contract, at the edge of it. */
export const goodBodies: fc.Arbitrary<NearRequest> = gentlyChanged.filter(({ isGood }) => isGood);

/** Requests whose bodies are wrong, or at the edge of it. */
export const bodiesNearby: fc.Arbitrary<NearRequest> = fc.oneof(
  { weight: 40, arbitrary: changedDocuments },
  { weight: 20, arbitrary: gentlyChanged },
  { weight: 20, arbitrary: changedTexts },
  { weight: 3, arbitrary: malformedTexts },
  { weight: 3, arbitrary: knownToBeInvalid },
  { weight: 4, arbitrary: wronglyPacked },
);

function toRequest(route: JsonRoute, body: Buffer, packing: Record<string, string> = {}): NearRequest {
  return {
    method: route.method.toUpperCase(),
    target: route.path,
    headers: { 'Content-Type': 'application/json', ...packing },
    body,
    isGood: Object.keys(packing).length === 0 && isGoodBody(route, body),
  };
}

function isGoodBody({ schema }: JsonRoute, body: Buffer): boolean {
  if (!isUtf8(body) || body.length > BODY_LIMIT_BYTES) return false;
  try {
    return schema.safeParse(JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''))).success;
  } catch {
    return false;
  }
}
