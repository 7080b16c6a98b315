import { z } from 'zod';
import {
  invalidFixtures,
  malformedFixtures,
  problemPaths,
  responsesOf,
  schemaOf,
  validFixtures,
} from './fixtures.test-support.ts';
import { isBytes, ROUTES, type Route } from './routes.ts';

const valid = validFixtures();
const invalid = invalidFixtures();
const named = <F extends { schema: string; name: string }>(fixtures: F[]) =>
  fixtures.map(fixture => [`${fixture.schema}/${fixture.name}`, fixture] as const);

test.each(named(valid))('%s matches the contract, and is taken over as it is', (_name, { schema, value }) => {
  expect(schemaOf(schema).parse(value)).toEqual(value);
});

test.each(named(invalid))('%s does not match, and the place is named', (_name, { schema, value, path }) => {
  const { error } = schemaOf(schema).safeParse(value);
  const expected = new RegExp(`^${path.replace(/[.[\]()]/g, '\\$&').replaceAll('*', '[^.[]+')}$`);
  expect(error && problemPaths(error)).toContainEqual(expect.stringMatching(expected));
});

test.each(malformedFixtures())('%s is no JSON', (_name, text) => {
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

test('every fixture that does not match says why in a sentence', () => {
  for (const { reason, path } of invalid) {
    expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(path).not.toBe('');
  }
});

test('every body and every answer of the contract has a fixture', () => {
  const ids = (Object.values(ROUTES) as Route[]).flatMap(route => {
    const body = isBytes(route.body) ? undefined : route.body;
    return [body, ...responsesOf(route)].flatMap(schema => (schema ? idsOf(schema) : []));
  });
  expect(ids.length).toBeGreaterThan(20);
  expect([...new Set(ids)].filter(id => !valid.some(({ schema }) => schema === id))).toEqual([]);
});

/** A union without an id of its own is told by its members. */
function idsOf(schema: z.ZodType): string[] {
  const id = schema.meta()?.id;
  if (id !== undefined) return [id];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(option => idsOf(option as z.ZodType));
  throw new Error('A body or an answer of the contract has no id.');
}
