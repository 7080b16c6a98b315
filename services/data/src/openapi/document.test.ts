import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import * as contract from '@voxelwise/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';
import { fieldProblems } from '../http/field-problems.ts';
import { openApiDocument } from './document.ts';
import { CONTRACT_FOLDER } from './examples.ts';
import { invalidFixtures, validFixtures } from './fixtures.test-support.ts';
import { jsonSchemasOf, mergeComponents } from './json-schemas.ts';
import { operatorPaths } from './operator-paths.ts';

const document = openApiDocument();
const routes = Object.entries(contract.ROUTES) as [contract.RouteName, contract.Route][];

/** An independent reading of the document: strict, and with the formats of JSON Schema. */
const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
formats.default(ajv);
ajv.addVocabulary(['components', 'discriminator']);
const validators = new Map(
  Object.keys(document.components.schemas).map(id => {
    return [id, ajv.compile({ $ref: `#/components/schemas/${id}`, components: document.components })];
  }),
);

/** What requests bring, and the members of it. */
const sentSchemas = new Set(
  routes.flatMap(([, { body }]) => {
    const schema = JSON.stringify(body && !contract.isBytes(body) ? z.toJSONSchema(z.object({ body })) : {});
    return schema.match(/(?<=#\/\$defs\/)\w+/g) ?? [];
  }),
);

function jsonSchemaAccepts(schema: string, value: unknown): boolean {
  const validate = validators.get(schema);
  if (!validate) throw new Error(`The document has no schema ${schema}.`);
  return validate(value) as boolean;
}

test('is the checked-in one (UPDATE_OPENAPI=1 writes it anew)', async () => {
  const file = path.join(CONTRACT_FOLDER, 'openapi.json');
  if (process.env.UPDATE_OPENAPI) await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  expect(document).toEqual(JSON.parse(await readFile(file, 'utf8')));
});

test('keeps the recommended rules of Redocly', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: '/openapi.json', config });
  const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
  // What only says something about the service cannot be asked in a wrong way.
  const exceptions = Object.keys(operatorPaths).map(one => `#/paths/${one.replaceAll('/', '~1')}/get/responses:`);
  expect(found.filter(problem => !exceptions.some(one => problem.startsWith(`operation-4xx-response ${one}`)))).toEqual(
    [],
  );
});

test.each(routes)('documents %s as the contract has it, and as its own operation', (name, route) => {
  const { [route.method]: operation } = document.paths[`/api${route.path}` as never] as Record<string, Operation>;
  expect(operation?.operationId).toBe(name);
  const documented = Object.keys(operation!.responses);
  const statuses = [...contract.COMMON_PROBLEMS, ...route.problems].map(code => contract.PROBLEMS[code].status);
  expect(documented.sort()).toEqual([...new Set([...Object.keys(route.responses), ...statuses.map(String)])].sort());
  const fields = [...Object.keys(route.parameters?.shape ?? {}), ...Object.keys(route.query?.shape ?? {})];
  expect(operation!.parameters?.map(parameter => parameter.name) ?? []).toEqual(fields);
});

test('documents nothing else', () => {
  const documented = Object.entries(document.paths).flatMap(([one, operations]) =>
    Object.keys(operations as object).map(method => `${method} ${one}`),
  );
  const served = routes.map(([, route]) => `${route.method} /api${route.path}`);
  expect(documented.sort()).toEqual([...served, ...Object.keys(operatorPaths).map(one => `get ${one}`)].sort());
});

test('only what says something about the service itself is open to everybody', () => {
  const open = Object.entries(document.paths).flatMap(([one, operations]) =>
    Object.values(operations as Record<string, Operation>).flatMap(({ security }) => (security ? [one] : [])),
  );
  expect(document.security).toEqual([{ bearer: [] }]);
  expect(open.sort()).toEqual(Object.keys(operatorPaths).sort());
});

test('numbers of a query are numbers, and what may be left out is not required', () => {
  const { get } = document.paths['/api/predictions' as never] as Record<string, Operation>;
  const parameters = Object.fromEntries(get!.parameters!.map(parameter => [parameter.name, parameter]));
  expect(parameters.limit).toMatchObject({ in: 'query', required: false, schema: { type: 'integer', maximum: 200 } });
  const proof = document.paths['/api/audit/proof/consistency' as never] as Record<string, Operation>;
  expect(proof.get!.parameters).toMatchObject([
    { name: 'first', required: true },
    { name: 'second', required: true },
  ]);
});

describe('its JSON Schemas, read by Ajv,', () => {
  test.each(validFixtures().map(({ schema, name, value }) => [`${schema}/${name}`, schema, value] as const))(
    'accept %s',
    (_name, schema, value) => {
      expect(jsonSchemaAccepts(schema, value)).toBe(true);
    },
  );

  test.each(invalidFixtures().map(fixture => [`${fixture.schema}/${fixture.name}`, fixture] as const))(
    'refuse %s, unless its rule can be said in words only; where it is sent, the service names the place',
    (_name, { schema, value, path: place, jsonSchemaRefuses }) => {
      expect(jsonSchemaAccepts(schema, value)).toBe(!jsonSchemaRefuses);
      if (!sentSchemas.has(schema)) return;
      const { error } = zodSchemaOf(schema).safeParse(value);
      expect(fieldProblems(error!).map(problem => problem.path)).toContain(place);
    },
  );

  test('accept every example, in the place where it stands', () => {
    let examples = 0;
    for (const content of contentsOf(document.paths)) {
      const validate = ajv.compile({ ...content.schema, components: document.components });
      for (const { $ref } of Object.values(content.examples ?? {})) {
        const name = $ref.slice('#/components/examples/'.length);
        const { value } = document.components.examples[name] as { value: unknown };
        if (!validate(value)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)}`);
        examples++;
      }
    }
    expect(examples).toBeGreaterThan(300);
  });
});

test('a schema that is another one when it is sent than when it is answered with is not taken for the same', () => {
  const trimmed = z
    .strictObject({
      text: z
        .string()
        .transform(text => text.length)
        .pipe(z.number()),
    })
    .meta({ id: 'Trimmed' });
  const [sent, answered] = (['input', 'output'] as const).map(io => jsonSchemasOf({ trimmed }, io).components);
  expect(() => mergeComponents(sent!, answered!)).toThrow(/Trimmed is another one/);
  expect(mergeComponents(sent!, sent!)).toEqual(sent);
});

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, unknown>;
  readonly parameters?: readonly { readonly name: string }[];
  readonly security?: unknown;
}

interface Content {
  readonly schema: object;
  readonly examples?: Record<string, { readonly $ref: string }>;
}

/** Every body and answer in JSON, wherever it stands. */
function contentsOf(node: unknown): Content[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    /^application\/(problem\+)?json$/.test(key) ? [value as Content] : contentsOf(value),
  );
}

function zodSchemaOf(id: string): z.ZodType {
  const answers = routes.flatMap(([, { responses }]) => Object.values(responses));
  const found = [...Object.values(contract), ...answers].find(schema => {
    return schema instanceof z.ZodType && schema.meta()?.id === id;
  });
  return found as z.ZodType;
}
