import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import * as contract from './index.ts';

// ../fixtures holds what anybody who speaks with the service may test themselves against: documents that match the contract
// (valid), documents that do not, with where and why (invalid), and texts that are no JSON (malformed).
const FOLDER = path.join(__dirname, '..', 'fixtures');

export interface Fixture {
  /** Id of the schema, as in the OpenAPI document. */
  readonly schema: string;
  readonly name: string;
  readonly value: unknown;
}

export interface InvalidFixture extends Fixture {
  readonly reason: string;
  /** Where, as in FieldProblem. */
  readonly path: string;
  /** False where only the rules in words refuse it, which a JSON Schema cannot express. */
  readonly jsonSchemaRefuses: boolean;
}

export function validFixtures(): Fixture[] {
  return documentsOf('valid').map(({ schema, name, document }) => ({ schema, name, value: document }));
}

export function invalidFixtures(): InvalidFixture[] {
  return documentsOf('invalid').map(({ schema, name, document }) => {
    return { schema, name, ...(document as Omit<InvalidFixture, 'schema' | 'name'>) };
  });
}

/** Texts by name. */
export function malformedFixtures(): [string, string][] {
  return readdirSync(path.join(FOLDER, 'malformed')).map(file => {
    return [path.parse(file).name, readFileSync(path.join(FOLDER, 'malformed', file), 'utf8')];
  });
}

/** The schema of the contract that has this id. */
export function schemaOf(id: string): z.ZodType {
  const schemas = [...Object.values(contract), ...Object.values(contract.ROUTES).flatMap(responsesOf)];
  const found = schemas.find(schema => schema instanceof z.ZodType && schema.meta()?.id === id);
  if (!found) throw new Error(`The contract has no schema ${id}.`);
  return found as z.ZodType;
}

export function responsesOf({ responses }: contract.Route): (z.ZodType | null)[] {
  return Object.values(responses);
}

/** Every place that is wrong, also those that the members of a union give. */
export function problemPaths(error: z.ZodError): string[] {
  return error.issues.flatMap(issue => pathsOf(issue, []));
}

function pathsOf(issue: z.core.$ZodIssue, parent: readonly PropertyKey[]): string[] {
  const path = [...parent, ...issue.path];
  const own = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().flatMap(one => pathsOf(one, path)) : [];
  return [own.replace(/^\./, '') || '(whole)', ...inner];
}

function documentsOf(kind: string): { schema: string; name: string; document: unknown }[] {
  const folder = path.join(FOLDER, kind);
  return readdirSync(folder).flatMap(schema =>
    readdirSync(path.join(folder, schema)).map(file => {
      const document: unknown = JSON.parse(readFileSync(path.join(folder, schema, file), 'utf8'));
      return { schema, name: path.parse(file).name, document };
    }),
  );
}
