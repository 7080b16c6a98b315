import { readdirSync } from 'node:fs';
import { COMPUTE_KERNELS } from './registered.ts';

test('every kernel folder has its kernel in the list of all', () => {
  const folders = readdirSync(__dirname, { withFileTypes: true }).filter(entry => entry.isDirectory());
  const names = folders.map(({ name }) => `compute.${name}`);
  expect(COMPUTE_KERNELS.map(({ name }) => name).sort()).toEqual(names.sort());
});
