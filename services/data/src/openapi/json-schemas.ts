import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface NamedSchema {
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

export interface JsonSchemas {
  /** Schemas that have an id, by it. */
  readonly components: Readonly<Record<string, JsonSchema>>;
  /** What a name stands for; schemas with an id are references to the components. */
  of(name: string): NamedSchema;
}

/**
 * JSON Schemas (2020-12, the dialect of OpenAPI 3.1) of the contract's schemas. Rules that a JSON Schema cannot express, such as
 * totals that add up, are left out: the service checks them nevertheless.
 *
 * @param io what is sent before it is parsed, or what parsing makes of it
 */
export function jsonSchemasOf(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): JsonSchemas {
  // Within one object, zod collects every schema with an id among $defs, once.
  const whole = z.toJSONSchema(z.object({ ...schemas }), { io, override: describeChoice });
  const { $defs, properties = {}, required = [] } = asComponents(whole);
  return {
    components: $defs ?? {},
    of(name) {
      const schema = properties[name];
      if (!schema) throw new Error(`There is no schema ${name}.`);
      return { schema, isRequired: required.includes(name) };
    },
  };
}

/** One set of components out of two. */
export function mergeComponents(
  first: JsonSchemas['components'],
  second: JsonSchemas['components'],
): Record<string, JsonSchema> {
  for (const [id, schema] of Object.entries(second)) {
    if (first[id] && JSON.stringify(first[id]) !== JSON.stringify(schema)) {
      throw new Error(
        `The schema ${id} is another one when it is sent than when it is answered with. Give them two ids.`,
      );
    }
  }
  return { ...first, ...second };
}

interface WholeSchema {
  readonly $defs?: Record<string, JsonSchema>;
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: readonly string[];
}

function asComponents(schema: object): WholeSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as WholeSchema;
}

/** Names the field that tells the members of a union apart, so that generated clients and the page of documentation know it. */
function describeChoice({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: object }): void {
  if (!(zodSchema instanceof z.ZodDiscriminatedUnion)) return;
  const { discriminator, options } = zodSchema.def;
  const members = options.map(option => {
    const { shape } = option as z.ZodObject;
    const value = (shape[discriminator] as z.ZodLiteral).value;
    return [value, `#/$defs/${(option as z.ZodObject).meta()?.id}`];
  });
  Object.assign(jsonSchema, { discriminator: { propertyName: discriminator, mapping: Object.fromEntries(members) } });
}
