import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CONTRACT_FOLDER } from './examples.ts';

export interface Fixture {
  /** Id of the schema. */
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

/** Documents that match the contract. */
export function validFixtures(): Fixture[] {
  return filesOf('valid').map(({ schema, name, text }) => ({ schema, name, value: JSON.parse(text) }));
}

/** Documents that do not, with where and why. */
export function invalidFixtures(): InvalidFixture[] {
  return filesOf('invalid').map(({ schema, name, text }) => ({ schema, name, ...JSON.parse(text) }));
}

/** Texts that are no JSON, by name. */
export function malformedFixtures(): [string, string][] {
  const folder = path.join(CONTRACT_FOLDER, 'fixtures', 'malformed');
  return readdirSync(folder).map(file => [path.parse(file).name, readFileSync(path.join(folder, file), 'utf8')]);
}

function filesOf(kind: string): { schema: string; name: string; text: string }[] {
  const folder = path.join(CONTRACT_FOLDER, 'fixtures', kind);
  return readdirSync(folder).flatMap(schema =>
    readdirSync(path.join(folder, schema)).map(file => {
      return { schema, name: path.parse(file).name, text: readFileSync(path.join(folder, schema, file), 'utf8') };
    }),
  );
}
