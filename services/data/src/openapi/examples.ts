import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Where the package of the contract is. */
export const CONTRACT_FOLDER = path.dirname(createRequire(import.meta.url).resolve('@voxelwise/contract/package.json'));

export const CONTRACT_VERSION: string = readJson(path.join(CONTRACT_FOLDER, 'package.json')).version;

/** Examples of a schema by their names: the golden fixtures of the contract, which tests hold to the schema. */
export function examplesOf(schemaId: string): Record<string, unknown> {
  const folder = path.join(CONTRACT_FOLDER, 'fixtures', 'valid', schemaId);
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder).map(file => path.parse(file).name);
  return Object.fromEntries(names.sort().map(name => [name, readJson(path.join(folder, `${name}.json`))]));
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
